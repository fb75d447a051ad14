/**
 * One customer's conversation: what has been said, what is on its way, and the calls that keep both true.
 * Knows nothing of how it looks.
 *
 * The service keeps the history; the browser keeps an id and a token (`slots.ts`). What was sent and not
 * confirmed is sent again under the same id until the service has it, so nothing is lost and nothing is twice.
 */

import { type Api, RefusedError, UnreachableError } from "./api";
import { pauseAfter } from "./backoff";
import { currentToken, slotFor, type TokenSource } from "./identity";
import { Link } from "./link";
import { Outbox, type Pending, problemOf } from "./outbox";
import type { History, LiveEvent, Message, Outgoing, Started, Status } from "./protocol";
import { ReadMark, WritingSign } from "./signals";
import { type Session, type Slots, VISITOR_SLOT } from "./slots";
import { assistantAnswers, AT_FIRST, concernsAgents, type Standing, standingAfter } from "./standing";
import { Thread } from "./thread";
import { TypingSign, type Writer } from "./typing";

/** While the customer waits for an answer, or talks to a person, nobody pauses longer than this. */
const LONGEST_PAUSE_WAITING_MS = 3_000;
const LONGEST_PAUSE_MS = 15_000;
/** How often a message may find its conversation gone before the customer is told. */
const MOST_RESTARTS = 2;

/** What the conversation needs from the outside. */
export interface ConversationPorts {
  readonly api: Api;
  readonly slots: Slots;
  /** The page's language, for a conversation that begins. */
  pageLanguage(): string | null;
  /** A photo as it is sent. May fail with a `RefusedError`. */
  shrink(photo: Blob): Promise<Blob>;
  /** Something that is shown may have changed. */
  changed(): void;
  /** A message of the shop has arrived that was not there when the page loaded. */
  arrived(message: Message): void;
  /** The basket may have changed, or it is another conversation's. */
  basketChanged(): void;
}

export class Conversation {
  /** Who has it, who is waited for, how far it was read. */
  standing: Standing = AT_FIRST;
  /** What opens this conversation at the service; null before anything was said. */
  session: Session | null = null;
  /** The history is being fetched for the first time. */
  isLoading = false;

