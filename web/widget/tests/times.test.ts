import { expect, test } from "vitest";
import { dayOf, localeFor, timeOf } from "../src/times";

const now = new Date(2025, 4, 2, 0, 30);

test("the reader's own variety of the language is used", () => {
  expect(localeFor("en", ["nl-NL", "en-GB"])).toBe("en-GB");
  expect(localeFor("fr", ["nl-NL"])).toBe("fr");
});

test("today and yesterday are called so, just after midnight too", () => {
  expect(dayOf(new Date(2025, 4, 2, 0, 1), "nl", now)).toBe("Vandaag");
  expect(dayOf(new Date(2025, 4, 1, 23, 59), "en", now)).toBe("Yesterday");
});

test("other days are written out, with the year when it is another one", () => {
  expect(dayOf(new Date(2025, 3, 28), "nl", now)).toBe("Maandag 28 april");
  expect(dayOf(new Date(2024, 11, 31), "nl", now)).toBe("Dinsdag 31 december 2024");
});

test("a time that cannot be read is left out", () => {
  expect(timeOf(new Date("nonsense"), "nl")).toBe("");
});
