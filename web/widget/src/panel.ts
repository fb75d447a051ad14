/** The panel's script, fetched when a visitor reaches for the chat: joins a conversation to what is on the screen. */

import { cameAlong, comeAlong } from "./along";
import { Api, UnreachableError } from "./api";
import type { Mount, Panel, PanelHost } from "./contract";
import { Conversation } from "./conversation";
import { adoptStyles, setAttribute } from "./dom";
import { prefersTouch } from "./focus";
import type { TokenSource } from "./identity";
import { chooseLanguage, type Language, languageOf } from "./languages";
import { layOut } from "./layout";
import { claim, codeIn, type LinkProblem } from "./onward";
import { PanelView } from "./panel_view";
import { shrinkPhoto } from "./photos";
import type { Card, Continuation, Message, Outgoing } from "./protocol";
import { type Session, Slots } from "./slots";
import css from "./styles/panel.css?inline";

/** A closed panel stops listening after this long. */
const LISTEN_CLOSED_MS = 10 * 60_000;
const FULL_SCREEN = "(max-width: 480px)";

class ChatPanel implements Panel {
  isOpen = false;
  private readonly api: Api;
  private readonly conversation: Conversation;
  private readonly view: PanelView;
  private language: Language;
  private unread = 0;
  private isShowing = false;
  private wasLoading = false;
  private linkProblem: LinkProblem | null = null;
  private listening: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: PanelHost) {
    this.api = new Api(host.config.api);
    this.conversation = new Conversation({
      api: this.api,
      slots: new Slots(),
      pageLanguage: () => languageOf(host.config.language ?? document.documentElement.lang),
      shrink: shrinkPhoto,
      changed: () => this.showSoon(),
      arrived: (message) => this.arrived(message),
      basketChanged: () => host.emit("basket", undefined),
    });
    this.language = this.chooseLanguage();
    this.view = new PanelView(host.config, this.actions(), this.language);
    adoptStyles(host.root, css);
    host.root.append(this.view.root);
    this.followBrowser();
    if (host.source) this.identify(host.source);
    else this.conversation.resume();
    this.closeSoon();
    if (cameAlong()) this.appear();
    void this.comeBack();
  }

  get session() {
    return this.conversation.session;
  }

  open(text?: unknown): void {
    this.appear();
    if (typeof text !== "string" || !text) return this.focusInside();
    this.view.composer.write(text);
    this.view.focus("field");
  }

  async begin(): Promise<Session> {
    // It listens from now on; who has not opened the chat does not look, and it may be long since it was closed.
    if (!this.isOpen) this.closeSoon();
    return this.conversation.openSession();
  }

  private appear(): void {
    clearTimeout(this.listening);
    if (this.isOpen) return;
    this.isOpen = true;
    this.conversation.resume();
    this.countUnread(0);
    setAttribute(this.view.root, "aria-modal", matchMedia(FULL_SCREEN).matches ? "true" : undefined);
    this.view.beQuiet();
    this.view.root.hidden = false;
    setAttribute(this.host.root.host, "data-open", true);
    this.show();
    this.view.scrollToEnd();
    this.host.emit("open", undefined);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.view.viewer.close();
    this.view.onward.close();
    this.view.root.hidden = true;
    setAttribute(this.host.root.host, "data-open", undefined);
    this.host.root.querySelector<HTMLElement>(".launch")?.focus({ preventScroll: true });
    this.closeSoon();
    this.host.emit("close", undefined);
  }

  identify(source: TokenSource): void {
    void this.conversation.identify(source).then(() => this.conversation.resume());
  }

  refresh(): void {
    this.showSoon();
  }

  private actions() {
    return {
      close: () => this.close(),
      ask: (text: string) => this.send({ text }),
      follow: (card: Card, isHere: boolean) => this.follow(card, isHere),
      press: ({ id, title }: { id: string; title: string }) => this.send({ text: title, buttonId: id }),
      sendPhoto: (photo: Blob) => this.send({ text: "", photo }),
      typed: (holdsText: boolean) => this.conversation.typed(holdsText),
      continueIn: (messenger: string) => this.continueIn(messenger),
      fetchPhoto: (id: string) => this.conversation.fetchPhoto(id),
      enlarge: (url: string) => this.view.viewer.show(url),
      retry: (clientMessageId: string) => this.conversation.retry(clientMessageId),
    };
  }

  /** Beside the page the chat comes along to the next one; where it covers the page, it steps aside. */
  private follow({ key }: Card, isHere: boolean): void {
    if (key) this.conversation.followed(key);
    if (isHere && !matchMedia(FULL_SCREEN).matches) comeAlong();
  }

  /** A link by which the conversation goes on in a messenger. */
  private async continueIn(messenger: string): Promise<Continuation> {
    if (!this.session) throw new UnreachableError("There is no conversation.");
    return this.api.continueIn(this.session, messenger);
  }

  private send(said: Omit<Outgoing, "clientMessageId">): void {
    this.linkProblem = null;
    this.conversation.send({ clientMessageId: newId(), ...said });
    this.show();
    this.view.scrollToEnd();
    if (!prefersTouch()) this.view.focus("field");
    else if (said.buttonId) this.view.focus("log");
  }

  /** Go on with the conversation that the page's address leads to; what cannot be is said, and nothing changes. */
  private async comeBack(): Promise<void> {
    const code = codeIn(location.hash);
    if (code === null) return;
    this.open();
    const found = await claim(this.api, code);
    this.linkProblem = typeof found === "string" ? found : null;
    // A link that may still work stays in the address, for another try.
    if (found !== "later") history.replaceState(history.state, "", location.pathname + location.search);
    if (typeof found !== "string") await this.conversation.adopt(found);
    this.showSoon();
  }

  private arrived(message: Message): void {
    if (!this.isOpen) this.countUnread(this.unread + 1);
    this.host.emit("message", { author: message.author });
  }

  private countUnread(count: number): void {
    if (count !== this.unread) this.host.emit("unread", count);
    this.unread = count;
    this.host.showUnread(count);
  }

  private focusInside(): void {
    this.view.focus(prefersTouch() ? "panel" : "field");
  }

  /** Several changes in a row are shown once. */
  private showSoon(): void {
    if (this.isShowing) return;
    this.isShowing = true;
    queueMicrotask(() => this.show());
  }

  private show(): void {
    this.isShowing = false;
    const language = this.chooseLanguage();
    if (language !== this.language) this.view.speak((this.language = language));
    const { messages, pending, standing, isOffline, isLoading, typingBy } = this.conversation;
    const isEmpty = messages.length + pending.length === 0 && !isLoading;
    if (isLoading || this.wasLoading) this.view.beQuiet();
    this.wasLoading = isLoading;
    this.view.keepingPlace(() => {
      this.view.log.show(layOut(messages, pending, standing.agentRead), { language, isOffline });
      const { linkProblem } = this;
      this.view.show({ language, standing, isOffline, isLoading, typingBy, isEmpty, linkProblem });
    });
    if (this.isOpen && !document.hidden) this.conversation.seen();
  }

  private chooseLanguage(): Language {
    const { language } = this.host.config;
    return chooseLanguage(this.conversation.language, language, document.documentElement.lang, navigator.language);
  }

  private closeSoon(): void {
    clearTimeout(this.listening);
    this.listening = setTimeout(() => this.conversation.pause(), LISTEN_CLOSED_MS);
  }

  private followBrowser(): void {
    window.addEventListener("hashchange", () => void this.comeBack());
    window.addEventListener("online", () => this.conversation.networkChanged(true));
    window.addEventListener("offline", () => this.conversation.networkChanged(false));
    window.addEventListener("pageshow", () => this.conversation.networkChanged(true));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.conversation.networkChanged(true);
      this.showSoon();
    });
    window.addEventListener("storage", ({ key }) => this.conversation.slotChanged(key));
  }
}

/** A random id; pages that are not served over HTTPS have no `randomUUID`. */
function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const mount: Mount = (host) => new ChatPanel(host);
