/** The messages on the screen. Rows keep their element, so that nothing is read aloud twice. */

import { cardList } from "./card_view";
import { element, setAttribute, setText } from "./dom";
import type { BubbleRow, DayRow, Row } from "./layout";
import { filledIn, initialOf, type Language, languageOf } from "./languages";
import { buttonUrl } from "./marks";
import { type PhotoActions, Thumbnail } from "./photo_view";
import type { Button, Card } from "./protocol";
import { linkTo, linkToShop, renderMarks, renderPlain } from "./render";
import { panel as texts } from "./texts.json";
import { dayOf, localeFor, timeOf } from "./times";

/** What the customer can do in the log. */
export interface LogActions extends PhotoActions {
  press(button: { readonly id: string; readonly title: string }): void;
  /** A card's link to a page of the shop is followed, in this tab or in another. */
  follow(card: Card, isHere: boolean): void;
  retry(clientMessageId: string): void;
}

/** How rows are shown at the moment. */
export interface LogMood {
  readonly language: Language;
  readonly isOffline: boolean;
}

interface Shown {
  readonly root: HTMLElement;
  update(row: Row, mood: LogMood): void;
  /** The row is gone. */
  drop?(): void;
}

export class LogView {
  private shown = new Map<string, Shown>();

  /**
   * @param list Where the rows go.
   * @param actions What pressing something does.
   * @param api Where the service answers: its papers are there too.
   */
  constructor(
    private readonly list: HTMLElement,
    private readonly actions: LogActions,
    private readonly api: string,
  ) {}

  /** Bring the screen in line with the rows. */
  show(rows: readonly Row[], mood: LogMood): void {
    const kept = new Map<string, Shown>();
    let cursor = this.list.firstElementChild;
    for (const row of rows) {
      const shown = this.shown.get(row.key) ?? this.create(row, mood);
      kept.set(row.key, shown);
      shown.update(row, mood);
      if (shown.root === cursor) cursor = cursor.nextElementSibling;
      else this.list.insertBefore(shown.root, cursor);
    }
    for (const [key, shown] of this.shown) if (!kept.has(key)) this.remove(shown);
    this.shown = kept;
  }

  private remove(shown: Shown): void {
    shown.root.remove();
    shown.drop?.();
  }

  private create(row: Row, mood: LogMood): Shown {
    return row.kind === "day" ? new DayView() : new BubbleView(row, mood, this.actions, this.api);
  }
}

class DayView implements Shown {
  readonly root = element("p", { class: "day" });

  update(row: DayRow, { language }: LogMood): void {
    setText(this.root, dayOf(row.date, localeFor(language), new Date()));
  }
}

class BubbleView implements Shown {
  readonly root: HTMLElement;
  private readonly bubble: HTMLElement;
  private readonly said = element("span", { class: "hidden" });
  /** Who of us it is, for the eye; the ear has it before every message. */
  private readonly who = element("div", { class: "who", "aria-hidden": "true" });
  private readonly choices = element("div", { class: "choices", role: "group" });
  private readonly meta = element("div", { class: "meta", "aria-live": "off" });
  private readonly problem = element("div", { class: "failed" });
  private readonly photo: Thumbnail | null;
  private shownText: string;
  private shownButtons = "";
  private shownProblem = "";
  private shownMeta = "";

  constructor(
    row: BubbleRow,
    private readonly mood: LogMood,
    private readonly actions: LogActions,
    private readonly api: string,
  ) {
    this.bubble = element("div", { class: "bubble", dir: "auto" });
    this.photo = row.photo === null ? null : new Thumbnail(row.photo, actions);
    this.bubble.append(this.said, ...this.contents(row));
    this.shownText = row.text;
    this.root = element("div", { class: `row ${row.author}` }, this.bubble);
    if (row.cards.length) this.root.append(this.cards(row));
  }

  update(row: BubbleRow, mood: LogMood): void {
    const { language } = mood;
    this.root.classList.toggle("first", row.startsGroup);
    this.root.classList.toggle("last", row.endsGroup);
    setAttribute(this.bubble, "lang", row.language ?? language);
    setAttribute(this.said, "lang", language);
    setText(this.said, `${this.nameOf(row, language)} `);
    this.showText(row);
    this.showWho(row, language);
    this.photo?.speak(language);
    this.showButtons(row);
    this.showMeta(row, mood);
    this.showProblem(row, language);
  }

  drop(): void {
    this.photo?.drop();
  }

  private nameOf({ author, agentName }: BubbleRow, language: Language): string {
    if (agentName === null) return texts[`said_${author}`][language];
    return filledIn(texts.said_named[language], { name: agentName });
  }

