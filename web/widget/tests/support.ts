/** Stand-ins for what lies outside the widget: the service behind its HTTP and its socket, and the browser's store. */

import { Api } from "../src/api";
import { Conversation } from "../src/conversation";
import type { Socket } from "../src/link";
import type { Author, LiveEvent, Message, Told } from "../src/protocol";
import { Slots } from "../src/slots";

export function message(sequence: number, author: Author = "assistant", more: Partial<Message> = {}): Message {
  const created_at = "2025-05-02T10:00:00Z";
  return { id: `m${sequence}`, sequence, author, text: `text ${sequence}`, created_at, buttons: [], ...more };
}

/** A browser's store that lives in memory. */
export class MemoryStore {
  private readonly items = new Map<string, string>();

  get length(): number {
    return this.items.size;
  }

  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}

export function memorySlots(): Slots {
  return new Slots(new MemoryStore());
}

/** A socket whose other end is the test. */
export class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onclose: Socket["onclose"] = null;
  onmessage: Socket["onmessage"] = null;
  readonly sent: unknown[] = [];
  isClosed = false;

  send(frame: string): void {
    this.sent.push(JSON.parse(frame));
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.onopen?.call(this as never, {} as Event);
  }

  tell(event: LiveEvent | string): void {
    const data = typeof event === "string" ? event : JSON.stringify(event);
    this.onmessage?.call(this as never, { data } as MessageEvent);
  }

  break(code = 1006): void {
    this.onclose?.call(this as never, { code } as CloseEvent);
  }
}

interface Stored {
  readonly token: string;
  readonly messages: Message[];
  readonly customerToken: string | null;
}

/** The service as the widget sees it: stores, drops repeats, numbers without gaps, can be unreachable or refuse. */
export class FakeService {
  readonly conversations = new Map<string, Stored>();
  readonly sockets: FakeSocket[] = [];
  isReachable = true;
  /** Store the next message but lose the answer on the way. */
  losesNextAnswer = false;
  /** Photos by the ids of their messages. */
  readonly photos = new Map<string, { photo: Blob; type: string }>();
  /** Answer the next calls with these instead. */
  readonly refusals: { status: number; code: string; on: "start" | "send" | "list" | "read" | "claim" | "followed" }[] = [];
  calls = 0;
  /** Keys of cards that were followed, and whether the call outlives the page. */
  readonly followed: { key: string; keepalive: boolean }[] = [];
  /** Up to which message the customer says to have read, each time. */
  readonly reads: number[] = [];
  /** What the service says of where the conversation stands. */
  told: Told = { status: "with_assistant", language: "nl" };
  /** Conversations by the codes of links that lead to them. */
  readonly codes = new Map<string, string>();
  /** Tokens with which the shop vouched again. */
  readonly vouched: string[] = [];

  readonly fetch = ((url: string, init: RequestInit) => this.answer(url, init)) as typeof fetch;
  readonly api = new Api("https://shop.example/api/v1", this.fetch);

  constructor() {
    this.api.openSocket = () => {
      const socket = new FakeSocket();
      this.sockets.push(socket);
      return socket as unknown as WebSocket;
    };
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }

  /** The only conversation there is, or the newest. */
  get conversation(): Stored {
    return [...this.conversations.values()].at(-1) as Stored;
  }

  get customerTexts(): string[] {
    return this.conversation.messages.filter(({ author }) => author === "customer").map(({ text }) => text);
  }

  /** Let the assistant say something, without ringing the bell. */
  say(text: string, more: Partial<Message> = {}): Message {
    const said = message(this.conversation.messages.length + 1, "assistant", { text, ...more });
    this.conversation.messages.push(said);
    return said;
  }

