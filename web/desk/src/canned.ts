/** Canned replies: what stands after a `/` is looked for, best first. Pure. */

import type { Canned } from "./protocol";

/** Where in a text somebody is calling for a canned reply. */
export interface Call {
  readonly start: number;
  readonly end: number;
  readonly query: string;
}

const MOST = 8;

/** The call at the caret: a slash at the beginning of a word, and what was typed behind it. */
export function callAt(text: string, caret: number): Call | null {
  const found = /(?:^|\s)\/([^\s/]*)$/.exec(text.slice(0, caret));
  if (!found) return null;
  const query = found[1] ?? "";
  return { start: caret - query.length - 1, end: caret, query };
}

/** A text with the call replaced by the reply, and where the caret goes. */
export function fillIn(text: string, call: Call, reply: string): { readonly text: string; readonly caret: number } {
  return { text: text.slice(0, call.start) + reply + text.slice(call.end), caret: call.start + reply.length };
}

/** The replies that fit, best first: by shortcut, then title, then what they say. */
export function findCanned(items: readonly Canned[], query: string): readonly Canned[] {
  const wanted = plain(query);
  const ranked = items.map((item, index) => ({ item, index, rank: rankOf(item, wanted) }));
  return ranked
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((one, other) => one.rank - other.rank || one.index - other.index)
    .slice(0, MOST)
    .map(({ item }) => item);
}

function rankOf({ shortcut, title, text }: Canned, wanted: string): number {
  const code = plain(shortcut);
  const words = plain(title);
  if (code === wanted) return 0;
  if (code.startsWith(wanted)) return 1;
  if (words.split(/\s+/).some((word) => word.startsWith(wanted))) return 2;
  if (code.includes(wanted) || words.includes(wanted)) return 3;
  return plain(text).includes(wanted) ? 4 : Number.POSITIVE_INFINITY;
}

/** Small letters without accents: "crème" is found by "creme". */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
