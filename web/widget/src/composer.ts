/** Where the customer writes. */

import { element, icon, setAttribute, setText } from "./dom";
import { type Language, withCount } from "./languages";
import { PHOTO_TYPES } from "./photos";
import { panel as texts } from "./texts.json";

const CAMERA = ["M4 8.5h3L8.6 6h6.8L17 8.5h3v10H4z", "M12 16.2a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"];
const ARROW = "M12 19V5.5M6 11.2l6-6 6 6";
/** From how many characters before the limit on the customer is told how many are left. */
const WARN_WITHIN = 200;

/** Characters as the service counts them: a family of emoji is several, half of one is none. */
export function lengthOf(text: string): number {
  return [...text].length;
}

export class Composer {
  readonly root: HTMLFormElement;
  readonly field = element("textarea", {
    id: "balie-message",
    rows: "1",
    "aria-describedby": "balie-hint",
    enterkeyhint: "send",
    autocomplete: "off",
  });
  private readonly label = element("label", { class: "hidden", for: "balie-message" });
  private readonly hint = element("p", { class: "hint", id: "balie-hint", "aria-live": "polite", hidden: true });
  private readonly button = element("button", { class: "send", type: "submit" }, icon(ARROW));

  private readonly photoButton = element("button", { class: "attach", type: "button" }, icon(...CAMERA));
  private readonly picker = element("input", { type: "file", accept: PHOTO_TYPES.join(), hidden: true });
  /** What was put into the field last that the customer did not write. */
  private offered = "";

  constructor(
    private readonly maxLength: number,
    private language: Language,
    private readonly submitted: (text: string) => void,
    private readonly chosen: (photo: File) => void,
    private readonly typed: (holdsText: boolean) => void,
  ) {
    const line = element("div", { class: "line" }, this.photoButton, this.picker, this.label, this.field, this.button);
    this.root = element("form", { class: "composer", novalidate: true }, this.hint, line);
    this.root.addEventListener("submit", (event) => this.submit(event));
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("keydown", (event) => this.keyPressed(event));
    this.photoButton.addEventListener("click", () => this.picker.click());
    this.picker.addEventListener("change", () => this.picked());
    this.speak(language);
  }

  speak(language: Language): void {
    this.language = language;
    setText(this.label, texts.message[language]);
    setAttribute(this.field, "placeholder", texts.placeholder[language]);
    setAttribute(this.button, "aria-label", texts.send[language]);
    setAttribute(this.photoButton, "aria-label", texts.send_photo[language]);
    setAttribute(this.photoButton, "title", texts.send_photo[language]);
    this.showLength();
  }

  /** Put a text into the field, for the customer to send or change; what they have written there themselves stays. */
  write(text: string): void {
    const { field } = this;
    if (field.value.trim() && field.value !== this.offered) return;
    field.value = this.offered = text;
    this.changed();
  }

  /** Enter sends, Shift+Enter is a new line; while an input method composes, Enter is its own. */
  private keyPressed(event: KeyboardEvent): void {
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !isComposing) this.submit(event);
  }

  private submit(event: Event): void {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text || this.tooMany > 0) return this.field.focus();
    this.field.value = "";
    this.changed();
    this.submitted(text);
  }

  private picked(): void {
    for (const file of this.picker.files ?? []) this.chosen(file);
    this.picker.value = "";
  }

  private changed(): void {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
    this.showLength();
    this.typed(this.field.value.trim() !== "");
  }

  private get tooMany(): number {
    return lengthOf(this.field.value.trim()) - this.maxLength;
  }

  private showLength(): void {
    const { tooMany, language } = this;
    const isNear = tooMany > -WARN_WITHIN;
    this.hint.hidden = !isNear;
    this.hint.classList.toggle("wrong", tooMany > 0);
    setAttribute(this.field, "aria-invalid", tooMany > 0 ? "true" : undefined);
    const text = tooMany > 0 ? texts.too_many : texts.left;
    setText(this.hint, isNear ? withCount(text[language], Math.abs(tooMany)) : "");
  }
}
