/** How long to wait before trying again: longer each time, and not all browsers at once. */

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * The pause before the next try.
 *
 * @param failures How many tries have failed in a row; 1 after the first.
 * @param longestMs Never wait longer than this.
 * @param random A number in [0, 1): half of the pause is left to chance.
 */
export function pauseAfter(failures: number, longestMs = LONGEST_MS, random = Math.random()): number {
  const full = Math.min(longestMs, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(full * (0.5 + random / 2));
}
