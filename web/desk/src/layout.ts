/** Which of the open conversations stand side by side. Pure. */

/** Narrower than this, a conversation cannot be read comfortably. */
export const COLUMN_PX = 380;

/** How many conversations fit beside each other; always one. */
export function columnsIn(widthPx: number): number {
  return Math.max(1, Math.floor(widthPx / COLUMN_PX));
}

/** The conversations to show: all when they fit, else a run of neighbours with the active one in it. */
export function shown<T extends { readonly id: string }>(open: readonly T[], active: string | null, fit: number): readonly T[] {
  if (open.length <= fit) return open;
  const index = open.findIndex(({ id }) => id === active);
  const end = Math.max(fit, (index < 0 ? open.length - 1 : index) + 1);
  return open.slice(end - fit, end);
}
