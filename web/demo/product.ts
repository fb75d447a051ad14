/**
 * The page of one product, `/products/DD-10042`.
 *
 * A card of the assistant leads here with `?balie=<key>`: to those who want that, the page tells the view as what came
 * of the card. A real shop does the same on its own pages.
 */

import type { Adding } from "./basket";
import { find, h, language, pictureOf, priceOf, read, say, withWidget } from "./page";
import type { Signals } from "./signals";

interface Variant {
  readonly sku: string;
  readonly size: string | null;
  readonly colour: string | null;
  readonly price_minor: number;
  readonly online: number;
}

interface Product {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly currency: string;
  readonly variants: readonly Variant[];
  /** Cities with a store that has some. */
  readonly stores: readonly string[];
}

type Feature = "colour" | "size";

const FEATURES: readonly Feature[] = ["colour", "size"];
const KEY = "balie";

/** Shows the product that the address names, or says that there is none. */
export async function offerProduct(signals: Signals, basket: Adding): Promise<void> {
  const sku = location.pathname.split("/").at(-1) ?? "";
  const product = await read<Product>(`/demo/products/${sku}?language=${language}`);
  document.title = say("product_title", { name: product?.name ?? say("product_gone") });
  find(".missing").hidden = product !== null;
  if (product) new ProductPage(product, takeKey(), signals, basket).show();
}

/** The key of the card that led here. It leaves the address, so that a link passed on is nobody's click. */
function takeKey(): string | null {
  const address = new URL(location.href);
  const key = address.searchParams.get(KEY);
  address.searchParams.delete(KEY);
  if (key) history.replaceState(history.state, "", address);
  return key && /^[0-9a-f]{32}$/.test(key) ? key : null;
}

class ProductPage {
  private chosen: Variant;
  private readonly problem = find(".product-page .problem");

  constructor(
    private readonly product: Product,
    private readonly exposure: string | null,
    private readonly signals: Signals,
    private readonly basket: Adding,
  ) {
    this.chosen = product.variants.find(({ online }) => online > 0) ?? (product.variants[0] as Variant);
  }

  show(): void {
    const { product } = this;
    const picture = find<HTMLImageElement>(".product-page .picture");
    picture.src = pictureOf(product.sku);
    find(".way .category").textContent = product.category;
    find(".product-page h1").textContent = product.name;
    find(".product-page .about").textContent = product.description;
    find(".stores").textContent = product.stores.length ? say("product_stores", { cities: listed(product.stores) }) : "";
    const facts = Object.entries(product.facts).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
    find(".facts dl").replaceChildren(...facts);
    find(".choices").replaceChildren(...FEATURES.flatMap((feature) => this.choice(feature)));
    find(".product-page form").addEventListener("submit", (event) => void this.put(event));
    find(".product-page .ask").addEventListener("click", () => this.ask());
    this.tellView();
    this.showChosen();
    find(".product-page article").hidden = false;
  }

  /** Told once: at the start, or when somebody says yes on this page. */
  private tellView(): void {
    const tell = () => {
      if (!this.signals.isAgreed) return;
      this.signals.note({ kind: "view", sku: this.product.sku, ...(this.exposure ? { exposure: this.exposure } : {}) });
      field.removeEventListener("change", tell);
    };
    const field = find(".tips input");
    field.addEventListener("change", tell);
    tell();
  }

  private choice(feature: Feature): HTMLElement[] {
    const values = [...new Set(this.product.variants.map((variant) => variant[feature]))].filter((value) => value !== null);
    if (values.length < 2) return [];
    const options = values.map((value) => {
      const field = h("input", { type: "radio", name: feature, value, checked: value === this.chosen[feature], change: () => this.choose(feature, value) });
      return h("label", {}, field, h("span", {}, value));
    });
    return [h("fieldset", {}, h("legend", {}, say(`product_${feature}`)), h("div", { class: "options" }, ...options))];
  }

  /** The other feature stays as it was, where it comes in that. */
  private choose(feature: Feature, value: string): void {
    const fitting = this.product.variants.filter((variant) => variant[feature] === value);
    const other = feature === "size" ? "colour" : "size";
    const chosen = fitting.find((variant) => variant[other] === this.chosen[other]) ?? fitting[0];
    if (chosen) this.chosen = chosen;
    const field = document.querySelector<HTMLInputElement>(`.choices input[name=${other}][value="${CSS.escape(this.chosen[other] ?? "")}"]`);
    if (field) field.checked = true;
    this.showChosen();
  }

  private showChosen(): void {
    const { price_minor, online } = this.chosen;
    find(".product-page .price").textContent = priceOf(price_minor, this.product.currency);
    const stock = find(".product-page .stock");
    stock.textContent = say(online > 0 ? "product_in_stock" : "product_sold_out");
    stock.classList.toggle("out", online === 0);
    find<HTMLButtonElement>(".to-basket").disabled = online === 0;
    this.problem.textContent = "";
  }

  private async put(event: Event): Promise<void> {
    event.preventDefault();
    this.problem.textContent = "";
    const isThere = await this.basket.add(this.chosen.sku, this.exposure);
    if (!isThere) this.problem.textContent = say("product_not_put");
  }

  private ask(): void {
    withWidget((widget) => widget.open(`${say("product_question", { name: this.product.name })} `));
  }
}

function listed(words: readonly string[]): string {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(words);
}
