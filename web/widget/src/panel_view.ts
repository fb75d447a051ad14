/** The panel's frame: header, notice, log, composer. Shows what it is told and reports what is pressed. */

import { Composer } from "./composer";
import type { Config } from "./config";
import { element, icon, setAttribute, setText } from "./dom";
import { keepFocusIn } from "./focus";
import { filledIn, initialOf, type Language } from "./languages";
import { type LogActions, LogView } from "./log_view";
import type { LinkProblem } from "./onward";
import { OnwardView } from "./onward_view";
import { PhotoViewer } from "./photo_view";
import { pastedPhotos } from "./photos";
import type { Continuation, Status } from "./protocol";
import type { Standing } from "./standing";
import { panel as texts } from "./texts.json";
import type { Writer } from "./typing";

const BELL = ["M5 17h14M6.5 17a5.5 5.5 0 0 1 11 0M12 11.5V9M10.3 8.2h3.4", "M4 20.2h16"];
const TELEGRAM = "telegram";
const PLANE = ["M3.5 11.4L20.5 4.5L17.6 19.5L10.6 14.6Z", "M20.5 4.5L10.6 14.6V19.6L13.4 16.6"];
const CROSS = "M6.5 6.5l11 11M17.5 6.5l-11 11";
const DOWN = "M12 5v13M6.5 12.8L12 18.3l5.5-5.5";
/** As near to the end of the log as this counts as being there. */
const NEAR_END_PX = 80;
const QUIET_MS = 600;
const STARTERS = ["starter_order", "starter_return", "starter_stores"] as const;

const SUBTITLES = {
  with_assistant: texts.subtitle_assistant,
  waiting_for_agent: texts.subtitle_waiting,
  with_agent: texts.subtitle_agent,
  resolved: texts.subtitle_assistant,
} satisfies Record<Status, unknown>;

/** What a customer can do besides writing. */
export interface PanelActions extends LogActions {
  close(): void;
  ask(text: string): void;
  sendPhoto(photo: Blob): void;
  typed(holdsText: boolean): void;
  continueIn(messenger: string): Promise<Continuation>;
}

/** What the frame shows; the log has its own rows. */
export interface Frame {
  readonly language: Language;
  readonly standing: Standing;
  readonly isOffline: boolean;
  readonly isLoading: boolean;
  readonly typingBy: Writer | null;
  readonly isEmpty: boolean;
  /** The link by which somebody came led nowhere. */
  readonly linkProblem: LinkProblem | null;
}