  private thread = new Thread();
  private readonly outbox = new Outbox();
  private readonly typing: TypingSign;
  private readonly link: Link;
  private readonly writing = new WritingSign((active) => this.tellWriting(active));
  private readMark = this.newReadMark();
  private slot = VISITOR_SLOT;
  private source: TokenSource = null;
  private identified: Promise<void> = Promise.resolve();
  private isReachable = true;
  private isSending = false;
  private starting: Promise<void> | null = null;
  private failures = 0;
  private restarts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ports: ConversationPorts) {
    this.typing = new TypingSign(
      () => ports.changed(),
      () => void this.catchUp().catch(() => undefined),
    );
    this.link = new Link({
      catchUp: () => this.catchUp(),
      openSocket: () => ports.api.openSocket(this.session as Session, this.thread.after),
      receive: (event) => this.receive(event),
      refused: () => this.startAfresh(this.session),
      longestPauseMs: () => (this.isAwaiting ? LONGEST_PAUSE_WAITING_MS : LONGEST_PAUSE_MS),
    });
  }

  /** Null until the service has said it. */
  get language(): string | null {
    return this.standing.language;
  }

  get status(): Status {
    return this.standing.status;
  }

  get messages(): readonly Message[] {
    return this.thread.messages;
  }

  get pending(): readonly Pending[] {
    return this.outbox.all;
  }

  get isTyping(): boolean {
    return this.typing.isShown;
  }

  /** Who is preparing an answer. */
  get typingBy(): Writer | null {
    return this.typing.by;
  }

  get isOffline(): boolean {
    return !this.isReachable;
  }

  /** Who is logged in at the shop; their own conversation comes up, or a new one begins. */
  identify(source: TokenSource): Promise<void> {
    this.source = source;
    this.identified = currentToken(source).then(async (token) => {
      if (source !== this.source) return;
      this.moveTo(slotFor(token));
      // Without it the customer is asked who they are; that is no reason to keep them waiting.
      if (token && this.session) await this.ports.api.showCustomer(this.session, token).catch(() => undefined);
    });
    return this.identified;
  }

  /** Come back to what this browser remembers. */
  resume(): void {
    const session = this.ports.slots.read(this.slot);
    if (session?.id !== this.session?.id) this.begin(session);
    else if (session) this.link.start();
  }

  /** Go on with this conversation from now on; who is logged in at the shop is so in this one too. */
  async adopt(session: Session): Promise<void> {
    await this.identified;
    const { slot, source } = this;
    const token = await currentToken(source);
    if (token) await this.ports.api.showCustomer(session, token).catch(() => undefined);
    await this.identified;
    if (this.isStill(slot, source)) {
      this.ports.slots.write(slot, session);
      this.begin(session);
    } else if (slot === VISITOR_SLOT || slot === this.slot) {
      // Who came as a visitor and logs in takes it along; a customer who has left does not leave it here.
      await this.adopt(session);
    }
  }

  /** The conversation of who is logged in now, begun when there is none: a page may need one before anybody writes. */
  async openSession(): Promise<Session> {
    await this.identified;
    if (this.session) return this.session;
    while (!this.session) await this.startOnce();
    this.link.start();
    return this.session;
  }

  /** Stop listening until `resume`: nobody looks. */
  pause(): void {
    this.link.stop();
  }

  /** A photo of this conversation. */
  async fetchPhoto(id: string): Promise<Blob> {
    if (!this.session) throw new UnreachableError("There is no conversation.");
    return this.ports.api.getPhoto(this.session, id);
  }

  /** The customer is writing something, or has emptied the field. */
  typed(holdsText: boolean): void {
    this.writing.typed(holdsText);
  }

  /** All that has arrived is on the screen, and somebody looks. */
  seen(): void {
    void this.readMark.see(this.thread.messages);
  }

  /** The link of a card is followed: told on the way out, whatever comes of the telling. */
  followed(key: string): void {
    if (this.session) void this.ports.api.tellFollowed(this.session, key).catch(() => undefined);
  }

  /** Send typed text, the answer of a button, or a photo. */
  send(outgoing: Outgoing): void {
    this.outbox.add(outgoing, new Date());
    if (this.isReachable) this.expectAnswer();
    this.ports.changed();
    void this.deliverAll();
  }

  /** Send a message again that was refused. */
  retry(clientMessageId: string): void {
    this.outbox.retry(clientMessageId);
    this.ports.changed();
    void this.deliverAll();
  }

  /** The browser says that the network came back, or went. */
  networkChanged(isOnline: boolean): void {
    if (isOnline) {
      this.link.wake();
      void this.deliverAll();
    } else {
      this.link.reset();
      this.reached(false);
    }
  }

  /** Another tab began or left a conversation. */
  slotChanged(slot: string | null): void {
    if (slot === null || slot === this.slot) this.resume();
  }

  /** Whether nobody has logged in or out since it was these. */
  private isStill(slot: string, source: TokenSource): boolean {
    return slot === this.slot && source === this.source;
  }

  private moveTo(slot: string): void {
    if (slot === VISITOR_SLOT) this.ports.slots.clearKnown();
    else this.ports.slots.clearOthers(slot);
    if (slot === this.slot) return;
    // A visitor who logs in takes along what they wrote; what a customer wrote goes with them.
    if (this.slot !== VISITOR_SLOT) this.outbox.clear();
    this.slot = slot;
    this.starting = null;
    this.begin(this.ports.slots.read(slot));
  }

  private begin(session: Session | null): void {
    this.link.stop();
    this.typing.hide();
    this.session = session;
    this.thread = new Thread();
    this.standing = AT_FIRST;
    this.readMark = this.newReadMark();
    this.isLoading = session !== null;
    if (session) this.link.start();
    this.ports.changed();
    this.ports.basketChanged();
  }

  /** Leave a conversation that cannot be used any more: for the one another tab has begun, or a new one. */
  private startAfresh(gone: Session | null): void {
    if (gone !== this.session) return;
    const remembered = this.ports.slots.read(this.slot);
    const isNewer = remembered !== null && remembered.id !== gone?.id;
    if (!isNewer) this.ports.slots.clear(this.slot);
    this.begin(isNewer ? remembered : null);
    void this.deliverAll();
  }

  private async catchUp(): Promise<void> {
    const { session } = this;
    if (!session) return;
    try {
      while (!(await this.fetchPage(session)));
      this.isLoading = false;
      this.reached(true);
      this.ports.changed();
      this.ports.basketChanged();
    } catch (error) {
      if (error instanceof RefusedError && error.conversationIsGone) this.startAfresh(session);
      else this.reached(false);
      throw error;
    }
  }

  /** Fetch what comes next; true when that was all. */
  private async fetchPage(session: Session): Promise<boolean> {
    const page = await this.ports.api.listMessages(session, this.thread.after);
    if (session !== this.session) return true;
    this.takeIn(page);
    return page.messages.length === 0 || this.thread.after >= page.last_sequence;
  }

  private takeIn(page: History): void {
    for (const message of page.messages) this.take(message);
    this.standing = standingAfter(this.standing, page);
  }

  private receive(event: LiveEvent): void {
    this.reached(true);
    if (event.type === "typing") this.typing.announce(event.author === "agent" ? "agent" : "assistant", event.active);
    if (event.type === "basket") this.ports.basketChanged();
    if (event.type === "status") {
      this.standing = standingAfter(this.standing, event);
      if (this.typing.by === "assistant" && !assistantAnswers(this.standing)) this.typing.hide();
    }
    if (event.type === "message") {
      this.take(event.message);
      if (this.thread.hasGap) void this.catchUp().catch(() => undefined);
    }
    this.ports.changed();
  }

  private take(message: Message): void {
    const isNew = this.thread.add(message);
    if (message.client_message_id) this.outbox.settle(message.client_message_id);
    if (!isNew || message.author === "customer") return;
    this.typing.hide();
    if (!this.isLoading) this.ports.arrived(message);
  }

  private reached(isReachable: boolean): void {
    const changed = isReachable !== this.isReachable;
    this.isReachable = isReachable;
    if (!isReachable) this.typing.hide();
    if (isReachable) void this.deliverAll();
    if (changed) this.ports.changed();
  }

  private expectAnswer(): void {
    if (assistantAnswers(this.standing)) this.typing.expect();
  }

  private get isAwaiting(): boolean {
    return this.typing.isShown || concernsAgents(this.standing);
  }

  private tellWriting(active: boolean): void {
    if (concernsAgents(this.standing)) this.link.tell({ type: "typing", active });
  }

  private newReadMark(): ReadMark {
    const { session } = this;
    return new ReadMark(async (sequence) => {
      if (session) await this.ports.api.markRead(session, sequence);
    });
  }

  /** Send what waits, one after the other, so that the order stays. */
  private async deliverAll(): Promise<void> {
    if (this.isSending || !this.outbox.next) return;
    this.isSending = true;
    clearTimeout(this.timer);
    try {
      await this.identified;
      for (let item = this.outbox.next; item; item = this.outbox.next) {
        await this.deliver(item);
        await this.identified;
      }
      this.failures = 0;
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      this.deliverLater();
    } finally {
      this.isSending = false;
    }
  }

  private deliverLater(): void {
    this.failures += 1;
    this.reached(false);
    this.timer = setTimeout(() => void this.deliverAll(), pauseAfter(this.failures));
  }

  /** One step towards it: until there is a conversation, the step is to begin one. What waits then may be something else. */
  private async deliver(item: Pending): Promise<void> {
    try {
      await (this.session ? this.post(this.session, item) : this.startOnce());
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.typing.hide();
      this.outbox.fail(item.clientMessageId, problemOf(error, item));
      this.ports.changed();
    }
  }

  private async post(session: Session, item: Pending): Promise<void> {
    try {
      const message = await this.hand(session, item);
      this.outbox.settle(item.clientMessageId);
      if (session === this.session) this.confirm(message);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.recover(session, item, error);
    }
  }

  private async hand(session: Session, item: Pending): Promise<Message> {
    const { api, shrink } = this.ports;
    if (!item.photo) return api.postMessage(session, item);
    return api.postPhoto(session, item.clientMessageId, await shrink(item.photo));
  }

  private confirm(message: Message): void {
    this.restarts = 0;
    const isAnswered = this.thread.messages.some((other) => other.sequence > message.sequence);
    this.take(message);
    this.isReachable = true;
    if (!isAnswered) this.expectAnswer();
    this.link.start();
    this.link.wake();
    this.ports.changed();
  }

  /** What can be done without the customer, is; the rest is thrown on. */
  private recover(session: Session, item: Pending, error: RefusedError): void {
    if (error.code === "button_not_found" && item.buttonId) {
      this.outbox.sendAsText(item.clientMessageId);
    } else if (error.conversationIsGone && this.restarts < MOST_RESTARTS) {
      this.restarts += 1;
      this.startAfresh(session);
    } else {
      throw error;
    }
  }

  /** However many ask for it at the same time. There is a session then, unless somebody logged in or out meanwhile. */
  private startOnce(): Promise<void> {
    if (this.starting) return this.starting;
    const starting = this.startConversation().finally(() => {
      if (this.starting === starting) this.starting = null;
    });
    this.starting = starting;
    return starting;
  }

  private async startConversation(): Promise<void> {
    const { slot, source } = this;
    const token = await currentToken(source);
    const { id, token: secret, ...started } = await this.startWith(this.ports.pageLanguage(), token);
    await this.identified;
    // Another one may have come up: that of another tab, or one from a messenger.
    if (!this.isStill(slot, source) || this.session) return;
    this.session = { id, token: secret };
    this.ports.slots.write(slot, this.session);
    this.readMark = this.newReadMark();
    this.standing = standingAfter(this.standing, { ...started, status: started.status ?? this.status });
  }

  /** A stale customer token must not keep anybody from being helped: then without it. */
  private async startWith(language: string | null, token: string | null): Promise<Started> {
    try {
      return await this.ports.api.startConversation(language, token);
    } catch (error) {
      const mayDropToken = error instanceof RefusedError && error.status !== 429 && token !== null;
      if (!mayDropToken) throw error;
      return this.ports.api.startConversation(language, null);
    }
  }
}
