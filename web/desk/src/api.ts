/** The HTTP half of the desk's API. The session is a cookie that scripts cannot read. */

import type {
  Canned, Card, Colleague, ConversationItem, ConversationPage, AgentMessage, Device, Me, Note, Order, Presence, QueueItem,
} from "./protocol";

const TIMEOUT_MS = 15_000;
const PHOTO_TIMEOUT_MS = 120_000;
const BASE = "/api/v1/desk";

/** The service understood the call and said no. */
export class RefusedError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(`The service refused: ${code} (${status}).`);
  }
}

/** No usable answer: offline, too slow, or the service is not well. Trying again later makes sense. */
export class UnreachableError extends Error {}

/** Which conversations a list is about. */
export interface ListQuery {
  readonly view: "mine" | "promised" | "snoozed" | "team" | "all" | "resolved";
  readonly team?: string;
  readonly q?: string;
  readonly before?: string;
}

/** What an action on an order would do, or did, in words. */
export interface ActionAnswer {
  readonly offer?: { readonly text: string; readonly offer_id?: string | null };
  readonly done?: boolean;
  readonly text?: string;
}

/** The made-up agents of the demo shop, and the one password of them all. */
export interface DemoAgents {
  readonly password: string;
  readonly agents: readonly { readonly email: string; readonly name: string; readonly role: string }[];
}

type Send = (url: string, options: RequestInit) => Promise<Response>;

/** Calls of the desk's API. Each fails with a `RefusedError` or an `UnreachableError`, nothing else. */
export class Api {
  /**
   * @param send Does the fetching.
   * @param heard Called with the moment that an answer says it was given at: what clocks go by.
   * @param sessionOver Called when the service does not know this session any more.
   * @param language What the desk is read in: the card and the orders come in it.
   */
  constructor(
    private readonly send: Send = (url, options) => fetch(url, options),
    private readonly heard: (date: Date) => void = () => undefined,
    private readonly sessionOver: () => void = () => undefined,
    private readonly language: () => string = () => "",
  ) {}

  readonly signIn = (email: string, password: string) => this.call<Me>("POST", "/session", { email, password });
  /** Who can sign in at the demo shop's desk; null anywhere else. */
  async listDemoAgents(): Promise<DemoAgents | null> {
    try {
      const response = await this.send("/demo/agents", { cache: "no-store" });
      return response.ok ? ((await response.json()) as DemoAgents) : null;
    } catch {
      return null;
    }
  }

  readonly signOut = () => this.call<void>("DELETE", "/session");
  readonly getMe = () => this.call<Me>("GET", "/session");
  readonly setPresence = (presence: Presence) => this.call<void>("PUT", "/session/presence", { presence });
  readonly setPassword = (old: string, fresh: string) =>
    this.call<void>("PUT", "/session/password", { old, new: fresh });
  readonly listDevices = async () => listIn<Device>(await this.call("GET", "/session/devices"), "devices");
  readonly signOutDevice = (id: string) => this.call<void>("DELETE", `/session/devices/${encodeURIComponent(id)}`);

  readonly getQueue = () => this.call<{ items: readonly QueueItem[]; waiting: number }>("GET", "/queue");

  listConversations(query: ListQuery): Promise<{ items: readonly ConversationItem[] }> {
    return this.call("GET", `/conversations?${new URLSearchParams({ ...query })}`);
  }

  readonly getConversation = (id: string, after: number) =>
    this.call<ConversationPage>("GET", `${path(id)}?after=${after}`);
  readonly getCard = (id: string) => this.call<Card>("GET", `${path(id)}/card`);

  /** One step of the handoff: accept, decline, take-over, wake, transfer, snooze, resolve, return, listen. */
  readonly step = (id: string, step: string, body: object = {}) =>
    this.call<ConversationItem | undefined>("POST", `${path(id)}/${step}`, body);

  async postMessage(id: string, clientMessageId: string, text: string): Promise<AgentMessage> {
    const body = { client_message_id: clientMessageId, text };
    return (await this.call<{ message: AgentMessage }>("POST", `${path(id)}/messages`, body)).message;
  }

