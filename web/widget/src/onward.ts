/** Going on with the conversation elsewhere, and coming back from there by a link. */

import { type Api, RefusedError } from "./api";
import type { Session } from "./slots";

/** What a link that leads back ends in; the loader knows it too. */
const FRAGMENT = "#balie=";

/** Why a link led nowhere, in the words of `texts.json` (`link_…`). */
export type LinkProblem = "invalid" | "later";

/** The code in the address of this page; null when there is none. */
export function codeIn(fragment: string): string | null {
  return fragment.startsWith(FRAGMENT) ? fragment.slice(FRAGMENT.length) : null;
}

/** The conversation that a code opens, or why it opens none. A code works once. */
export async function claim(api: Api, code: string): Promise<Session | LinkProblem> {
  try {
    const { id, token } = await api.claim(code);
    return { id, token };
  } catch (error) {
    const isNone = error instanceof RefusedError && error.status !== 429;
    return isNone ? "invalid" : "later";
  }
}

/** What a QR code is drawn of; null when there is no such drawing in it. */
export interface Drawing {
  readonly viewBox: string;
  readonly path: string;
}

/**
 * The one path of a QR code. It is drawn anew here: markup from elsewhere is never put into the page, and a strict
 * page shows no pictures but its own.
 */
export function drawingIn(svg: string): Drawing | null {
  const viewBox = /viewBox="([\d .]+)"/.exec(svg)?.[1];
  const path = /\bd="([\dMmLlHhVvZz .,-]+)"/.exec(svg)?.[1];
  return viewBox && path ? { viewBox, path } : null;
}