export class PanelView {
  readonly root: HTMLElement;
  readonly composer: Composer;
  readonly log: LogView;
  readonly viewer = new PhotoViewer(CROSS);
  readonly onward: OnwardView;
  private readonly mark = element("span", { class: "mark", "aria-hidden": "true" });
  private shownMark: string | null = null;
  private readonly title = element("h2", { id: "balie-title" });
  private readonly subtitle = element("p", { class: "subtitle" });
  private readonly telegramButton = element("button", { class: "close", type: "button", hidden: true }, icon(...PLANE));
  private readonly closeButton = element("button", { class: "close", type: "button" }, icon(CROSS));
  private readonly queue = element("p", { class: "queue", role: "status" });
  private readonly notice = element("p", { class: "notice", role: "status" });
  private readonly greeting = element("p", { class: "greeting" });
  private readonly introduction = element("p", { class: "introduction" });
  private readonly starters = element("div", { class: "starters", role: "group" });
  private readonly rows = element("div", { class: "rows" });
  private readonly typing = element("div", { class: "typing", "aria-live": "off", hidden: true }, ...dots());
  private readonly scroller = element("div", { class: "log", role: "log", tabindex: "0" });
  private readonly jump = element("button", { class: "jump", type: "button", hidden: true }, icon(DOWN));
  private readonly spoken = element("p", { class: "hidden", role: "status" });
  private wasAtEnd = true;
  private quiet: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly config: Config,
    private readonly actions: PanelActions,
    language: Language,
  ) {
    const { ask, sendPhoto, typed } = actions;
    this.composer = new Composer(config.maxLength, language, ask, sendPhoto, typed);
    this.log = new LogView(this.rows, actions, new URL(config.api, location.href).href);
    this.onward = new OnwardView(CROSS, () => actions.continueIn(TELEGRAM));
    this.root = this.build();
    this.telegramButton.addEventListener("click", () => this.onward.open());
    this.closeButton.addEventListener("click", () => actions.close());
    this.jump.addEventListener("click", () => this.scrollToEnd());
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    new ResizeObserver(() => this.resized()).observe(this.scroller);
    this.root.addEventListener("keydown", (event) => this.keyPressed(event));
    this.takePhotos();
    this.fitToKeyboard();
    this.speak(language);
  }

  /** Bring the frame in line with the conversation. */
  show(frame: Frame): void {
    setText(this.subtitle, subtitleFor(frame));
    this.showMark(frame.standing.agentName);
    setText(this.queue, frame.isOffline ? "" : placeIn(frame));
    setText(this.notice, this.noticeFor(frame));
    this.notice.classList.toggle("warning", frame.isOffline);
    this.starters.hidden = !frame.isEmpty;
    this.telegramButton.hidden = !frame.standing.continuesIn.includes(TELEGRAM);
    this.typing.hidden = frame.typingBy === null;
    setText(this.spoken, typingText(frame));
  }

  /** Do something that makes the log longer, and stay at its end if the reader was there. */
  keepingPlace(change: () => void): void {
    this.wasAtEnd = this.isAtEnd;
    change();
    this.resized();
  }

  scrollToEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Put the keyboard where a visitor goes on. */
  focus(where: "field" | "panel" | "log"): void {
    const target = { field: this.composer.field, panel: this.root, log: this.scroller }[where];
    target.focus({ preventScroll: true });
  }

  /** Read nothing out for a moment: what comes now was said before. */
  beQuiet(): void {
    clearTimeout(this.quiet);
    setAttribute(this.scroller, "aria-live", "off");
    this.quiet = setTimeout(() => setAttribute(this.scroller, "aria-live", "polite"), QUIET_MS);
  }

  speak(language: Language): void {
    setAttribute(this.root, "lang", language);
    setText(this.title, this.config.title ?? texts.title[language]);
    setText(this.greeting, this.config.greeting ?? texts.greeting[language]);
    setText(this.introduction, texts.introduction[language]);
    setAttribute(this.telegramButton, "aria-label", texts.telegram[language]);
    setAttribute(this.telegramButton, "title", texts.telegram[language]);
    setAttribute(this.closeButton, "aria-label", texts.close[language]);
    setAttribute(this.scroller, "aria-label", texts.log[language]);
    setAttribute(this.jump, "aria-label", texts.jump[language]);
    setAttribute(this.starters, "aria-label", texts.starters[language]);
    this.starters.replaceChildren(...STARTERS.map((name) => this.starter(texts[name][language])));
    this.composer.speak(language);
    this.viewer.speak(language);
    this.onward.speak(language);
  }

  private build(): HTMLElement {
    const names = element("div", { class: "names" }, this.title, this.subtitle);
    const header = element("header", {}, this.mark, names, this.telegramButton, this.closeButton);
    const introduction = element("div", { class: "welcome" }, this.greeting, this.introduction, this.starters);
    this.scroller.append(introduction, this.rows, this.typing);
    const middle = element("div", { class: "middle" }, this.scroller, this.jump);
    const attributes = { class: "panel", role: "dialog", "aria-labelledby": "balie-title", tabindex: "-1", hidden: true };
    const parts = [header, this.notice, this.queue, middle, this.composer.root, this.spoken, this.viewer.root, this.onward.root];
    return element("section", attributes, ...parts);
  }

  /** The bell of the desk; the letter of whoever has the conversation. */
  private showMark(agentName: string | null): void {
    const letter = agentName === null ? "" : initialOf(agentName);
    if (letter === this.shownMark) return;
    this.shownMark = letter;
    this.mark.replaceChildren(letter || icon(...BELL));
  }

  private starter(text: string): HTMLElement {
    const button = element("button", { class: "choice", type: "button" }, text);
    button.addEventListener("click", () => this.actions.ask(text));
    return button;
  }

  private noticeFor(frame: Frame): string {
    if (frame.isOffline) return texts.offline[frame.language];
    if (frame.linkProblem) return texts[`link_${frame.linkProblem}`][frame.language];
    return frame.isLoading ? texts.loading[frame.language] : "";
  }

  /** Photos may be pasted, and dropped anywhere on the panel. */
  private takePhotos(): void {
    const { root } = this;
    const drag = (event: DragEvent, isOver: boolean) => {
      const hasFiles = event.dataTransfer?.types.includes("Files") ?? false;
      if (hasFiles) event.preventDefault();
      root.classList.toggle("dropping", isOver && hasFiles);
    };
    root.addEventListener("dragover", (event) => drag(event, true));
    root.addEventListener("dragleave", (event) => drag(event, false));
    root.addEventListener("drop", (event) => {
      drag(event, false);
      for (const file of event.dataTransfer?.files ?? []) this.actions.sendPhoto(file);
    });
    root.addEventListener("paste", (event) => {
      const photos = event.clipboardData ? pastedPhotos(event.clipboardData) : [];
      if (photos.length) event.preventDefault();
      for (const photo of photos) this.actions.sendPhoto(photo);
    });
  }

  private get isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  private scrolled(): void {
    this.wasAtEnd = this.isAtEnd;
    this.showJump();
  }

  /** The field grew, a notice came, the keyboard opened: who read the end still does. */
  private resized(): void {
    if (this.wasAtEnd) this.scrollToEnd();
    this.showJump();
  }

  private showJump(): void {
    this.jump.hidden = this.isAtEnd;
  }

  private keyPressed(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      this.actions.close();
    }
    keepFocusIn(this.root, event);
  }

  /** On a phone the keyboard covers the page: the panel shrinks to what is left. */
  private fitToKeyboard(): void {
    const visible = window.visualViewport;
    const fit = () => {
      if (!visible) return;
      this.root.style.setProperty("--visible-height", `${visible.height}px`);
      this.root.style.setProperty("--visible-top", `${visible.offsetTop}px`);
    };
    visible?.addEventListener("resize", fit);
    visible?.addEventListener("scroll", fit);
    fit();
  }
}

function subtitleFor({ standing, language }: Frame): string {
  const { status, agentName, assistantHelps } = standing;
  if (agentName !== null) return filledIn(texts.subtitle_named[language], { name: agentName });
  if (status === "waiting_for_agent" && assistantHelps) return texts.subtitle_helping[language];
  return SUBTITLES[status][language];
}

/** Where the customer stands in line, and for about how long; nothing when nobody is waited for. */
function placeIn({ standing: { queue }, language }: Frame): string {
  if (!queue) return "";
  const { position, wait } = queue;
  const place = position > 1 ? filledIn(texts.place[language], { position }) : texts.place_next[language];
  if (!wait) return place;
  return `${place} · ${filledIn(texts.wait[language], { from: wait.from_minutes, to: wait.to_minutes })}`;
}

function typingText({ typingBy, standing, language }: Frame): string {
  if (typingBy === null) return "";
  if (typingBy === "assistant") return texts.typing[language];
  return filledIn(texts.typing_named[language], { name: standing.agentName ?? texts.colleague[language] });
}

function dots(): HTMLElement[] {
  return [element("span"), element("span"), element("span")];
}
