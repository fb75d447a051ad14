/** Times, days, amounts and languages as the agent writes them. */

import type { Money } from "./protocol";
import { language, locale, t } from "./words";

/** "0:42", "12:05", "1:03:20": a clock that counts; never less than nothing. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(m).padStart(h ? 2 : 1, "0")}:${String(s).padStart(2, "0")}`;
  return h ? `${h}:${tail}` : tail;
}

/** "just now", "12 min", "3 h 05", "2 days": how long something has lasted. */
export function lasting(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 1) return t("times.moment");
  if (minutes < 60) return t("times.minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t("times.hours", { hours, minutes: String(minutes % 60).padStart(2, "0") });
  return t("times.days", { count: Math.floor(hours / 24) });
}

/** "14:03". */
export function timeOf(at: string | Date): string {
  return format(at, { hour: "2-digit", minute: "2-digit" });
}

/** "Today", "Yesterday", or the day in full. */
export function dayOf(at: Date, today: Date): string {
  const days = Math.round((startOfDay(at) - startOfDay(today)) / 86_400_000);
  const year = at.getFullYear() === today.getFullYear() ? {} : { year: "numeric" as const };
  const text =
    Math.abs(days) <= 1
      ? new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(days, "day")
      : format(at, { weekday: "long", day: "numeric", month: "long", ...year });
  return text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);
}

/** "14:03" for today, else "Tue 3 Dec 14:03". */
export function momentOf(at: string, today: Date): string {
  const isToday = startOfDay(new Date(at)) === startOfDay(today);
  return isToday ? timeOf(at) : format(at, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/** "3 December 2024". */
export function dateOf(at: string): string {
  return format(at, { day: "numeric", month: "short", year: "numeric" });
}

/** An amount in its currency; words of the service as they are. */
export function amount(value: Money | string): string {
  if (typeof value === "string") return value;
  const style = new Intl.NumberFormat(locale(), { style: "currency", currency: value.currency });
  const digits = style.resolvedOptions().maximumFractionDigits ?? 2;
  return style.format(value.minor_units / 10 ** digits);
}

/** "Dutch" for "nl", in the desk's language. */
export function languageName(code: string | null): string {
  if (!code) return "";
  try {
    return new Intl.DisplayNames([language.value], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** A moment as a `datetime-local` field wants it. */
export function fieldValue(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function startOfDay(at: Date): number {
  return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
}

function format(at: string | Date, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(locale(), options).format(date);
}
