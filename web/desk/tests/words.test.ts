import { expect, test } from "vitest";
import texts from "../src/texts.json";
import { chooseLanguage, counted, known, language, t, word } from "../src/words";

const SOURCES = import.meta.glob<string>("../src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

test("every sentence is there in Dutch and in English, with the same facts", () => {
  const odd = Object.entries(texts).flatMap(([section, sentences]) =>
    Object.entries(sentences as Record<string, { nl: string; en: string }>)
      .filter(([, { nl, en }]) => !nl?.trim() || !en?.trim() || factsIn(nl) !== factsIn(en))
      .map(([name]) => `${section}.${name}`),
  );

  expect(odd).toEqual([]);
});

test("every sentence that the desk asks for by its whole name is there", () => {
  const asked = Object.values(SOURCES).flatMap((code) =>
    [...code.matchAll(/\bt\("([a-z_]+\.[a-z_]+)"/g)].map((match) => match[1] as string),
  );

  expect(asked.length).toBeGreaterThan(100);
  expect(asked.filter((key) => !known(key))).toEqual([]);
});

test("facts are filled in, and counts choose their sentence", () => {
  language.value = "en";

  expect(counted("queue.count", 1)).toBe("1 customer is waiting");
  expect(counted("queue.count", 3)).toBe("3 customers are waiting");
});

test("a code without words is shown readable, a sentence without words is a general one", () => {
  language.value = "en";

  expect(word("codes", "gone_fishing")).toBe("gone fishing");
  expect(t("errors.never_heard_of")).toBe(t("errors.unknown"));
  expect(t("errors.constructor")).toBe(t("errors.unknown"));
});

test("the browser's language is chosen when the desk speaks it", () => {
  expect([chooseLanguage(null, "nl-BE"), chooseLanguage("fr", "de"), chooseLanguage("en", "nl")]).toEqual(["nl", "en", "en"]);
});

function factsIn(sentence: string): string {
  return (sentence.match(/\{\w+\}/g) ?? []).sort().join();
}
