/** The words of the overview, and how it writes numbers. They come along only when somebody looks at figures. */

import { type Facts, language, locale } from "../words";
import texts from "./texts.json";

export type Word = keyof typeof texts;

/** A sentence by its name, with its `{facts}` filled in. */
export function say(name: Word, facts: Facts = {}): string {
  return texts[name][language.value].replace(/\{(\w+)\}/g, (_, fact: string) => String(facts[fact] ?? ""));
}

/** Whether there are words under this name. */
export function hasWords(name: string): name is Word {
  return Object.hasOwn(texts, name);
}

/** "–" for what is not known. */
export const UNKNOWN = "–";

export function whole(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** "4.1" */
export function decimal(value: number | null): string {
  return value === null ? UNKNOWN : new Intl.NumberFormat(locale(), { maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(value);
}

/** "+0.32": how somebody feels, from -1 to 1. */
export function mood(value: number | null): string {
  const style = { maximumFractionDigits: 2, minimumFractionDigits: 2, signDisplay: "exceptZero" } as const;
  return value === null ? UNKNOWN : new Intl.NumberFormat(locale(), style).format(value);
}

/** "37%" */
export function percent(share: number | null): string {
  return share === null ? UNKNOWN : new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** "45 s", "3 min 20 s", "1 h 05 min", "2 d 3 h": how long something took. */
export function duration(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  const s = Math.round(seconds);
  if (s < 60) return say("seconds", { s });
  if (s < 3600) return s % 60 ? say("minutes_seconds", { min: Math.floor(s / 60), s: s % 60 }) : say("minutes", { min: s / 60 });
  const minutes = Math.round(s / 60);
  if (minutes < 24 * 60) return say("hours", { h: Math.floor(minutes / 60), min: String(minutes % 60).padStart(2, "0") });
  const hours = Math.round(minutes / 60);
  return say("days", { d: Math.floor(hours / 24), h: hours % 24 });
}

/** "Mon 2 Nov": a day of the shop, whatever the time zone of this machine. */
export function day(iso: string, style: "short" | "long" = "short"): string {
  const options: Intl.DateTimeFormatOptions = style === "short" ? { day: "numeric", month: "short" } : { weekday: "short", day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" }).format(Date.parse(iso));
}
