/** One conversation on the desk: what was said, what is on its way, what both sides have read. No looks in here. */

import { computed, signal } from "@preact/signals";
import { type Api, RefusedError, UnreachableError } from "./api";
import type { KeptTexts } from "./kept";
import * as outbox from "./outbox";
import type { AgentMessage, Card, ConversationItem, ConversationPage, Note, Order, ReadMarks } from "./protocol";
import { completeUpTo, rowsOf, unansweredSince, withMessages, withNotes } from "./thread";

const TYPING_SIGN_MS = 12_000;
const TYPING_EVERY_MS = 4_000;
const MOST_PAGES = 20;

/** Why a conversation stands on the desk. */
export type Access = "mine" | "listening" | "reading";

/** What a conversation needs from the desk. */
export interface ConversationPorts {
  readonly api: Api;
  readonly kept: KeptTexts;
  readonly newId: () => string;
  /** Tell the customer that somebody is writing, or has stopped. */
  sayTyping(active: boolean): void;
  /** Something arrived that was not there. */
  arrived(message: AgentMessage): void;
}

export class Conversation {
  readonly item;
  readonly access;
  readonly messages = signal<readonly AgentMessage[]>([]);
  readonly notes = signal<readonly Note[]>([]);
  readonly outgoing;
  readonly read = signal<ReadMarks>({ customer: 0, agent: 0 });
  readonly isCustomerTyping = signal(false);
  readonly isLoaded = signal(false);
  readonly failedToLoad = signal(false);
  readonly draft;
  readonly isNoteDraft = signal(false);
  readonly card = signal<Card | "failed" | null>(null);
  readonly orders = signal<readonly Order[] | "failed" | null>(null);
  readonly rows = computed(() => rowsOf(this.messages.value, this.notes.value, this.outgoing.value));
  readonly waitingSince = computed(() => unansweredSince(this.messages.value));
  /** Of the last step that was heard of. */
  number: number | null = null;

  private isSending = false;
  private signTimer: ReturnType<typeof setTimeout> | undefined;
  private saidTypingAt = Number.NEGATIVE_INFINITY;

  constructor(
    item: ConversationItem,
    access: Access,
    private readonly ports: ConversationPorts,
  ) {
    this.item = signal(item);
    this.access = signal(access);
    this.draft = signal(ports.kept.draft(item.conversation_id));
    this.outgoing = signal(ports.kept.unsent(item.conversation_id));
  }

  get id(): string {
    return this.item.value.conversation_id;
  }

  /** What to ask for is what comes after this. */
  get after(): number {
    return completeUpTo(this.messages.value);
  }

