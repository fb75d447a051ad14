/** The goods of the demo shop: search and departments; each leads to its page. Only the demo service has any. */

import { find, h, language, pageOf, pictureOf, priceOf, read, say } from "./page";
import type { Signals } from "./signals";

interface Hit {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly price_minor: number;
  readonly currency: string;
}

/** Shows the shelf, if there is something on it. */
export async function offerShelf(signals: Signals): Promise<void> {
  if ((await findGoods(say("shelf_example"))) !== null) new Shelf(signals).show();
}

async function findGoods(words: string): Promise<readonly Hit[] | null> {
  return read(`/demo/products?${new URLSearchParams({ query: words, language })}`);
}

class Shelf {
  private readonly root = find(".shelf");
  private readonly results = find<HTMLUListElement>(".shelf .results");
  private readonly news = find(".shelf .found");

  constructor(private readonly signals: Signals) {}

  show(): void {
    this.root.hidden = false;
    const form = find<HTMLFormElement>(".shelf form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = String(new FormData(form).get("query") ?? "").trim();
      if (words) void this.search(words, true);
    });
    for (const tile of document.querySelectorAll<HTMLElement>(".goods li")) this.offerTile(tile);
  }

  private async search(words: string, isAsked: boolean): Promise<void> {
    if (isAsked) this.signals.note({ kind: "search", words });
    const hits = (await findGoods(words)) ?? [];
    this.results.replaceChildren(...hits.map(card));
    this.news.textContent = say(hits.length ? "shelf_found" : "shelf_nothing", { count: String(hits.length) });
    if (!isAsked) this.root.scrollIntoView();
  }

  /** Tiles are kinds of goods: they lead to the shelf. */
  private offerTile(tile: HTMLElement): void {
    const words = (tile.querySelector("h3") as HTMLElement).textContent ?? "";
    const label = `${say("shelf_look")}: ${words}`;
    const look = () => void this.search(words, false);
    tile.append(h("button", { type: "button", class: "look", "aria-label": label, click: look }, say("shelf_look")));
  }
}

function card({ sku, name, category, price_minor, currency }: Hit): HTMLElement {
  const picture = h("img", { src: pictureOf(sku), alt: "", width: "88", height: "66", loading: "lazy" });
  const link = h("a", { href: pageOf(sku) }, name);
  const price = h("span", { class: "price" }, priceOf(price_minor, currency));
  return h("li", {}, picture, h("div", {}, h("strong", {}, link), h("span", {}, category), price));
}
