import { defineConfig } from "vitest/config";

/** Into the service's static folder; names of files that never change end in a hash that `pages.py` knows. */
export default defineConfig({
  base: "/desk/",
  logLevel: "warn",
  build: {
    outDir: "../../balie/gateway/static/desk",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        hashCharacters: "hex",
        entryFileNames: "assets/[name]-[hash:10].js",
        chunkFileNames: "assets/[name]-[hash:10].js",
        assetFileNames: "assets/[name]-[hash:10][extname]",
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"], restoreMocks: true },
});
