/** The words about what recommendations bring, and how amounts, shares and intervals are written. */

import { UNKNOWN } from "../overview/words";
import { type Facts, language, locale, word } from "../words";
import type { Interval, Outcomes, Rate } from "./figures";
import texts from "./texts.json";

export type Word = keyof typeof texts;

/** A sentence by its name, with its `{facts}` filled in. */
export function say(name: Word, facts: Facts = {}): string {
  return texts[name][language.value].replace(/\{(\w+)\}/g, (_, fact: string) => String(facts[fact] ?? ""));
}

/** "€ 1.234": whole, because cents say nothing here. */
export function money(minor: number | null, currency: string): string {
  return written(minor, (value) => new Intl.NumberFormat(locale(), { style: "currency", currency, maximumFractionDigits: 0 }).format(value / 100));
}

/** "€ 12,34": of one product, or one person. */
export function exactMoney(minor: number | null, currency: string, signDisplay: "auto" | "exceptZero" = "auto"): string {
  return written(minor, (value) => new Intl.NumberFormat(locale(), { style: "currency", currency, signDisplay }).format(value / 100));
}

/** "6.1%" */
export function share(value: number | null): string {
  return written(value, (known) => new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 1 }).format(known));
}

/** "+1.3": in percentage points. */
export function points(value: number | null): string {
  return written(value, (known) => new Intl.NumberFormat(locale(), { maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(known * 100));
}

/** "1.42 ×" */
export function times(value: number | null): string {
  return written(value, (known) => `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(known)} ×`);
}

/** "5.2%–7.1%"; with signs "−0.4 to +1.2"; empty where nothing can be said. */
export function within({ low, high }: Interval, write: (value: number) => string, name: "within" | "between" = "within"): string {
  return low === null || high === null ? "" : say(name, { low: write(low), high: write(high) });
}

/** "312 of 5,120 · 5.5%–6.8%" */
export function rateDetail({ count, of, share: found }: Rate): string {
  const number = new Intl.NumberFormat(locale());
  const counted = say("of", { count: number.format(count), of: number.format(of) });
  const between = within(found, share);
  return between ? `${counted} · ${between}` : counted;
}

export function listName(name: string): string {
  return Object.hasOwn(texts, `list_${name}`) ? say(`list_${name}` as Word) : name;
}

export function moodName(name: string): string {
  return name ? word("emotions", name) : say("no_mood");
}

/** The segment's name in the shop, in the language of the desk. */
export function segmentName(name: string, { segment_names }: Outcomes): string {
  const names = segment_names[name];
  return name ? (names?.[language.value] ?? names?.en ?? name) : say("no_segment");
}

function written(value: number | null, write: (value: number) => string): string {
  return value === null ? UNKNOWN : write(value);
}
