/** The mailbox of the demo shop: what its customers would have received by mail, from `GET /demo/mail`. */

import texts from "./texts.json";

type Language = "nl" | "en";

/** Newest first. */
interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly date: string;
  readonly text: string;
  readonly language: string;
  readonly attachments: readonly string[];
}

const REFRESH_MS = 4000;
const ADDRESS = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)]/g;

/** Shows the button of the mailbox; only the demo service has one, elsewhere it stays hidden. */
export async function offerMailbox(language: Language): Promise<void> {
  const mails = await fetchMails();
  const root = document.querySelector<HTMLElement>(".mailbox");
  if (mails && root) new Mailbox(root, language, mails);
}

async function fetchMails(): Promise<readonly Mail[] | null> {
  try {
    const response = await fetch("/demo/mail");
    return response.ok ? ((await response.json()) as Mail[]) : null;
  } catch {
    return null;
  }
}

class Mailbox {
  readonly #items = new Map<string, HTMLElement>();
  #timer = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly language: Language,
    mails: readonly Mail[],
  ) {
    root.hidden = false;
    this.#find(".opener").addEventListener("click", () => void this.#toggle());
    this.#find(".back").addEventListener("click", () => this.#showAll());
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#isOpen) this.#close();
    });
    this.#list(mails);
  }

  get #isOpen(): boolean {
    return !this.#find(".panel").hidden;
  }

  async #toggle(): Promise<void> {
    if (this.#isOpen) return this.#close();
    this.#setOpen(true);
    await this.#refresh();
  }

  #close(): void {
    this.#setOpen(false);
    clearTimeout(this.#timer);
    this.#find(".opener").focus();
  }

  #setOpen(open: boolean): void {
    this.#find(".panel").hidden = !open;
    this.#find(".opener").setAttribute("aria-expanded", String(open));
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    const mails = document.hidden ? null : await fetchMails();
    if (mails) this.#announce(this.#list(mails));
    if (this.#isOpen) this.#timer = window.setTimeout(() => void this.#refresh(), REFRESH_MS);
  }

  /** Adds what is new on top and takes away what is gone; the rest stays as it is, and so does the keyboard's place. */
  #list(mails: readonly Mail[]): readonly Mail[] {
    const news = mails.filter((mail) => !this.#items.has(mail.id));
    for (const mail of [...news].reverse()) {
      const item = this.#item(mail);
      this.#items.set(mail.id, item);
      this.#find(".mails").prepend(item);
    }
    const kept = new Set(mails.map((mail) => mail.id));
    for (const [id, item] of this.#items) {
      if (kept.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
    this.#find(".empty").hidden = this.#items.size > 0;
    return news;
  }

  #announce([newest]: readonly Mail[]): void {
    if (newest) this.#find(".news").textContent = texts.mailbox_new[this.language].replace("{subject}", () => newest.subject);
  }

  #item(mail: Mail): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    const subject = document.createElement("strong");
    subject.textContent = mail.subject;
    subject.lang = mail.language;
    const about = document.createElement("span");
    about.textContent = this.#about(mail);
    button.append(subject, about);
    button.addEventListener("click", () => this.#show(mail));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  #show(mail: Mail): void {
    const article = this.#find(".one");
    article.dataset.id = mail.id;
    const subject = this.#find(".one .subject");
    const text = this.#find(".one .text");
    subject.textContent = mail.subject;
    subject.lang = text.lang = mail.language;
    this.#find(".one .about").textContent = this.#about(mail);
    text.replaceChildren(...withLinks(mail.text));
    this.#find(".papers").replaceChildren(...mail.attachments.map((name, number) => paper(mail, name, number)));
    this.#find(".all").hidden = true;
    article.hidden = false;
    this.#find(".panel").scrollTop = 0;
    subject.focus();
  }

  #showAll(): void {
    const article = this.#find(".one");
    article.hidden = true;
    this.#find(".all").hidden = false;
    const item = this.#items.get(article.dataset.id ?? "");
    (item?.querySelector<HTMLElement>("button") ?? this.#find(".opener")).focus();
  }

  #about(mail: Mail): string {
    const date = new Intl.DateTimeFormat(this.language === "nl" ? "nl-NL" : "en-GB", {
      dateStyle: "medium",
      timeStyle: "short",
    }).format(new Date(mail.date));
    return texts.mailbox_about[this.language].replace("{to}", () => mail.to).replace("{date}", () => date);
  }

  #find(selector: string): HTMLElement {
    return this.root.querySelector(selector) as HTMLElement;
  }
}

function paper(mail: Mail, name: string, number: number): HTMLElement {
  const item = document.createElement("li");
  item.append(link(`/demo/mail/${encodeURIComponent(mail.id)}/attachments/${number}`, name));
  return item;
}

/** Plain text, in which addresses of pages can be pressed. */
function* withLinks(text: string): Generator<string | HTMLElement> {
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    yield text.slice(end, found.index);
    yield link(found[0], found[0]);
    end = found.index + found[0].length;
  }
  yield text.slice(end);
}

function link(address: string, text: string): HTMLElement {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.textContent = text;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}
