/** Parts that the tests play with: a service that answers as told, a socket that can be cut, a store in memory. */

import { Api, RefusedError, UnreachableError } from "../src/api";
import { Conversation } from "../src/conversation";
import { Desk } from "../src/desk";
import { KeptTexts } from "../src/kept";
import type { Socket } from "../src/live";
import type { AgentMessage, ConversationItem, ConversationPage, Me, Note, QueueItem } from "../src/protocol";

export const ME: Me = {
  id: 1,
  email: "sanne@shop.example",
  name: "Sanne de Vries",
  display_name: "Sanne",
  role: "agent",
  languages: ["nl", "en"],
  capacity: 4,
  presence: "online",
  permissions: ["handle"],
  teams: [],
  codes: ["solved"],
  agents: [],
};

export function queued(id: string, differences: Partial<QueueItem> = {}): QueueItem {
  return {
    conversation_id: id,
    state: "queued",
    team: "service",
    language: "nl",
    channel: "web_widget",
    heard_via: "web_widget",
    customer: { name: `Customer ${id}`, band: "regular" },
    reason: "asked",
    why: [],
    points: 0,
    waiting_since: "2025-03-03T10:00:00Z",
    last_text: "Hallo",
    mood: null,
    offered_to: null,
    offer_expires_at: null,
    first_reply_due_at: null,
    breached: false,
    wish: null,
    promised_at: null,
    ...differences,
  };
}

export function held(id: string, differences: Partial<ConversationItem> = {}): ConversationItem {
  return {
    ...queued(id),
    state: "accepted",
    agent: { id: ME.id, display_name: ME.display_name },
    status: "with_agent",
    unread: 0,
    last_sequence: 0,
    snoozed_until: null,
    resolved_at: null,
    code: null,
    ...differences,
  };
}

export function said(sequence: number, differences: Partial<AgentMessage> = {}): AgentMessage {
  const minute = String(sequence % 60).padStart(2, "0");
  return {
    id: `m${sequence}`,
    sequence,
    author: "customer",
    text: `Message ${sequence}`,
    created_at: `2025-03-03T10:${minute}:00Z`,
    ...differences,
  };
}

export function noted(id: string, after_sequence: number): Note {
  return { id, text: `Note ${id}`, agent: null, created_at: "2025-03-03T10:30:00Z", after_sequence };
}

export class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onclose: Socket["onclose"] = null;
  onmessage: Socket["onmessage"] = null;
  readonly sent: { type: string; conversations?: Record<string, number>; active?: boolean }[] = [];
  isClosed = false;

  send(frame: string): void {
    this.sent.push(JSON.parse(frame));
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.onopen?.call(this as unknown as WebSocket, new Event("open"));
  }

  say(event: object): void {
    this.onmessage?.call(this as unknown as WebSocket, { data: JSON.stringify(event) } as MessageEvent);
  }

  cut(code = 1006): void {
    this.onclose?.call(this as unknown as WebSocket, { code } as CloseEvent);
  }
}

/** A service with conversations in memory; `isDown` makes it unreachable, `refusal` makes it say no. */
export class FakeService {
  isDown = false;
  refusal: RefusedError | null = null;
  readonly threads = new Map<string, AgentMessage[]>();
  readonly items = new Map<string, ConversationItem>();
  readonly posted: string[] = [];
  readonly steps: { id: string; step: string; body: object }[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly api = this as unknown as Api;

  get socket(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }

  add(item: ConversationItem, ...messages: AgentMessage[]): void {
    this.items.set(item.conversation_id, item);
    this.threads.set(item.conversation_id, messages);
  }

  readonly getMe = async () => this.answer(ME);
  readonly signIn = async () => this.answer(ME);
  readonly signOut = async () => this.answer(undefined);
  readonly setPresence = async () => this.answer(undefined);
  readonly getQueue = async () => this.answer({ items: [], waiting: 0 });
  readonly putRead = async () => this.answer(undefined);
  readonly getCard = async () => {
    throw new UnreachableError("no card");
  };

  readonly getConversation = async (id: string, after: number): Promise<ConversationPage> => {
    const messages = this.threads.get(id) ?? [];
    return this.answer({
      item: this.items.get(id) ?? held(id),
      messages: messages.filter(({ sequence }) => sequence > after).slice(0, 3),
      notes: [],
      last_sequence: messages.length,
      read: { customer: 0, agent: 0 },
      number: 1,
    });
  };

  readonly postMessage = async (id: string, clientId: string, text: string): Promise<AgentMessage> => {
    this.posted.push(clientId);
    this.answer(undefined);
    const thread = this.threads.get(id) ?? [];
    const known = thread.find(({ client_message_id }) => client_message_id === clientId);
    if (known) return known;
    const message = said(thread.length + 1, { author: "agent", text, client_message_id: clientId });
    this.threads.set(id, [...thread, message]);
    return message;
  };

  readonly postNote = async (_: string, clientId: string, text: string): Promise<Note> =>
    this.answer({ ...noted(clientId, 0), text });

  readonly step = async (id: string, step: string, body: object): Promise<ConversationItem> => {
    this.steps.push({ id, step, body });
    return this.answer(this.items.get(id) ?? held(id));
  };

  private answer<T>(value: T): T {
    if (this.isDown) throw new UnreachableError("down");
    if (this.refusal) throw this.refusal;
    return value;
  }
}

export function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
}

/** A conversation on the desk of an agent, and what stands behind it. */
export function conversationOf(service: FakeService, store = memory()) {
  const kept = new KeptTexts(store);
  kept.open(ME.id);
  const typing: boolean[] = [];
  let number = 0;
  const conversation = new Conversation(held("c1"), "mine", {
    api: service.api,
    kept,
    newId: () => `id-${(number += 1)}`,
    sayTyping: (active) => typing.push(active),
    arrived: () => undefined,
  });
  return { conversation, kept, typing };
}

/** A desk with an agent at it, connected. */
export async function deskOf(service: FakeService, store = memory()) {
  const shown: (string | null)[] = [];
  const alerts: string[] = [];
  let number = 0;
  const desk: Desk = new Desk({
    api: service.api,
    kept: new KeptTexts(store),
    openSocket: () => {
      service.sockets.push(new FakeSocket());
      return service.socket;
    },
    newId: () => `id-${(number += 1)}`,
    alert: (kind) => alerts.push(kind),
    show: (id) => {
      shown.push(id);
      desk.active.value = id;
    },
  });
  await desk.start();
  service.socket.open();
  return { desk, shown, alerts };
}

/** Let everything that is under way come to its end. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 30; round += 1) await Promise.resolve();
}
