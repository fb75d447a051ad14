/** Who the shop says is logged in. */

import { slotOf, VISITOR_SLOT } from "./slots";

/** A customer token, a way to get a fresh one, or null when nobody is logged in. */
export type TokenSource = string | null | (() => string | null | Promise<string | null>);

/** The token right now; null when there is none or the shop could not give one. */
export async function currentToken(source: TokenSource): Promise<string | null> {
  try {
    return (typeof source === "function" ? await source() : source) || null;
  } catch {
    return null;
  }
}

/** Where the conversation of this customer is kept. */
export function slotFor(token: string | null): string {
  return token ? slotOf(token) : VISITOR_SLOT;
}