  private showWho({ author, agentName, startsGroup }: BubbleRow, language: Language): void {
    if (author !== "agent" || !startsGroup) return this.who.remove();
    const name = agentName ?? texts.colleague[language];
    if (this.who.lastChild?.textContent !== name) {
      const initial = element("span", { class: "avatar" }, initialOf(name));
      this.who.replaceChildren(initial, element("span", {}, name));
    }
    if (!this.who.isConnected) this.root.prepend(this.who);
  }

  /** A text changes only when it was edited elsewhere. */
  private showText(row: BubbleRow): void {
    if (row.text === this.shownText) return;
    this.shownText = row.text;
    this.bubble.replaceChildren(this.said, ...this.contents(row));
  }

  private contents(row: BubbleRow): Node[] {
    if (this.photo) return [this.photo.root];
    const newTab = texts.new_tab[this.languageIn(row)];
    return row.author === "customer" ? renderPlain(row.text) : renderMarks(row.text, newTab);
  }

  /** Our words inside a message are in the language of the message. */
  private languageIn(row: BubbleRow): Language {
    return languageOf(row.language) ?? this.mood.language;
  }

  private showButtons(row: BubbleRow): void {
    const wanted = JSON.stringify(row.buttons);
    if (wanted === this.shownButtons) return;
    this.shownButtons = wanted;
    const language = this.languageIn(row);
    setAttribute(this.choices, "aria-label", texts.choices[language]);
    setAttribute(this.choices, "lang", language);
    this.choices.replaceChildren(...row.buttons.flatMap((button) => this.choice(button, language)));
    if (this.choices.childElementCount) this.root.append(this.choices);
    else this.choices.remove();
  }

  private cards(row: BubbleRow): HTMLElement {
    const language = this.languageIn(row);
    const newTab = texts.new_tab[language];
    return cardList(row.cards, language, this.api, {
      choice: (button, card) => this.choice(button, language, card),
      link: (url, card) => linkToShop(url, card.name, newTab, (isHere) => this.actions.follow(card, isHere)),
    });
  }

  /** What can be pressed; a card's name tells the ear which of several it belongs to. */
  private choice(button: Button, language: Language, card?: Card): HTMLElement[] {
    const more = card ? [element("span", { class: "hidden" }, ` ${card.name}`)] : [];
    if ("url" in button) {
      const url = buttonUrl(button.url, this.api);
      if (!url) return [];
      const link = card
        ? linkToShop(url, button.title, texts.new_tab[language], (isHere) => this.actions.follow(card, isHere))
        : linkTo(url, button.title, texts.new_tab[language]);
      link.append(...more);
      link.className = link.target ? "choice link" : "choice";
      return [link];
    }
    const pressed = element("button", { class: "choice", type: "button" }, button.title, ...more);
    pressed.addEventListener("click", () => this.actions.press(button));
    return [pressed];
  }

  private showMeta(row: BubbleRow, { language, isOffline }: LogMood): void {
    const isWaiting = row.pending !== null && row.pending.problem === null;
    const isSettled = row.endsGroup && row.pending === null && row.author !== "system";
    if (!isWaiting && !isSettled && !row.isEdited) return this.meta.remove();
    const marks = [row.isEdited && texts.edited[language], row.isRead && texts.read[language]].filter(Boolean).join(" · ");
    if (isWaiting) this.write(texts[isOffline ? "waiting" : "sending"][language]);
    else if (isSettled) this.write(marks, timeOf(row.date, localeFor(language)), row.date);
    else this.write(marks);
    setAttribute(this.meta, "class", isWaiting && !isOffline ? "meta soon" : "meta");
    if (!this.meta.isConnected) this.bubble.after(this.meta);
  }

  /** Nothing is touched when nothing changes. */
  private write(words: string, time = "", date = new Date()): void {
    const wanted = `${time} ${words}`;
    if (wanted === this.shownMeta) return;
    this.shownMeta = wanted;
    const when = time ? [element("time", { datetime: date.toISOString() }, time)] : [];
    this.meta.replaceChildren(...when, ...(words ? [element("span", {}, words)] : []));
  }

  private showProblem(row: BubbleRow, language: Language): void {
    const problem = row.pending?.problem ?? null;
    const wanted = problem ? texts[`problem_${problem}`][language] : "";
    if (wanted === this.shownProblem) return;
    this.shownProblem = wanted;
    this.problem.replaceChildren();
    if (!row.pending || !problem) return this.problem.remove();
    const again = element("button", { class: "again", type: "button" }, texts.try_again[language]);
    const { clientMessageId } = row.pending;
    again.addEventListener("click", () => this.actions.retry(clientMessageId));
    const canRetry = problem === "limited" || problem === "other" || problem === "photo_too_many";
    this.problem.append(element("span", {}, wanted), ...(canRetry ? [again] : []));
    this.root.append(this.problem);
  }
}
