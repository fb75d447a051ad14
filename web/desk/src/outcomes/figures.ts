/** What recommendations bring, as the service sends it. Amounts are minor units of `currency`. */

import type { Api } from "../api";
import type { Days } from "../overview/figures";

/** An estimate, and within what it lies in 95 of 100 cases; null where nothing can be said. */
export interface Interval {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Rate {
  readonly count: number;
  readonly of: number;
  readonly share: Interval;
}

export interface Group {
  readonly bought: Rate;
  readonly revenue: Interval;
}

/** People who were shown something unasked, against those from whom it was withheld. */
export interface Lift {
  readonly shown: Group;
  readonly held_out: Group;
  readonly difference: Interval;
  readonly ratio: Interval;
  readonly revenue: Interval;
}

/** Of a list, a segment or a mood; the empty name is that of none. */
export interface Part {
  readonly name: string;
  readonly shown: number;
  readonly clicks: Rate;
  readonly baskets: Rate;
  readonly dismissed: Rate;
  readonly purchases: Rate;
  readonly revenue_minor: number;
  readonly per_shown: Interval;
  readonly lift: Lift;
}

export interface Outcomes {
  readonly asked: { readonly first: string; readonly last: string };
  readonly currency: string;
  readonly settled: boolean;
  readonly total: Part;
  readonly lists: readonly Part[];
  readonly segments: readonly Part[];
  readonly moods: readonly Part[];
  readonly segment_names: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What the comparison with the hold-out says. */
export type Verdict = "nothing" | "more" | "less" | "open";

/** Only an interval that leaves out "no difference" says anything. */
export function verdictOn({ difference }: Lift): Verdict {
  if (difference.low === null || difference.high === null) return "nothing";
  if (difference.low > 0) return "more";
  return difference.high < 0 ? "less" : "open";
}

export const readOutcomes = (api: Api, days: Days): Promise<Outcomes> => api.getOutcomes(parametersOf(days));

/** Where the same figures are had as a file. */
export function csvAddress(days: Days): string {
  return `/api/v1/desk/recommendations.csv?${parametersOf(days)}`;
}

function parametersOf({ from, to }: Days): URLSearchParams {
  return new URLSearchParams({ from, to });
}
