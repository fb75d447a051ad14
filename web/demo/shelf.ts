/** The goods of the demo shop: search, look at one, and the switch for tips. Only the demo service has any. */

import type { Signals } from "./signals";
import texts from "./texts.json";

type Language = "nl" | "en";
type TextName = keyof typeof texts;

interface Hit {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly price_minor: number;
  readonly currency: string;
}

interface Product extends Hit {
  readonly description: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** `#product/DD-10042`, and behind it the key of the recommendation that led there. */
const PRODUCT = /^#product\/([^/]+)(?:\/([0-9a-f]{32}))?$/;

/** Shows the shelf, if there is something on it. */
export async function offerShelf(language: Language, signals: Signals): Promise<void> {
  const shelf = new Shelf(language, signals);
  if ((await shelf.find(say(language, "shelf_example"))) === null) return;
  shelf.show();
}

class Shelf {
  private readonly root = find(".shelf");
  private readonly results = find<HTMLUListElement>(".shelf .results");
  private readonly news = find(".shelf .found");
  private readonly dialog = find<HTMLDialogElement>("dialog.product");

  constructor(
    private readonly language: Language,
    private readonly signals: Signals,
  ) {}

  show(): void {
    this.root.hidden = false;
    const form = find<HTMLFormElement>(".shelf form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = String(new FormData(form).get("query") ?? "").trim();
      if (words) void this.search(words, true);
    });
    for (const tile of document.querySelectorAll<HTMLElement>(".goods li")) this.offerTile(tile);
    this.dialog.addEventListener("close", () => {
      if (PRODUCT.test(location.hash)) history.replaceState(null, "", `${location.pathname}${location.search}`);
    });
    find(".product .close").addEventListener("click", () => this.dialog.close());
    addEventListener("hashchange", () => void this.follow());
    this.offerSwitch();
    void this.follow();
  }

  async find(words: string): Promise<readonly Hit[] | null> {
    return read(`/demo/products?${new URLSearchParams({ query: words, language: this.language })}`);
  }

  private async search(words: string, isAsked: boolean): Promise<void> {
    if (isAsked) this.signals.note({ kind: "search", words });
    const hits = (await this.find(words)) ?? [];
    this.results.replaceChildren(...hits.map((hit) => this.card(hit)));
    this.news.textContent = say(this.language, hits.length ? "shelf_found" : "shelf_nothing").replace("{count}", String(hits.length));
    if (!isAsked) this.root.scrollIntoView();
  }

  /** Tiles are kinds of goods: they lead to the shelf. */
  private offerTile(tile: HTMLElement): void {
    const heading = tile.querySelector("h3") as HTMLElement;
    const words = heading.textContent ?? "";
    const button = make("button", { type: "button", class: "look" }, say(this.language, "shelf_look"));
    button.setAttribute("aria-label", `${say(this.language, "shelf_look")}: ${words}`);
    button.addEventListener("click", () => void this.search(words, false));
    tile.append(button);
  }

  private card(hit: Hit): HTMLElement {
    const link = make("a", { href: `#product/${encodeURIComponent(hit.sku)}` }, hit.name);
    const words = make("div", {}, make("strong", {}, link), make("span", {}, hit.category), make("span", { class: "price" }, this.price(hit)));
    return make("li", {}, picture(hit.sku), words);
  }

  private async follow(): Promise<void> {
    const [, sku, exposure] = PRODUCT.exec(location.hash) ?? [];
    if (!sku) return;
    const product = await read<Product>(`/demo/products/${sku}?language=${this.language}`);
    if (!product) return;
    this.signals.note({ kind: "view", sku: product.sku, ...(exposure ? { exposure } : {}) });
    find<HTMLImageElement>(".product img").src = pictureOf(product.sku);
    find(".product h2").textContent = product.name;
    find(".product .price").textContent = this.price(product);
    find(".product .about").textContent = product.description;
    const facts = Object.entries(product.facts).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)));
    find(".product dl").replaceChildren(...facts);
    if (!this.dialog.open) this.dialog.showModal();
  }

  private offerSwitch(): void {
    const field = find<HTMLInputElement>(".tips input");
    const note = find(".tips .note");
    field.checked = this.signals.isAgreed;
    field.addEventListener("change", () => {
      this.signals.agree(field.checked);
      note.textContent = "";
    });
    this.signals.onHeard((isWanted) => {
      note.textContent = isWanted ? "" : say(this.language, "tips_refused");
    });
  }

  private price({ price_minor, currency }: Hit): string {
    return (price_minor / 100).toLocaleString(this.language === "nl" ? "nl-NL" : "en-IE", { style: "currency", currency });
  }
}

function picture(sku: string): HTMLElement {
  return make("img", { src: pictureOf(sku), alt: "", width: "88", height: "66", loading: "lazy" });
}

function pictureOf(sku: string): string {
  return `/api/v1/products/${encodeURIComponent(sku)}/picture.svg`;
}

async function read<Answer>(address: string): Promise<Answer | null> {
  try {
    const response = await fetch(address);
    return response.ok ? ((await response.json()) as Answer) : null;
  } catch {
    return null;
  }
}

function say(language: Language, name: TextName): string {
  return texts[name][language];
}

function find<Kind extends HTMLElement = HTMLElement>(selector: string): Kind {
  return document.querySelector(selector) as Kind;
}

function make(tag: string, attributes: Readonly<Record<string, string>>, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
