/** Products that a message shows, with what can be pressed on each. Pure: what a card looks like is `card_view.ts`. */

import { safeUrl } from "./marks";
import type { Button, Card, Message } from "./protocol";

/** A card with its own buttons. */
export interface CardRow {
  readonly card: Card;
  readonly buttons: readonly Button[];
}

/** The cards of a message. What can be pressed on them stays: somebody may look at one and choose another. */
export function cardsOf({ cards, buttons }: Message): readonly CardRow[] {
  return (cards ?? []).map((card, index) => ({ card, buttons: (buttons ?? []).filter((button) => button.card === index) }));
}

/** The text without its numbered lines, which the cards show. */
export function beyondCards(text: string): string {
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => !/^1\. /.test(paragraph))
    .join("\n\n");
}

/** Where a picture is; null when it is nowhere that a browser should look. */
export function pictureUrl(picture: string | null | undefined, api: string): string | null {
  if (!picture) return null;
  if (/^\/(?![/\\])/.test(picture)) return new URL(picture, api).href;
  return picture.startsWith("https:") ? safeUrl(picture) : null;
}

/** A price as the reader writes it; the bare number where the currency is none that the browser knows. */
export function priceOf({ minor, currency }: Card["price"], locale: string): string {
  try {
    return new Intl.NumberFormat(locale, { style: "currency", currency }).format(minor / 100);
  } catch {
    return (minor / 100).toFixed(2);
  }
}
