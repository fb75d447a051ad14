/** The languages of the widget's own words, and how one is chosen. What the words are stands in `texts.json`. */

export const LANGUAGES = ["nl", "en", "fr", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** One sentence in every language. */
export type Text = Readonly<Record<Language, string>>;

/** The language of a BCP 47 tag ("nl-BE" → "nl") when the widget speaks it, else null. */
export function languageOf(tag: string | null | undefined): Language | null {
  const primary = tag?.trim().toLowerCase().split("-")[0];
  return LANGUAGES.find((language) => language === primary) ?? null;
}

/** The first tag whose language the widget speaks; English when there is none. */
export function chooseLanguage(...tags: (string | null | undefined)[]): Language {
  for (const tag of tags) {
    const language = languageOf(tag);
    if (language) return language;
  }
  return "en";
}

/** The first letter of a name, for a small round mark. */
export function initialOf(name: string): string {
  return ([...name.trim()][0] ?? "").toLocaleUpperCase();
}

/** A sentence with its `{names}` filled in; text only, so what is filled in is never read as anything else. */
export function filledIn(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A sentence with its `{count}` filled in. */
export function withCount(text: string, count: number): string {
  return text.replace("{count}", String(count));
}
