/** The desk of one agent: who they are, who waits, which conversations lie open. The views show it, and nothing else. */

import { computed, signal } from "@preact/signals";
import { type Api, RefusedError } from "./api";
import { type Access, Conversation } from "./conversation";
import type { KeptTexts } from "./kept";
import { type Connection, Live, type Socket } from "./live";
import { Notices } from "./notices";
import type { AgentMessage, Colleague, ConversationItem, LiveEvent, Me, Presence, QueueItem } from "./protocol";
import { urgentFirst } from "./urgency";

/** What the desk needs from the browser. */
export interface DeskPorts {
  readonly api: Api;
  readonly kept: KeptTexts;
  openSocket(): Socket;
  newId(): string;
  /** Somebody is wanted: make a sound, show a notification. */
  alert(kind: "offer" | "message", item: QueueItem): void;
  /** Look at a conversation, or at none. */
  show(conversationId: string | null): void;
}

const RETRY_EVERY_MS = 5_000;

export class Desk {
  readonly stage = signal<"starting" | "signed_out" | "ready">("starting");
  /** The session ended by itself: said on the sign-in page. */
  readonly hasExpired = signal(false);
  readonly me = signal<Me | null>(null);
  readonly colleagues = signal<readonly Colleague[]>([]);
  readonly connection = signal<Connection>("connecting");
  readonly rawQueue = signal<readonly QueueItem[]>([]);
  readonly queue = computed(() => urgentFirst(this.rawQueue.value, this.me.value?.id ?? 0));
  readonly isQueueKnown = signal(false);
  readonly waiting = signal(0);
  readonly mine = signal<readonly ConversationItem[]>([]);
  readonly isMineKnown = signal(false);
  /** The conversations that lie open, in the order in which they were opened. */
  readonly open = signal<readonly Conversation[]>([]);
  readonly active = signal<string | null>(null);
  readonly notices = new Notices();
  readonly snoozed = computed(() => this.mine.value.filter((item) => item.snoozed_until !== null));
  readonly current = computed(() => this.open.value.find(({ id }) => id === this.active.value) ?? null);

