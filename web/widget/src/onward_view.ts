/** The small window with the link and the QR code by which a conversation goes on in a messenger. */

import { element, icon, setAttribute, setText, SVG } from "./dom";
import { filledIn, type Language } from "./languages";
import { drawingIn } from "./onward";
import type { Continuation } from "./protocol";
import { panel as texts } from "./texts.json";
import { localeFor, timeOf } from "./times";

type State = "loading" | "ready" | "over" | "failed";

export class OnwardView {
  readonly root: HTMLDialogElement;
  private readonly title = element("h3", { id: "balie-onward" });
  private readonly closeButton: HTMLButtonElement;
  private readonly words = element("p", { role: "status" });
  private readonly link = element("a", { class: "choice link", target: "_blank", rel: "noopener noreferrer" });
  private readonly picture = element("div", { class: "qr", role: "img" });
  private readonly until = element("p", { class: "until" });
  private readonly again = element("button", { class: "choice", type: "button" });
  private language: Language = "en";
  private state: State = "loading";
  private expiresAt = new Date(0);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private round = 0;

  /**
   * @param cross The drawing of the close button.
   * @param make Makes a link; every link voids the one before.
   */
  constructor(
    cross: string,
    private readonly make: () => Promise<Continuation>,
  ) {
    this.closeButton = element("button", { class: "close", type: "button" }, icon(cross));
    const parts = [this.title, this.closeButton, this.words, this.link, this.picture, this.until, this.again];
    const sheet = element("div", { class: "sheet" }, ...parts);
    this.root = element("dialog", { class: "onward", "aria-labelledby": "balie-onward" }, sheet);
    this.closeButton.addEventListener("click", () => this.close());
    this.again.addEventListener("click", () => void this.load());
    this.root.addEventListener("close", () => clearTimeout(this.timer));
    this.root.addEventListener("click", ({ target }) => {
      if (target === this.root) this.close();
    });
    // The panel has its own plans for Escape and Tab.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
  }

  open(): void {
    this.root.showModal();
    void this.load();
  }

  close(): void {
    this.round += 1;
    this.root.close();
  }

  speak(language: Language): void {
    this.language = language;
    setText(this.title, texts.telegram[language]);
    setAttribute(this.closeButton, "aria-label", texts.close[language]);
    this.link.replaceChildren(texts.open_telegram[language], element("span", { class: "hidden" }, ` (${texts.new_tab[language]})`));
    setAttribute(this.picture, "aria-label", texts.qr[language]);
    setText(this.again, texts.another_link[language]);
    this.show(this.state);
  }

  private async load(): Promise<void> {
    const round = ++this.round;
    this.show("loading");
    try {
      const made = await this.make();
      if (round === this.round) this.present(made);
    } catch {
      if (round === this.round) this.show("failed");
    }
  }

  private present({ url, qr_svg, lasts_s }: Continuation): void {
    // Whatever the service says: no other address is opened from here.
    if (!url.startsWith("https://t.me/")) return this.show("failed");
    setAttribute(this.link, "href", url);
    this.picture.replaceChildren(...drawn(qr_svg));
    this.expiresAt = new Date(Date.now() + lasts_s * 1000);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show("over"), lasts_s * 1000);
    this.show("ready");
  }

  private show(state: State): void {
    const { language } = this;
    this.state = state;
    const isReady = state === "ready";
    setText(this.words, texts[`onward_${state}`][language]);
    this.link.hidden = this.until.hidden = !isReady;
    this.picture.hidden = !isReady || !this.picture.childElementCount;
    this.again.hidden = state === "loading" || isReady;
    setText(this.until, filledIn(texts.link_until[language], { time: timeOf(this.expiresAt, localeFor(language)) }));
  }
}

function drawn(qrCode: string): SVGElement[] {
  const drawing = drawingIn(qrCode);
  if (!drawing) return [];
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", drawing.viewBox);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", drawing.path);
  svg.append(path);
  return [svg];
}
