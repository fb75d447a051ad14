import { expect, test } from "vitest";
import { contrast, paletteOf, parseHex } from "../src/colours";

type Rgb = readonly [number, number, number];
const rgb = (hex: string) => parseHex(hex) as Rgb;

test.each(["#0b6b5e", "#ffd400", "#ff6a00", "#777777", "#000", "#fff", "#e4002b", "#00a3e0", "#757575"])(
  "whatever colour a shop has (%s), text keeps a contrast of 4.5",
  (colour) => {
    const palette = paletteOf(colour);

    expect(contrast(rgb(palette?.accent ?? ""), rgb(palette?.onAccent ?? ""))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(rgb("#f1efea"), rgb(palette?.accentOnLight ?? ""))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(rgb("#2a3134"), rgb(palette?.accentOnDark ?? ""))).toBeGreaterThanOrEqual(4.5);
  },
);

test("what is no colour is no palette", () => {
  for (const written of ["", "red", "#12", "rgb(1,2,3)", "#gggggg"]) expect(paletteOf(written)).toBeNull();
});
