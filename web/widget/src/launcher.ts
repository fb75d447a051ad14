/** The button in the corner of the page. */

import { element, icon, setAttribute, setText } from "./dom";
import { type Language, withCount } from "./languages";
import { launcher as texts } from "./texts.json";

const BUBBLE = "M4 5.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-8.2L7 21v-3.5H4A1.5 1.5 0 0 1 2.5 16V7A1.5 1.5 0 0 1 4 5.5Z";
const LINES = "M7.5 10h9M7.5 13.3h5.5";

export class Launcher {
  readonly button: HTMLButtonElement;
  private readonly label = element("span", { class: "label" });
  private readonly badge = element("span", { class: "badge", "aria-hidden": "true", hidden: true });
  private readonly unread = element("span", { class: "hidden", id: "balie-unread", role: "status" });
  private readonly problem = element("p", { class: "problem", role: "alert", hidden: true });
  private unreadCount = 0;

  constructor(
    root: ShadowRoot,
    private language: Language,
    pressed: () => void,
    about: () => void,
  ) {
    this.button = element(
      "button",
      { class: "launch", type: "button", "aria-haspopup": "dialog", "aria-describedby": "balie-unread" },
      icon(BUBBLE, LINES),
      this.label,
      this.badge,
    );
    this.button.addEventListener("click", pressed);
    for (const sign of ["pointerenter", "focus", "touchstart"]) {
      this.button.addEventListener(sign, about, { once: true, passive: true });
    }
    root.append(element("div", { class: "launcher" }, this.problem, this.button, this.unread));
    this.speak(language);
  }

  speak(language: Language): void {
    this.language = language;
    setText(this.label, texts.chat[language]);
    setAttribute(this.button, "lang", language);
    this.showUnread(this.unreadCount);
  }

  showUnread(count: number): void {
    this.unreadCount = count;
    const text = count === 1 ? texts.unread_one : texts.unread_many;
    setText(this.unread, count ? withCount(text[this.language], count) : "");
    setText(this.badge, count > 9 ? "9+" : String(count));
    this.badge.hidden = count === 0;
  }

  showBusy(isBusy: boolean): void {
    setAttribute(this.button, "aria-busy", isBusy ? "true" : undefined);
    if (isBusy) this.problem.hidden = true;
  }

  showUnavailable(): void {
    setText(this.problem, texts.unavailable[this.language]);
    this.problem.hidden = false;
  }
}
