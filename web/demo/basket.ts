/**
 * The basket of the demo shop: shows and changes what the assistant put in, through the public API.
 *
 * A real shop does the same with its own looks: `Balie.conversation()` says which conversation's basket it is, and
 * the event `basket` says when to look again.
 */

import { h } from "./page";
import { type Basket, type Discount, type Language, type Line, type Trouble, Words } from "./basket_words";

/** Narrower than this, the open basket covers the page; else chat and basket stand beside each other. */
const BESIDE_THE_CHAT = "(min-width: 900px)";
const MOST_PIECES = 99;

type Child = Node | string;

/** Told how many of a variant are in the basket now, 0 when it was taken out; and which card led to that, if one did. */
export type Changed = (sku: string, quantity: number, exposure: string | null) => void;

/** What else on a page can do with the basket. */
export interface Adding {
  /** Put one more of a variant in and show the basket; false when that cannot be. */
  add(sku: string, exposure: string | null): Promise<boolean>;
}

/** Puts the basket on the page; its button stands in the header. */
export function offerBasket(language: Language, changed: Changed): Adding {
  const view = new BasketView(language, changed);
  document.addEventListener("balie:ready", () => view.follow(), { once: true });
  if (window.Balie) view.follow();
  return view;
}

class BasketView implements Adding {
  private words: Words;
  private basket: Basket | null = null;
  /** Calls follow each other, so that an older answer never covers a newer one. */
  private queue: Promise<void> = Promise.resolve();
  private isFollowing = false;
  private hasLooked = false;
  private isWaiting = false;
  /** Cards that led to what is being put in, by variant. */
  private readonly exposures = new Map<string, string>();

  private readonly opener = document.querySelector(".basket-opener") as HTMLButtonElement;
  private readonly heading = h("h2", { id: "basket-title", tabindex: "-1" });
  private readonly body = h("div", { class: "contents" });
  private readonly problem = h("p", { class: "problem", role: "alert" });
  private readonly news = h("p", { class: "news", role: "status" });
  private readonly dialog: HTMLDialogElement;

  constructor(
    private readonly language: Language,
    private readonly changed: Changed,
  ) {
    this.words = new Words(language);
    const close = h("button", { type: "button", class: "close", "aria-label": this.words.say("close"), click: () => this.close() }, "×");
    const head = h("div", { class: "head" }, this.heading, close, this.problem);
    this.dialog = h("dialog", { class: "basket", id: "basket", "aria-labelledby": "basket-title" }, head, this.body);
    this.heading.textContent = this.words.say("title");
    document.body.append(this.dialog, this.news);
    this.opener.addEventListener("click", () => (this.dialog.open ? this.close() : this.open()));
    this.dialog.addEventListener("close", () => this.closed());
    this.dialog.addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
    this.show();
  }

  /** Look at the basket whenever the widget says that it may be another. */
  follow(): void {
    if (this.isFollowing) return;
    this.isFollowing = true;
    window.Balie?.on("basket", () => this.lookSoon());
    window.Balie?.on("open", () => document.documentElement.toggleAttribute("data-chat-open", true));
    window.Balie?.on("close", () => document.documentElement.toggleAttribute("data-chat-open", false));
    this.lookSoon();
  }

  async add(sku: string, exposure: string | null): Promise<boolean> {
    let isThere = false;
    this.enqueue(async () => {
      await window.Balie?.begin();
      await this.call("GET", "");
      const quantity = this.quantityOf(sku) + 1;
      if (exposure) this.exposures.set(sku, exposure);
      try {
        await this.call("PUT", pathOf({ sku }), { quantity });
      } finally {
        this.exposures.delete(sku);
      }
      isThere = this.quantityOf(sku) === quantity;
    });
    await this.queue;
    if (isThere && !this.dialog.open) this.open();
    return isThere;
  }

  private quantityOf(sku: string): number {
    return this.basket?.lines.find((line) => line.sku === sku)?.quantity ?? 0;
  }

  private open(): void {
    if (matchMedia(BESIDE_THE_CHAT).matches) this.dialog.show();
    else this.dialog.showModal();
    this.opener.setAttribute("aria-expanded", "true");
    this.heading.focus();
    this.lookSoon();
  }

  private close(): void {
    this.dialog.close();
  }

  private closed(): void {
    this.opener.setAttribute("aria-expanded", "false");
    this.problem.textContent = "";
    this.opener.focus();
  }