  private readonly live: Live;
  /** Conversations that the agent is handing on just now: that they go is no news. */
  private readonly leaving = new Set<string>();
  private hasBeenLive = false;
  private retryTimer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly ports: DeskPorts) {
    this.live = new Live({
      openSocket: () => ports.openSocket(),
      watched: () => Object.fromEntries(this.open.value.map((each) => [each.id, each.after])),
      receive: (event) => this.receive(event),
      changed: (connection) => this.connectionChanged(connection),
      sessionOver: () => this.sessionOver(),
    });
  }

  get isLead(): boolean {
    return this.may("lead");
  }

  may(permission: string): boolean {
    return this.me.value?.permissions.includes(permission) ?? false;
  }

  /** Find out whether somebody is signed in already. */
  async start(): Promise<void> {
    try {
      this.enter(await this.ports.api.getMe());
    } catch (error) {
      this.stage.value = "signed_out";
      if (!(error instanceof RefusedError)) this.hasExpired.value = false;
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    this.enter(await this.ports.api.signIn(email, password));
  }

  async signOut(): Promise<void> {
    await this.ports.api.signOut().catch(() => undefined);
    this.leave();
    this.ports.kept.forget();
    this.hasExpired.value = false;
  }

  /** The service does not know the session any more: to the sign-in page, with what was written kept. */
  sessionOver(): void {
    if (this.stage.value !== "ready") return;
    this.leave();
    this.hasExpired.value = true;
  }

  async setPresence(presence: Presence): Promise<void> {
    const me = this.me.value;
    if (!me) return;
    this.me.value = { ...me, presence };
    try {
      await this.ports.api.setPresence(presence);
    } catch (error) {
      this.me.value = { ...me };
      this.notices.report(error);
    }
  }

  /** The network is back, or somebody is looking. */
  wake(): void {
    this.live.wake();
    for (const conversation of this.open.value) void conversation.flush();
  }

  find(conversationId: string): Conversation | undefined {
    return this.open.value.find(({ id }) => id === conversationId);
  }

  /** Bring a conversation to the front; one that does not lie open is opened to be read. */
  async look(conversationId: string): Promise<void> {
    this.active.value = conversationId;
    if (this.find(conversationId)) return;
    try {
      const { item } = await this.ports.api.getConversation(conversationId, 0);
      const isMine = item.state === "accepted" && item.agent?.id === this.me.value?.id;
      this.openConversation(item, isMine ? "mine" : "reading");
    } catch (error) {
      this.notices.report(error);
      this.ports.show(null);
    }
  }

  /** Take the customer; when somebody was faster, say who. True: they are ours now. */
  async accept(item: QueueItem): Promise<boolean> {
    const accepted = await this.step(item.conversation_id, "accept", {}, { customer: nameOf(item) });
    if (accepted === false) {
      void this.refreshQueue();
      return false;
    }
    this.rawQueue.value = this.rawQueue.value.filter((each) => each.conversation_id !== item.conversation_id);
    this.putMine(accepted);
    return true;
  }

  async decline(item: QueueItem): Promise<void> {
    const declined = await this.step(item.conversation_id, "decline");
    if (declined === false) return;
    this.rawQueue.value = this.rawQueue.value.map((each) =>
      each.conversation_id === item.conversation_id ? { ...each, state: "queued", offered_to: null } : each,
    );
  }

  /** A lead takes what another agent has. */
  async takeOver(item: ConversationItem): Promise<boolean> {
    const taken = await this.step(item.conversation_id, "take-over");
    if (taken === false) return false;
    this.putMine(taken);
    return true;
  }

  /** A lead listens in; the service writes that down. */
  async listen(item: ConversationItem): Promise<boolean> {
    const heard = await this.step(item.conversation_id, "listen");
    if (heard === false) return false;
    this.openConversation(heard.conversation_id ? heard : item, "listening");
    this.ports.show(item.conversation_id);
    return true;
  }

  /** Look at a conversation that is over. */
  readAgain(item: ConversationItem): void {
    this.openConversation(item, "reading");
    this.ports.show(item.conversation_id);
  }

  async wakeSnoozed(item: ConversationItem): Promise<boolean> {
    const woken = await this.step(item.conversation_id, "wake");
    if (woken === false) return false;
    this.putMine({ ...woken, snoozed_until: null });
    return true;
  }

  /** Steps after which the conversation leaves the desk. True: done. */
  async handOn(conversation: Conversation, step: "transfer" | "snooze" | "resolve" | "return", body: object): Promise<boolean> {
    this.leaving.add(conversation.id);
    const after = await this.step(conversation.id, step, withNumber(body, conversation.number));
    this.leaving.delete(conversation.id);
    if (after === false) return false;
    if (step === "snooze") this.mine.value = replaced(this.mine.value, after);
    else this.mine.value = without(this.mine.value, conversation.id);
    this.notices.tell(`notices.done_${step}`, { customer: nameOf(conversation.item.value) });
    this.close(conversation.id);
    return true;
  }

  /** Put a conversation away; what goes on in it goes on. */
  close(conversationId: string): void {
    const index = this.open.value.findIndex(({ id }) => id === conversationId);
    if (index < 0) return;
    this.open.value = this.open.value.filter(({ id }) => id !== conversationId);
    this.live.watch();
    if (this.active.value !== conversationId) return;
    const neighbour = this.open.value[Math.min(index, this.open.value.length - 1)];
    this.ports.show(neighbour?.id ?? null);
  }

  async refreshQueue(): Promise<void> {
    try {
      const { items, waiting } = await this.ports.api.getQueue();
      this.setQueue(items, waiting);
    } catch (error) {
      if (!this.isQueueKnown.value) this.notices.report(error);
    }
  }

  private enter(me: Me): void {
    this.ports.kept.open(me.id);
    this.me.value = me;
    this.colleagues.value = me.agents;
    this.hasExpired.value = false;
    this.hasBeenLive = false;
    this.stage.value = "ready";
    this.live.start();
    clearInterval(this.retryTimer);
    this.retryTimer = setInterval(() => this.open.value.forEach((each) => void each.flush()), RETRY_EVERY_MS);
  }

  private leave(): void {
    clearInterval(this.retryTimer);
    this.live.stop();
    this.stage.value = "signed_out";
    this.me.value = null;
    this.open.value = [];
    this.mine.value = [];
    this.rawQueue.value = [];
    this.isQueueKnown.value = false;
    this.isMineKnown.value = false;
    this.notices.clear();
  }

  private connectionChanged(connection: Connection): void {
    this.connection.value = connection;
    if (connection !== "live") return;
    if (this.hasBeenLive) for (const conversation of this.open.value) void conversation.load();
    this.hasBeenLive = true;
  }

  private receive(event: LiveEvent): void {
    switch (event.type) {
      case "queue":
        return this.setQueue(event.items, event.waiting);
      case "mine":
        return this.setMine(event.items);
      case "message":
      case "reading":
        return this.find(event.conversation_id)?.addMessage(event.message);
      case "note":
        return this.find(event.conversation_id)?.addNote(event.note);
      case "conversation":
        return this.moved(event.item, event.number);
      case "typing":
        return event.author === "customer" ? this.find(event.conversation_id)?.showTyping(event.active) : undefined;
      case "read":
        return this.find(event.conversation_id)?.setRead(event);
      case "presence":
        return this.setColleagues(event.agents);
      case "offer":
        return this.offered(event.item);
      default:
        return undefined;
    }
  }

  private setQueue(items: readonly QueueItem[], waiting: number): void {
    this.rawQueue.value = items;
    this.waiting.value = waiting;
    this.isQueueKnown.value = true;
  }

  private setMine(items: readonly ConversationItem[]): void {
    const held = items.filter(({ state }) => state === "accepted");
    this.mine.value = held;
    for (const item of held) if (item.snoozed_until === null) this.openConversation(item, "mine");
    this.isMineKnown.value = true;
    const ids = new Set(held.map(({ conversation_id }) => conversation_id));
    for (const conversation of this.open.value) if (!ids.has(conversation.id)) this.lost(conversation, null);
  }

  private setColleagues(agents: readonly Colleague[]): void {
    this.colleagues.value = agents;
    const me = this.me.value;
    const own = agents.find(({ id }) => id === me?.id);
    if (me && own && own.presence !== me.presence) this.me.value = { ...me, presence: own.presence };
  }

  private offered(item: QueueItem): void {
    const others = this.rawQueue.value.filter((each) => each.conversation_id !== item.conversation_id);
    this.rawQueue.value = [item, ...others];
    this.ports.alert("offer", item);
  }

  /** Something happened to a conversation; an older number tells what was true before. */
  private moved(item: ConversationItem, number: number): void {
    const conversation = this.find(item.conversation_id);
    if (conversation && conversation.number !== null && number < conversation.number) return;
    const isMine = item.state === "accepted" && item.agent?.id === this.me.value?.id;
    if (isMine) this.mine.value = replaced(this.mine.value, item);
    if (!conversation) return;
    conversation.number = number;
    conversation.item.value = item;
    if (isMine) conversation.access.value = "mine";
    else this.lost(conversation, item);
  }

  /** A conversation that was ours is with somebody else now, or over. */
  private lost(conversation: Conversation, item: ConversationItem | null): void {
    if (conversation.access.value !== "mine" || this.leaving.has(conversation.id)) return;
    this.mine.value = without(this.mine.value, conversation.id);
    const facts = { customer: nameOf(conversation.item.value), agent: item?.agent?.display_name ?? "" };
    this.notices.tell(facts.agent && item?.status === "with_agent" ? "notices.taken_over" : "notices.gone", facts);
    this.close(conversation.id);
  }

  private putMine(item: ConversationItem): void {
    this.mine.value = replaced(this.mine.value, item);
    this.openConversation(item, "mine");
    this.ports.show(item.conversation_id);
  }

  private openConversation(item: ConversationItem, access: Access): void {
    const known = this.find(item.conversation_id);
    if (known) {
      known.item.value = item;
      if (known.access.value !== "mine") known.access.value = access;
      return;
    }
    const conversation = this.newConversation(item, access);
    this.open.value = [...this.open.value, conversation];
    void conversation.load().then(() => this.live.watch());
  }

  private newConversation(item: ConversationItem, access: Access): Conversation {
    const { api, kept } = this.ports;
    const conversation: Conversation = new Conversation(item, access, {
      api,
      kept,
      newId: () => this.ports.newId(),
      sayTyping: (active) => this.live.typing(item.conversation_id, active),
      arrived: (message) => this.arrived(conversation, message),
    });
    return conversation;
  }

  /** The desk is read in another language: what the service has put into words comes anew. */
  translate(): void {
    for (const conversation of this.open.value) conversation.translate();
  }

  private arrived(conversation: Conversation, message: AgentMessage): void {
    if (message.author !== "customer") return;
    const { item } = conversation;
    item.value = { ...item.value, last_text: message.text, unread: item.value.unread + 1 };
    if (conversation.card.value) void conversation.loadCard();
    if (conversation.access.value === "mine") this.ports.alert("message", item.value);
  }

  /** False: it was not done, and the agent was told why. */
  private async step(id: string, step: string, body: object = {}, facts = {}): Promise<ConversationItem | false> {
    try {
      return (await this.ports.api.step(id, step, body)) ?? ({} as ConversationItem);
    } catch (error) {
      this.notices.report(error, facts);
      return false;
    }
  }
}

/** What to call a customer; empty when nobody knows. */
export function nameOf({ customer }: Pick<QueueItem, "customer">): string {
  return customer?.name ?? "";
}

function withNumber(body: object, number: number | null): object {
  return number === null ? body : { ...body, as_of: number };
}

function replaced(items: readonly ConversationItem[], item: ConversationItem): readonly ConversationItem[] {
  return [...without(items, item.conversation_id), item];
}

function without(items: readonly ConversationItem[], id: string): readonly ConversationItem[] {
  return items.filter(({ conversation_id }) => conversation_id !== id);
}
