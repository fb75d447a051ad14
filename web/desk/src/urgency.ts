/** Who comes first, and why, in words that an agent reads at a glance. */

import type { Because, QueueItem } from "./protocol";
import { type Facts, known, t } from "./words";

/** Offers to this agent first, then as the service sorted them: the most points, then the longest wait. */
export function urgentFirst(items: readonly QueueItem[], agentId: number): readonly QueueItem[] {
  const isForMe = (item: QueueItem) => Number(item.state === "offered" && item.offered_to === agentId);
  return [...items].sort(
    (one, other) =>
      isForMe(other) - isForMe(one) ||
      other.points - one.points ||
      Date.parse(one.waiting_since) - Date.parse(other.waiting_since),
  );
}

/** Why a customer is urgent, one short phrase each, heaviest first; what has no words is left out. */
export function whyInWords(why: readonly Because[]): readonly string[] {
  return [...why]
    .sort((one, other) => other.points - one.points)
    .map(phraseOf)
    .filter((phrase) => phrase !== null);
}

function phraseOf({ code, facts }: Because): string | null {
  const detail = facts.mood ?? facts.band ?? facts.reason;
  const key = typeof detail === "string" ? `why.${code}_${detail}` : `why.${code}`;
  if (code === "reason" && typeof detail === "string") return known(`reasons.${detail}`) ? t(`reasons.${detail}`) : null;
  return known(key) ? t(key, wordsOf(facts)) : null;
}

function wordsOf(facts: Readonly<Record<string, unknown>>): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]));
}