  /** Several bells in a row are answered once. */
  private lookSoon(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.enqueue(async () => {
      this.isWaiting = false;
      await this.call("GET", "");
    });
  }

  private change(method: string, path: string, body?: object): void {
    this.enqueue(async () => {
      this.problem.textContent = "";
      await this.call(method, path, body);
    });
  }

  private enqueue(work: () => Promise<void>): void {
    this.queue = this.queue.then(work).catch(() => this.fail({ code: "unreachable" }));
  }

  private async call(method: string, path: string, body?: object): Promise<void> {
    const session = window.Balie?.conversation() ?? null;
    if (!session) return this.take(null);
    const headers: Record<string, string> = { Authorization: `Bearer ${session.token}` };
    if (body) headers["Content-Type"] = "application/json";
    const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await fetch(`/api/v1/conversations/${session.id}/basket${path}`, init);
    if (response.ok) return this.take((await response.json()) as Basket);
    this.fail(((await response.json()) as { error: Trouble }).error);
  }

  private fail(trouble: Trouble): void {
    if (this.dialog.open) this.problem.textContent = this.words.trouble(trouble);
    this.show();
  }

  private take(basket: Basket | null): void {
    const before = this.basket;
    this.basket = basket;
    if (this.hasLooked) this.tellChanges(before, basket);
    this.hasLooked = true;
    if (basket) this.words = new Words(this.language, basket.currency);
    this.show();
    const isNews = (before?.pieces ?? 0) !== (basket?.pieces ?? 0) || (before?.total_minor ?? 0) !== (basket?.total_minor ?? 0);
    if (basket && isNews) this.news.textContent = this.summary(basket);
  }

  /** Whoever changed it: the page, the assistant, or another tab. */
  private tellChanges(before: Basket | null, after: Basket | null): void {
    const was = new Map(before?.lines.map(({ sku, quantity }) => [sku, quantity]));
    const is = new Map(after?.lines.map(({ sku, quantity }) => [sku, quantity]));
    for (const sku of new Set([...was.keys(), ...is.keys()])) {
      const quantity = is.get(sku) ?? 0;
      if (quantity !== (was.get(sku) ?? 0)) this.changed(sku, quantity, this.exposures.get(sku) ?? null);
    }
  }

  private summary({ pieces, total_minor }: Basket): string {
    return this.words.say("now", { pieces: this.words.pieces(pieces), total: this.words.money(total_minor) });
  }

  private show(): void {
    const pieces = this.basket?.pieces ?? 0;
    (this.opener.querySelector(".label") as HTMLElement).textContent = this.words.say("title");
    (this.opener.querySelector(".count") as HTMLElement).textContent = String(pieces);
    this.opener.setAttribute("aria-label", this.words.say("opener", { pieces: this.words.pieces(pieces) }));
    this.keepingFocus(() => this.body.replaceChildren(...this.contents()));
  }

  /** What is drawn anew takes the keyboard back, or hands it to the heading when it is gone. */
  private keepingFocus(draw: () => void): void {
    const active = document.activeElement;
    const isInside = active instanceof HTMLElement && this.body.contains(active);
    const key = isInside ? active.dataset.key : undefined;
    const typed = (this.body.querySelector(".code input") as HTMLInputElement | null)?.value ?? "";
    draw();
    const field = this.body.querySelector(".code input") as HTMLInputElement | null;
    if (field && !this.isEntered(typed)) field.value = typed;
    if (!isInside) return;
    const again = this.body.querySelector<HTMLElement>(`[data-key="${CSS.escape(key ?? "")}"]:not(:disabled)`);
    (again ?? this.heading).focus();
  }

  /** Whether a typed code has been taken in, so that the field can be empty again. */
  private isEntered(typed: string): boolean {
    const entered = typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
    return this.basket?.discounts.some(({ code }) => code === entered) ?? false;
  }

  private contents(): Child[] {
    const { basket } = this;
    if (!basket || basket.lines.length === 0) return [h("p", { class: "empty" }, this.words.say("empty"))];
    return [
      h("ul", { class: "lines" }, ...basket.lines.map((line) => this.line(line))),
      this.codeForm(),
      ...basket.discounts.map((discount) => this.discount(discount)),
      this.totals(basket),
      h("p", { class: "note" }, this.words.deliveryNote(basket)),
      ...this.checkout(basket),
    ];
  }

