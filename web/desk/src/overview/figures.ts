/** The figures as the service sends them, and which of them are asked for. */

import type { Api } from "../api";

export interface Share {
  readonly count: number;
  readonly of: number;
  readonly share: number | null;
}

export interface Spread {
  readonly count: number;
  readonly median_s: number | null;
  readonly p90_s: number | null;
}

export interface Figures {
  readonly conversations: number;
  readonly handoff_rate: Share;
  readonly by_assistant: Share;
  readonly by_person: Share;
  readonly unsolved: Share;
  readonly repeats: Readonly<Record<string, Share>>;
  readonly handoffs: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly first_reply: Spread;
  readonly in_time: Share;
  readonly resolution: Spread;
  readonly ratings: {
    readonly answered: Share;
    readonly average: number | null;
    readonly distribution: Readonly<Record<string, number>>;
  };
  readonly mood: {
    readonly count: number;
    readonly before: number | null;
    readonly after: number | null;
    readonly better: number;
    readonly same: number;
    readonly worse: number;
  };
}

/** The figures of one day, team or language. */
export interface Named {
  readonly name: string;
  readonly figures: Figures;
}

export interface Overview {
  readonly asked: { readonly first: string; readonly last: string };
  readonly now: {
    readonly waiting: number;
    readonly longest_s: number | null;
    readonly with_agents: number;
    readonly promised: number;
  };
  readonly total: Figures;
  readonly days: readonly Named[];
  readonly teams: readonly Named[];
  readonly languages: readonly Named[];
}

export interface Behind {
  readonly conversation_id: string;
  readonly at: string;
  readonly language: string;
  readonly team: string;
  readonly why: Readonly<Record<string, string | number>>;
}

/** Whole days of the shop, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** Which figures; an empty team or language stands for all of them. */
export interface Asked extends Days {
  readonly team: string;
  readonly language: string;
}

/** A figure whose conversations can be listed, or a part of one. */
export interface Wanted {
  readonly figure: string;
  readonly reason?: string;
  readonly score?: string;
}

export const PERIODS = [7, 30, 90] as const;
export const LONGEST_DAYS = 366;
export const NO_TEAM = "";

/** So many days, the last of them being this one. */
export function lastDays(count: number, today: string): Days {
  return { from: addDays(today, 1 - count), to: today };
}

/** How many days a period has; less than one when it ends before it begins. */
export function daysIn({ from, to }: Days): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}

/** The day now in the shop's part of the world, as far as this machine's clock tells. */
export function dayIn(moment: number, timeZone = "Europe/Amsterdam"): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(moment);
}

/** What is asked for, as an address carries it. */
export function parametersOf(asked: Asked, wanted?: Wanted): URLSearchParams {
  const given = Object.entries({ ...asked, ...wanted }).filter(([, value]) => value !== "");
  return new URLSearchParams(Object.fromEntries(given));
}

/** Where the same figures are had as a file. */
export function csvAddress(asked: Asked): string {
  return `/api/v1/desk/overview.csv?${parametersOf(asked)}`;
}

export const readOverview = (api: Api, asked: Asked): Promise<Overview> => api.getFigures(`?${parametersOf(asked)}`);

export const listBehind = (api: Api, asked: Asked, wanted: Wanted): Promise<{ items: readonly Behind[]; count: number }> =>
  api.getFigures(`/conversations?${parametersOf(asked, wanted)}`);

function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
}