  /** Fetch what is not here yet; also what came while the connection was gone. */
  async load(): Promise<void> {
    this.failedToLoad.value = false;
    try {
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const before = this.after;
        const got = await this.ports.api.getConversation(this.id, before);
        this.take(got);
        if (this.after >= got.last_sequence || this.after === before) break;
      }
      this.isLoaded.value = true;
    } catch {
      this.failedToLoad.value = !this.isLoaded.value;
    }
    if (!this.card.value) void this.loadCard();
    void this.flush();
  }

  async loadCard(): Promise<void> {
    try {
      this.card.value = await this.ports.api.getCard(this.id);
    } catch {
      this.card.value ??= "failed";
    }
  }

  async loadOrders(): Promise<void> {
    try {
      this.orders.value = (await this.ports.api.listOrders(this.id)).orders;
    } catch {
      this.orders.value ??= "failed";
    }
  }

  /** The card and the orders once more, as far as they are there. */
  translate(): void {
    if (this.card.value) void this.loadCard();
    if (this.orders.value) void this.loadOrders();
  }

  addMessage(message: AgentMessage): void {
    const before = this.messages.value;
    this.messages.value = withMessages(before, [message]);
    if (this.messages.value.length === before.length) return;
    if (message.client_message_id) this.change(outbox.settle(this.outgoing.value, message.client_message_id));
    if (message.author === "customer") this.showTyping(false);
    this.ports.arrived(message);
  }

  addNote(note: Note): void {
    this.notes.value = withNotes(this.notes.value, [note]);
    this.change(outbox.settle(this.outgoing.value, note.id));
  }

  setRead({ customer, agent }: ReadMarks): void {
    const { value } = this.read;
    this.read.value = { customer: Math.max(value.customer, customer), agent: Math.max(value.agent, agent) };
  }

  /** The customer began or stopped typing; a sign that is not renewed goes by itself. */
  showTyping(active: boolean): void {
    clearTimeout(this.signTimer);
    this.isCustomerTyping.value = active;
    if (active) this.signTimer = setTimeout(() => this.showTyping(false), TYPING_SIGN_MS);
  }

  setDraft(text: string): void {
    this.draft.value = text;
    this.ports.kept.keepDraft(this.id, text);
    if (!this.isNoteDraft.value) this.sayTyping(text.trim() !== "");
  }

  /** Send what is written: a message, or a note that only agents read. */
  sendDraft(): void {
    const text = this.draft.value.trim();
    if (!text) return;
    this.add({ text, isNote: this.isNoteDraft.value });
    this.setDraft("");
    this.isNoteDraft.value = false;
  }

  sendPhoto(photo: Blob): void {
    this.add({ text: "", isNote: false, photo });
  }

  retry(clientId: string): void {
    this.change(outbox.retry(this.outgoing.value, clientId));
    void this.flush();
  }

  /** Let go of a message that was refused: its words go back to the field, so that they are not lost. */
  takeBack(clientId: string): void {
    const item = this.outgoing.value.find((each) => each.clientId === clientId);
    this.change(outbox.settle(this.outgoing.value, clientId));
    if (item?.text) this.setDraft(this.draft.value ? `${item.text}\n${this.draft.value}` : item.text);
  }

  /** Send what waits, one after the other. */
  async flush(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (let item = outbox.next(this.outgoing.value); item; item = outbox.next(this.outgoing.value)) {
        this.change(outbox.mark(this.outgoing.value, item.clientId, "sending"));
        if (!(await this.deliver(item))) break;
      }
    } finally {
      this.isSending = false;
    }
  }

  /** Whoever looks at it has read it. Said to the customer's side only by whoever has the conversation. */
  async markRead(): Promise<void> {
    const last = this.messages.value.at(-1)?.sequence ?? 0;
    if (this.access.value !== "mine" || last <= this.read.value.agent) return;
    this.setRead({ customer: 0, agent: last });
    this.item.value = { ...this.item.value, unread: 0 };
    await this.ports.api.putRead(this.id, last).catch(() => undefined);
  }

  private take(page: ConversationPage): void {
    this.item.value = page.item;
    this.number = page.number;
    this.messages.value = withMessages(this.messages.value, page.messages);
    this.notes.value = withNotes(this.notes.value, page.notes);
    this.setRead(page.read);
    const arrived = new Set([...page.messages.map((each) => each.client_message_id), ...page.notes.map(({ id }) => id)]);
    this.change(this.outgoing.value.filter(({ clientId }) => !arrived.has(clientId)));
  }

  private add(item: { text: string; isNote: boolean; photo?: Blob }): void {
    this.change(outbox.put(this.outgoing.value, { ...item, clientId: this.ports.newId() }));
    void this.flush();
  }

  /** False: nobody answered, so there is no sense in trying the next one. */
  private async deliver(item: outbox.Outgoing): Promise<boolean> {
    try {
      await this.post(item);
    } catch (error) {
      const signedOut = error instanceof RefusedError && error.status === 401;
      const isRefused = error instanceof RefusedError && !signedOut;
      const state = isRefused ? "failed" : "waiting";
      this.change(outbox.mark(this.outgoing.value, item.clientId, state, isRefused ? error.code : undefined));
      if (!isRefused && !signedOut && !(error instanceof UnreachableError)) throw error;
      return isRefused;
    }
    this.change(outbox.settle(this.outgoing.value, item.clientId));
    return true;
  }

  private async post({ clientId, text, isNote, photo }: outbox.Outgoing): Promise<void> {
    const { api } = this.ports;
    if (isNote) this.addNote(await api.postNote(this.id, clientId, text));
    else if (photo) this.addMessage(await api.postPhoto(this.id, clientId, photo));
    else this.addMessage(await api.postMessage(this.id, clientId, text));
  }

  private change(changed: outbox.Outbox): void {
    if (changed === this.outgoing.value) return;
    this.outgoing.value = changed;
    this.ports.kept.keepUnsent(this.id, changed);
  }

  private sayTyping(active: boolean): void {
    const at = performance.now();
    if (active && at - this.saidTypingAt < TYPING_EVERY_MS) return;
    if (!active && this.saidTypingAt === Number.NEGATIVE_INFINITY) return;
    this.saidTypingAt = active ? at : Number.NEGATIVE_INFINITY;
    this.ports.sayTyping(active);
  }
}