  private async answer(url: string, init: RequestInit): Promise<Response> {
    this.calls += 1;
    if (!this.isReachable) throw new TypeError("Failed to fetch");
    const { pathname, searchParams } = new URL(url);
    const [, , , , id, what, photoId] = pathname.split("/");
    const kind = !id ? "start" : id === "claims" ? "claim" : what === "read" ? "read" : what === "cards" ? "followed" : init.method === "POST" ? "send" : "list";
    const position = this.refusals.findIndex(({ on }) => on === kind);
    const [refusal] = position >= 0 ? this.refusals.splice(position, 1) : [];
    if (refusal) return this.refuse(refusal);
    const body = bodyOf(init, searchParams);
    if (id === "claims") return this.claim(body.code ?? "");
    if (kind === "start") return this.start(body);
    const stored = this.conversations.get(id as string);
    const { Authorization } = init.headers as Record<string, string>;
    if (!stored || !what) return this.refuse({ status: 404, code: "conversation_not_found" });
    if (Authorization !== `Bearer ${stored.token}`) return this.refuse({ status: 401, code: "token_invalid" });
    if (what === "customer") {
      this.vouched.push(body.customer_token ?? "");
      return new Response(null, { status: 204 });
    }
    if (what === "read") {
      this.reads.push(Number(body.sequence));
      return new Response(null, { status: 204 });
    }
    if (what === "cards") {
      this.followed.push({ key: photoId ?? "", keepalive: init.keepalive ?? false });
      return new Response(null, { status: 204 });
    }
    if (photoId) return new Response(this.photos.get(photoId)?.photo ?? null, { status: this.photos.has(photoId) ? 200 : 404 });
    if (init.body instanceof Blob) this.keep(init, body);
    return kind === "send" ? this.store(stored, body) : this.list(stored, Number(searchParams.get("after")));
  }

  private start(body: Record<string, string>): Response {
    const id = `c${this.conversations.size + 1}`;
    this.conversations.set(id, { token: `t-${id}`, messages: [], customerToken: body.customer_token ?? null });
    return Response.json({ id, token: `t-${id}`, language: body.language ?? null, status: "with_assistant" });
  }

  private claim(code: string): Response {
    const id = this.codes.get(code);
    this.codes.delete(code);
    if (!id) return this.refuse({ status: 404, code: "continuation_invalid" });
    return Response.json({ id, token: `t-${id}`, language: "nl", status: "with_assistant" });
  }

  private keep(init: RequestInit, { client_message_id = "" }: Record<string, string>): void {
    const type = (init.headers as Record<string, string>)["Content-Type"] ?? "";
    this.photos.set(`photo-${client_message_id}`, { photo: init.body as Blob, type });
  }

  private store(stored: Stored, body: Record<string, string>): Response {
    const known = stored.messages.find(({ client_message_id }) => client_message_id === body.client_message_id);
    const sequence = stored.messages.length + 1;
    const text = body.text ?? `pressed ${body.button_id}`;
    const { client_message_id = "" } = body;
    const photoId = `photo-${client_message_id}`;
    const photos = this.photos.has(photoId) ? [{ id: photoId, width: 4, height: 3 }] : [];
    const kept = known ?? message(sequence, "customer", { text, photos, client_message_id });
    if (!known) stored.messages.push(kept);
    if (this.losesNextAnswer) {
      this.losesNextAnswer = false;
      throw new TypeError("Failed to fetch");
    }
    return Response.json({ message: kept, duplicate: known !== undefined }, { status: 202 });
  }

  private list({ messages }: Stored, after: number): Response {
    const found = messages.filter(({ sequence }) => sequence > after);
    return Response.json({ messages: found, last_sequence: messages.length, ...this.told });
  }

  private refuse({ status, code }: { status: number; code: string }): Response {
    return Response.json({ error: { code, message: code } }, { status });
  }
}

/** What was sent: JSON, or a photo with its id in the address. */
function bodyOf({ body }: RequestInit, address: URLSearchParams): Record<string, string> {
  if (body instanceof Blob) return { text: "", client_message_id: address.get("client_message_id") ?? "" };
  return body ? (JSON.parse(body as string) as Record<string, string>) : {};
}

/** A conversation of a browser with a service. */
export function beginWith(
  service: FakeService,
  slots: Slots,
  more: Partial<ConstructorParameters<typeof Conversation>[0]> = {},
): Conversation {
  return new Conversation({
    api: service.api,
    slots,
    pageLanguage: () => "nl",
    shrink: (photo) => Promise.resolve(photo),
    changed: () => undefined,
    arrived: () => undefined,
    basketChanged: () => undefined,
    ...more,
  });
}
