import { expect, test } from "vitest";
import { chooseLanguage, filledIn, initialOf, LANGUAGES, languageOf, withCount } from "../src/languages";
import { launcher, panel } from "../src/texts.json";

test("the language of a tag is its first part, in any case", () => {
  expect(languageOf("nl-BE")).toBe("nl");
  expect(languageOf("ZH-Hant-TW")).toBe("zh");
  expect(languageOf("de")).toBeNull();
});

test("the first language we speak wins, and English when there is none", () => {
  expect(chooseLanguage(null, "de", "fr-FR", "nl")).toBe("fr");
  expect(chooseLanguage(undefined, "", "de")).toBe("en");
});

test.each(Object.entries({ ...launcher, ...panel }))("%s is said in every language, with the same blanks", (_, text) => {
  expect(Object.keys(text).sort()).toEqual([...LANGUAGES].sort());
  const blanks = Object.values(text).map((sentence) => sentence.includes("{count}"));
  expect(new Set(blanks).size).toBe(1);
  expect(Object.values(text).every((sentence) => sentence.trim().length > 0)).toBe(true);
});

test("names that assistive tools and tests rely on stay as they are", () => {
  expect([launcher.chat, panel.message, panel.send, panel.close].map(({ nl, en }) => [nl, en])).toEqual([
    ["Chat", "Chat"],
    ["Bericht", "Message"],
    ["Versturen", "Send"],
    ["Sluiten", "Close"],
  ]);
});

test("a count is filled in", () => {
  expect(withCount("Nog {count} tekens", 12)).toBe("Nog 12 tekens");
});

test("what is filled into a sentence is never filled in again", () => {
  expect(filledIn("{name} · {name} {other}", { name: "{other}" })).toBe("{other} · {other} {other}");
});

test("the first letter of a name is a whole letter, however it is written", () => {
  expect(["sanne", " İris", "𝒮am", ""].map(initialOf)).toEqual(["S", "İ", "𝒮", ""]);
});
