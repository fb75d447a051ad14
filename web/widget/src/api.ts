/** The HTTP half of the public API. */

import type { Continuation, History, Message, Outgoing, Started } from "./protocol";
import type { Session } from "./slots";

const TIMEOUT_MS = 15_000;
/** The service waits as long for a photo. */
const PHOTO_TIMEOUT_MS = 120_000;

interface CallOptions {
  readonly body?: object | Blob;
  readonly token?: string;
  /** Whether it goes on when the page is left. */
  readonly keepalive?: boolean;
}

/** The service understood the call and said no. */
export class RefusedError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`The service refused: ${code} (${status}).`);
  }

  /** Whether this conversation cannot be used any more: expired or forged token, or no such conversation. */
  get conversationIsGone(): boolean {
    return [401, 403].includes(this.status) || (this.status === 404 && this.code !== "button_not_found");
  }
}

/** No usable answer: offline, too slow, or the service is not well. Trying again later makes sense. */
export class UnreachableError extends Error {}

/** Calls of the public API. Every call fails with a `RefusedError` or an `UnreachableError`, nothing else. */
export class Api {
  constructor(
    private readonly base: string,
    private readonly send: typeof fetch = (...call) => fetch(...call),
  ) {}

  startConversation(language: string | null, customerToken: string | null): Promise<Started> {
    const body = {
      ...(language ? { language } : {}),
      ...(customerToken ? { customer_token: customerToken } : {}),
    };
    return this.call<Started>("POST", "/conversations", { body });
  }

  /** The conversation that a link from a messenger leads to; the code in it works once. */
  claim(code: string): Promise<Started> {
    return this.call<Started>("POST", "/conversations/claims", { body: { code } });
  }

  /** A link by which this conversation goes on in a messenger. */
  continueIn(session: Session, towards: string): Promise<Continuation> {
    const path = `/conversations/${session.id}/continuations`;
    return this.call<Continuation>("POST", path, { body: { towards }, token: session.token });
  }

  /** Have the shop vouch for the customer again: what a conversation may see wears off. */
  async showCustomer(session: Session, customerToken: string): Promise<void> {
    const path = `/conversations/${session.id}/customer`;
    const response = await this.answer("PUT", path, { body: { customer_token: customerToken }, token: session.token });
    if (!response.ok) throw new UnreachableError(`HTTP ${response.status}`);
  }

  async postMessage(session: Session, outgoing: Outgoing): Promise<Message> {
    const { clientMessageId: client_message_id, text, buttonId } = outgoing;
    const body = buttonId ? { client_message_id, button_id: buttonId } : { client_message_id, text };
    const path = `/conversations/${session.id}/messages`;
    return (await this.call<{ message: Message }>("POST", path, { body, token: session.token })).message;
  }

  async postPhoto(session: Session, clientMessageId: string, photo: Blob): Promise<Message> {
    const path = `/conversations/${session.id}/photos?client_message_id=${clientMessageId}`;
    return (await this.call<{ message: Message }>("POST", path, { body: photo, token: session.token })).message;
  }

  async getPhoto(session: Session, id: string): Promise<Blob> {
    const path = `/conversations/${session.id}/photos/${id}`;
    const response = await this.answer("GET", path, { token: session.token });
    if (!response.ok) throw new UnreachableError(`HTTP ${response.status}`);
    return response.blob();
  }

  /** Say up to which message the customer has read. */
  async markRead(session: Session, sequence: number): Promise<void> {
    const path = `/conversations/${session.id}/read`;
    const response = await this.answer("PUT", path, { body: { sequence }, token: session.token });
    if (!response.ok) throw await this.failure(response);
  }

  /** Say that the link of a card is followed; the call outlives the page. */
  async tellFollowed(session: Session, key: string): Promise<void> {
    const path = `/conversations/${session.id}/cards/${encodeURIComponent(key)}/followed`;
    const response = await this.answer("POST", path, { token: session.token, keepalive: true });
    if (!response.ok) throw await this.failure(response);
  }

  listMessages(session: Session, after: number): Promise<History> {
    const path = `/conversations/${session.id}/messages?after=${after}`;
    return this.call<History>("GET", path, { token: session.token });
  }

  /** The live connection; the token travels as a sub-protocol because a browser cannot send a header there. */
  openSocket(session: Session, after: number): WebSocket {
    const url = new URL(`${this.base}/conversations/${session.id}/live?after=${after}`, location.href);
    url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
    return new WebSocket(url, ["balie.v1", `token.${session.token}`]);
  }

  private async call<T>(method: string, path: string, options: CallOptions): Promise<T> {
    const response = await this.answer(method, path, options);
    if (response.ok) return (await this.json(response)) as T;
    throw await this.failure(response);
  }

  private async failure(response: Response): Promise<Error> {
    if (response.status >= 500) return new UnreachableError(`HTTP ${response.status}`);
    return new RefusedError(response.status, await this.errorCode(response));
  }

  private async answer(method: string, path: string, options: CallOptions): Promise<Response> {
    const headers: Record<string, string> = {};
    const { body: given, token, keepalive = false } = options;
    const isPhoto = given instanceof Blob;
    if (given) headers["Content-Type"] = isPhoto ? given.type : "application/json";
    if (token) headers.Authorization = `Bearer ${token}`;
    const body = isPhoto ? given : given ? JSON.stringify(given) : null;
    const signal = AbortSignal.timeout(isPhoto ? PHOTO_TIMEOUT_MS : TIMEOUT_MS);
    try {
      const how = { method, headers, body, signal, keepalive, credentials: "omit", cache: "no-store" } as const;
      return await this.send(this.base + path, how);
    } catch (error) {
      throw new UnreachableError(String(error));
    }
  }

  private async json(response: Response): Promise<unknown> {
    try {
      return await response.json();
    } catch (error) {
      throw new UnreachableError(String(error));
    }
  }

  private async errorCode(response: Response): Promise<string> {
    try {
      const { error } = (await response.json()) as { error?: { code?: string } };
      return error?.code ?? "unknown";
    } catch {
      return "unknown";
    }
  }
}
