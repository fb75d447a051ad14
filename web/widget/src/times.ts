/** Dates and times as the reader writes them, in the language of the conversation. */

import type { Language } from "./languages";

/** The reader's own variety of a language ("en" → "en-GB"), else the language itself. */
export function localeFor(language: Language, preferred: readonly string[] = navigator.languages): string {
  return preferred.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

/** "14:03", or "2:03 PM" for readers whose own locale counts to twelve. */
export function timeOf(date: Date, locale: string): string {
  const { hourCycle } = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions();
  return format(date, locale, { hour: "numeric", minute: "2-digit", ...(hourCycle ? { hourCycle } : {}) });
}

/** "Today", "Yesterday", or the day in full. */
export function dayOf(date: Date, locale: string, now: Date): string {
  const days = Math.round((startOfDay(date) - startOfDay(now)) / 86_400_000);
  if (days === 0 || days === -1) {
    return capitalised(new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day"), locale);
  }
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return capitalised(format(date, locale, { weekday: "long", day: "numeric", month: "long", ...year }), locale);
}

function startOfDay(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

function format(date: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(locale, options).format(date);
}

function capitalised(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