  async postPhoto(id: string, clientMessageId: string, photo: Blob): Promise<AgentMessage> {
    const address = `${path(id)}/photos?client_message_id=${clientMessageId}`;
    return (await this.call<{ message: AgentMessage }>("POST", address, photo)).message;
  }

  readonly postNote = (id: string, clientNoteId: string, text: string) =>
    this.call<Note>("POST", `${path(id)}/notes`, { client_note_id: clientNoteId, text });
  readonly putRead = (id: string, sequence: number) => this.call<void>("PUT", `${path(id)}/read`, { sequence });

  listCanned(id: string, language: string): Promise<{ items: readonly Canned[] }> {
    return this.call("GET", `/canned?${new URLSearchParams({ language, conversation_id: id })}`);
  }

  readonly listOrders = (id: string) => this.call<{ orders: readonly Order[] }>("GET", `${path(id)}/orders`);
  readonly orderAction = (id: string, number: string, action: string, body: object) =>
    this.call<ActionAnswer>("POST", `${path(id)}/orders/${encodeURIComponent(number)}/${action}`, body);

  /** The overview's figures and what is behind them (`overview/figures.ts`). */
  getFigures<T>(address: string): Promise<T> {
    return this.call("GET", `/overview${address}`);
  }

  /** What recommendations bring (`outcomes/figures.ts`). */
  getOutcomes<T>(parameters: URLSearchParams): Promise<T> {
    return this.call("GET", `/recommendations?${parameters}`);
  }

  photoAddress(id: string, photoId: string): string {
    return `${BASE}${path(id)}/photos/${encodeURIComponent(photoId)}`;
  }

  /** The live connection; the browser sends the cookie along. */
  openSocket(): WebSocket {
    const url = new URL(`${BASE}/live`, location.href);
    url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
    return new WebSocket(url, ["balie.desk.v1"]);
  }

  private async call<T>(method: string, address: string, body?: object | Blob): Promise<T> {
    const response = await this.answer(method, address, body);
    const date = new Date(response.headers.get("Date") ?? Number.NaN);
    if (!Number.isNaN(date.getTime())) this.heard(date);
    if (response.ok) return (await content(response)) as T;
    if (response.status >= 500) throw new UnreachableError(`HTTP ${response.status}`);
    const error = await refusalIn(response);
    if (error.code === "session_missing") this.sessionOver();
    throw error;
  }

  private async answer(method: string, address: string, body?: object | Blob): Promise<Response> {
    const isPhoto = body instanceof Blob;
    const headers: Record<string, string> = method === "GET" ? {} : { "X-Balie-Desk": "1" };
    if (this.language()) headers["Accept-Language"] = this.language();
    if (body) headers["Content-Type"] = isPhoto ? body.type : "application/json";
    const sent = isPhoto ? body : body ? JSON.stringify(body) : null;
    const signal = AbortSignal.timeout(isPhoto ? PHOTO_TIMEOUT_MS : TIMEOUT_MS);
    try {
      const options = { method, headers, body: sent, signal, cache: "no-store" } as const;
      return await this.send(BASE + address, { ...options, credentials: "same-origin" });
    } catch (error) {
      throw new UnreachableError(String(error));
    }
  }
}

/** A list that comes bare, or under a name. */
export function listIn<T>(answer: unknown, name: string): readonly T[] {
  if (Array.isArray(answer)) return answer as T[];
  return ((answer as Record<string, T[]>)?.[name] ?? []) as T[];
}

/** The name of whoever has a conversation already, as far as the refusal tells. */
export function ownerIn({ facts }: RefusedError): string | null {
  for (const key of ["agent", "by", "display_name"]) {
    const told = facts[key];
    if (typeof told === "string") return told;
    if (told && typeof told === "object") return (told as Partial<Colleague>).display_name ?? null;
  }
  return null;
}

function path(id: string): string {
  return `/conversations/${encodeURIComponent(id)}`;
}

async function content(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  try {
    return await response.json();
  } catch (error) {
    throw new UnreachableError(String(error));
  }
}

async function refusalIn(response: Response): Promise<RefusedError> {
  try {
    const { error } = (await response.json()) as { error?: { code?: string; data?: Record<string, unknown> } };
    return new RefusedError(response.status, error?.code ?? "unknown", error?.data ?? {});
  } catch {
    return new RefusedError(response.status, "unknown");
  }
}
