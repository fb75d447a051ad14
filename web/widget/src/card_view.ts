/** Product cards on the screen: side by side where there is room, under each other on a phone. */

import { type CardRow, pictureUrl, priceOf } from "./cards";
import { element } from "./dom";
import type { Language } from "./languages";
import { buttonUrl } from "./marks";
import type { Button, Card } from "./protocol";
import { panel as texts } from "./texts.json";
import { localeFor } from "./times";

/** What makes the parts of a card that can be pressed. */
export interface CardMakers {
  /** A button of a card. */
  choice(button: Button, card: Card): readonly HTMLElement[];
  /** The way to the product's page. */
  link(url: string, card: Card): HTMLElement;
}

/** The list of cards, as it is shown for good: a message's cards do not change. */
export function cardList(rows: readonly CardRow[], language: Language, api: string, make: CardMakers): HTMLElement {
  const items = rows.map((row) => cardItem(row, language, api, make));
  return element("ul", { class: "cards", "aria-label": texts.cards[language], lang: language }, ...items);
}

function cardItem({ card, buttons }: CardRow, language: Language, api: string, make: CardMakers): HTMLElement {
  const page = card.url ? buttonUrl(card.url, api) : null;
  const words = element(
    "div",
    { class: "card-words" },
    element("p", { class: "card-name" }, page ? make.link(page, card) : card.name),
    element("p", { class: "card-price" }, priceOf(card.price, localeFor(language))),
    element("p", { class: "card-reason" }, card.reason),
  );
  const choices = element("div", { class: "card-choices" }, ...buttons.flatMap((button) => make.choice(button, card)));
  return element("li", { class: "card" }, ...picture(card.picture, card.name, api), words, choices);
}

function picture(address: string | null | undefined, name: string, api: string): HTMLElement[] {
  const src = pictureUrl(address, api);
  if (!src) return [];
  const image = element("img", { class: "card-picture", src, alt: name, width: "320", height: "240", loading: "lazy" });
  // Gone, or forbidden by the page's policy: the words say it all.
  image.addEventListener("error", () => image.remove());
  return [image];
}