  private line(line: Line): HTMLElement {
    const { words } = this;
    const name = words.name(line);
    const remove = () => this.change("DELETE", pathOf(line));
    const stock = words.stock(line);
    return h(
      "li",
      { ...(stock ? { class: "trouble" } : {}) },
      h("div", { class: "what" }, h("strong", {}, name), h("span", {}, words.variant(line)), h("span", {}, words.each(line))),
      h("span", { class: "price" }, words.money(line.total_minor)),
      this.stepper(line, name),
      h("button", { type: "button", class: "remove", "data-key": `remove ${line.sku}`, "aria-label": words.say("remove_line", { name }), click: remove }, words.say("remove")),
      h("p", { class: "stock" }, stock),
    );
  }

  private stepper(line: Line, name: string): HTMLElement {
    const { words } = this;
    const put = (quantity: number) => this.change("PUT", pathOf(line), { quantity });
    const typed = (event: Event) => put(Number((event.target as HTMLInputElement).value));
    const step = (by: number, sign: string, label: "fewer" | "more", isOff: boolean) =>
      h("button", { type: "button", disabled: isOff, "data-key": `${label} ${line.sku}`, "aria-label": words.say(label, { name }), click: () => put(line.quantity + by) }, sign);
    const field = h("input", {
      type: "number", min: "1", max: String(MOST_PIECES), inputmode: "numeric", value: String(line.quantity),
      "aria-label": words.say("quantity", { name }), "data-key": `quantity ${line.sku}`, change: typed,
    });
    const most = Math.min(line.at_most, MOST_PIECES);
    return h("div", { class: "stepper" }, step(-1, "−", "fewer", line.quantity <= 1), field, step(1, "+", "more", line.quantity >= most));
  }

  private codeForm(): HTMLElement {
    const field = h("input", { id: "basket-code", name: "code", maxlength: "60", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", "data-key": "code" });
    const submit = (event: Event) => {
      event.preventDefault();
      const code = field.value.trim();
      if (code) this.change("PUT", "/discount", { code });
    };
    return h(
      "form",
      { class: "code", submit },
      h("label", { for: "basket-code" }, this.words.say("code")),
      field,
      h("button", { "data-key": "apply" }, this.words.say("apply")),
    );
  }

  private discount({ code, percent, gives_minor, refused }: Discount): HTMLElement {
    const { words } = this;
    const remove = () => this.change("DELETE", `/discount?code=${encodeURIComponent(code)}`);
    const what = refused ? words.refusedCode(refused) : `−${words.money(gives_minor)}${percent ? ` (${percent}%)` : ""}`;
    return h(
      "p",
      { class: refused ? "entered trouble" : "entered" },
      h("strong", {}, code),
      h("span", {}, what),
      h("button", { type: "button", class: "remove", "data-key": `code ${code}`, "aria-label": words.say("remove_code", { code }), click: remove }, words.say("remove")),
    );
  }

  private totals(basket: Basket): HTMLElement {
    const { words } = this;
    const row = (name: string, amount: string, kind = "") => h("div", kind ? { class: kind } : {}, h("dt", {}, name), h("dd", {}, amount));
    const delivery = basket.delivery_minor === 0 ? words.say("free") : words.money(basket.delivery_minor);
    return h(
      "dl",
      {},
      row(words.say("goods"), words.money(basket.goods_minor)),
      ...(basket.discount_minor > 0 ? [row(words.say("discount"), `−${words.money(basket.discount_minor)}`)] : []),
      row(words.say("delivery"), basket.delivers ? delivery : "–"),
      row(words.say("total"), words.money(basket.total_minor), "sum"),
    );
  }

  /** The demo stops where a real shop's own checkout begins. */
  private checkout(basket: Basket): Child[] {
    const { words } = this;
    const explanation = h("p", { class: "note", role: "status" }, basket.can_check_out ? "" : words.say("not_yet"));
    const explain = () => (explanation.textContent = words.say("checkout_text", { url: basket.checkout_url }));
    const button = h("button", { type: "button", class: "checkout", disabled: !basket.can_check_out, "data-key": "checkout", click: explain }, words.say("checkout"));
    return [button, explanation];
  }
}

function pathOf({ sku }: Pick<Line, "sku">): string {
  return `/lines/${encodeURIComponent(sku)}`;
}
