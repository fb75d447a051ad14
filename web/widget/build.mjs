/**
 * Builds what browsers get into the service's static folder, and refuses a widget that has grown too big.
 *
 *   widget/widget.js           the loader, a classic script that every page loads
 *   widget/widget-<hash>.js    the panel, fetched by the loader when it is needed
 *   demo/                      the pages of the demo shop
 *   pages/                     the style of the small pages that the service draws itself
 *   docs/                      Swagger UI, which shows the description of the API
 *
 * The desk beside them is built by `web/desk`.
 */

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUTPUT = join(HERE, "../../balie/gateway/static");
/** Bytes after gzip. */
const LOADER_LIMIT = 5_000;
const WIDGET_LIMIT = 40_000;

const panel = await bundle("src/panel.ts", "BaliePanel");
const panelFile = `widget-${createHash("sha256").update(panel).digest("hex").slice(0, 10)}.js`;
const loader = await bundle("src/loader.ts", "BalieLoader", { PANEL_FILE: JSON.stringify(panelFile) });
const shop = await bundle("../demo/shop.ts", "DuinEnDal");
checkSizes(loader, panel);

for (const folder of ["widget", "demo", "docs", "pages"]) {
  rmSync(join(OUTPUT, folder), { recursive: true, force: true });
  mkdirSync(join(OUTPUT, folder), { recursive: true });
}
writeFileSync(join(OUTPUT, "widget", panelFile), panel);
writeFileSync(join(OUTPUT, "widget/widget.js"), loader);
writeFileSync(join(OUTPUT, "demo/shop.js"), shop);
for (const name of ["index.html", "product.html"]) writeFileSync(join(OUTPUT, "demo", name), compose(name));
for (const name of ["shop.css", "basket.css", "shelf.css", "product.css", "pictures"]) copy(join("../demo", name), "demo");
copy("../pages/page.css", "pages");
for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"]) copy(join("node_modules/swagger-ui-dist", name), "docs");

/** One source file with all it imports, as one classic script; what it exports ends up in the global `name`. */
async function bundle(entry, name, define = {}) {
  const lib = { entry: join(HERE, entry), formats: ["iife"], name, fileName: "bundle" };
  const result = await build({
    configFile: false,
    root: HERE,
    logLevel: "error",
    define,
    build: { write: false, target: "es2022", minify: true, lib, copyPublicDir: false },
  });
  const [{ output }] = [result].flat();
  return output[0].code;
}

/** A page of the demo shop: `<!-- header.html -->` stands for what its pages share. */
function compose(name) {
  const page = readFileSync(join(HERE, "../demo", name), "utf8");
  return page.replace(/^<!-- (\w+\.html) -->\n/gm, (_, part) => readFileSync(join(HERE, "../demo", part), "utf8"));
}

function copy(from, folder) {
  cpSync(join(HERE, from), join(OUTPUT, folder, basename(from)), { recursive: true });
}

function checkSizes(loaderCode, panelCode) {
  const loaderSize = gzipSync(loaderCode, { level: 9 }).length;
  const widgetSize = loaderSize + gzipSync(panelCode, { level: 9 }).length;
  console.log(`widget.js ${kilobytes(loaderSize)}, whole widget ${kilobytes(widgetSize)} (gzip)`);
  if (loaderSize >= LOADER_LIMIT) fail(`The loader must stay under ${kilobytes(LOADER_LIMIT)}.`);
  if (widgetSize >= WIDGET_LIMIT) fail(`The widget must stay under ${kilobytes(WIDGET_LIMIT)}.`);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
