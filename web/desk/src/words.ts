/** The desk's own words. They stand in `texts.json`, Dutch beside English; this file picks the language. */

import { signal } from "@preact/signals";
import texts from "./texts.json";

export const LANGUAGES = ["nl", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export type Facts = Readonly<Record<string, string | number>>;

type Sections = Readonly<Record<string, Readonly<Record<string, Readonly<Record<Language, string>>>>>>;
const SECTIONS: Sections = texts;

/** The language that the desk speaks now. */
export const language = signal<Language>("en");

/** A BCP 47 tag of how the agent writes dates and numbers. */
export function locale(): string {
  const own = typeof navigator === "undefined" ? [] : navigator.languages;
  return own.find((tag) => tag.toLowerCase().split("-")[0] === language.value) ?? language.value;
}

/** The first of the tags that the desk speaks, else English. */
export function chooseLanguage(...tags: readonly (string | null | undefined)[]): Language {
  for (const tag of tags) {
    const primary = tag?.trim().toLowerCase().split("-")[0];
    const spoken = LANGUAGES.find((each) => each === primary);
    if (spoken) return spoken;
  }
  return "en";
}

/** Whether there are words under this name. */
export function known(key: string): boolean {
  return textAt(key) !== undefined;
}

/** A sentence by its name ("queue.title"), with its `{facts}` filled in. */
export function t(key: string, facts: Facts = {}): string {
  const text = textAt(key)?.[language.value] ?? textAt("errors.unknown")?.[language.value] ?? "";
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ""));
}

/** A sentence with a number in it: "…_one" for one, "…_many" for all others. */
export function counted(key: string, count: number, facts: Facts = {}): string {
  return t(`${key}_${count === 1 ? "one" : "many"}`, { ...facts, count });
}

/** The word for a code of the service; the code itself, readable, when there is none. */
export function word(section: string, code: string): string {
  return known(`${section}.${code}`) ? t(`${section}.${code}`) : code.replaceAll("_", " ");
}

function textAt(key: string): Readonly<Record<Language, string>> | undefined {
  const dot = key.indexOf(".");
  const section = SECTIONS[key.slice(0, dot)];
  const name = key.slice(dot + 1);
  return section && Object.hasOwn(section, name) ? section[name] : undefined;
}
