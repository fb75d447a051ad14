/** What the scripts of the demo shop's pages share: their language, their texts, and how they find and make things. */

import texts from "./texts.json";

export type Language = "nl" | "en";
export type TextName = keyof typeof texts;
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>;

/** What somebody chose holds for the other pages of this tab, too. */
const CHOSEN = "duin-en-dal-language";

export const language: Language = chooseLanguage();

/** A text in the language of the page, with what is filled in. */
export function say(name: TextName, facts: Readonly<Record<string, string>> = {}): string {
  return Object.entries(facts).reduce((text, [fact, value]) => text.replace(`{${fact}}`, () => value), texts[name][language]);
}

/** Put the page into its language. */
export function fillTexts(): void {
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]")) {
    place.textContent = say(place.dataset.text as TextName);
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-label]")) {
    place.setAttribute("aria-label", say(place.dataset.label as TextName));
  }
  find(`.languages [lang=${language}]`).setAttribute("aria-current", "true");
}

/** A price as the reader writes it. */
export function priceOf(minor: number, currency: string): string {
  return (minor / 100).toLocaleString(language === "nl" ? "nl-NL" : "en-IE", { style: "currency", currency });
}

/** What the service answers; null where it does not, or does not have it. */
export async function read<Answer>(address: string): Promise<Answer | null> {
  try {
    const response = await fetch(address);
    return response.ok ? ((await response.json()) as Answer) : null;
  } catch {
    return null;
  }
}

export function pictureOf(sku: string): string {
  return `/api/v1/products/${encodeURIComponent(sku)}/picture.svg`;
}

export function pageOf(sku: string): string {
  return `/products/${encodeURIComponent(sku)}`;
}

/** What the page has for sure. */
export function find<Kind extends HTMLElement = HTMLElement>(selector: string): Kind {
  return document.querySelector(selector) as Kind;
}

/** An element with its attributes, listeners and children; texts are never read as HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (typeof value === "boolean") made.toggleAttribute(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Use the widget, as soon as it is there. */
export function withWidget(use: (widget: NonNullable<Window["Balie"]>) => void): void {
  if (window.Balie) use(window.Balie);
  else document.addEventListener("balie:ready", () => window.Balie && use(window.Balie), { once: true });
}

function chooseLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked) sessionStorage.setItem(CHOSEN, asked);
  const wanted = asked ?? sessionStorage.getItem(CHOSEN) ?? navigator.language;
  return wanted.toLowerCase().startsWith("nl") ? "nl" : "en";
}
