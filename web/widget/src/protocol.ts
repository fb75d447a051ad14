/** The words of the public API, as `docs/architecture.md` lays them down. */

export type Author = "customer" | "assistant" | "agent" | "system";
export type Status = "with_assistant" | "waiting_for_agent" | "with_agent" | "resolved";

/** Something to press: a reply with an opaque id, or a link. */
export type Button = { readonly id: string; readonly title: string } | { readonly url: string; readonly title: string };

/** A photo of a message; the API gives it by its id. */
export interface PhotoMark {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** One bubble. */
export interface Message {
  readonly id: string;
  readonly sequence: number;
  readonly author: Author;
  readonly text: string;
  readonly language?: string | null;
  readonly buttons?: readonly Button[] | null;
  readonly photos?: readonly PhotoMark[] | null;
  readonly created_at: string;
  readonly client_message_id?: string | null;
}

/** Messages in order, and where the conversation stands. */
export interface History {
  readonly messages: readonly Message[];
  readonly last_sequence: number;
  readonly status: Status;
  readonly language?: string | null;
}

/** A conversation that has just begun. */
export interface Started {
  readonly id: string;
  readonly token: string;
  readonly language?: string | null;
  readonly status?: Status;
}

/** What the live connection tells. */
export type LiveEvent =
  | { readonly type: "message"; readonly message: Message }
  | { readonly type: "typing"; readonly author: Author; readonly active: boolean }
  | { readonly type: "status"; readonly status: Status; readonly language?: string | null }
  | { readonly type: "basket" }
  | { readonly type: "pong" }
  | { readonly type: "error"; readonly error: { readonly code: string; readonly message: string } };

/** What the customer sends: typed text, a button that was pressed (its title is shown meanwhile), or a photo. */
export interface Outgoing {
  readonly clientMessageId: string;
  readonly text: string;
  readonly buttonId?: string | undefined;
  readonly photo?: Blob | undefined;
}

/** Close codes of the live connection after which coming back makes no sense. */
export const REFUSED_CLOSE_CODES: readonly number[] = [4401, 4403, 4404];

/** The event in a frame; null for anything that is none (a newer service may say things we do not know). */
export function parseEvent(frame: unknown): LiveEvent | null {
  try {
    const event: unknown = typeof frame === "string" ? JSON.parse(frame) : null;
    return isEvent(event) ? event : null;
  } catch {
    return null;
  }
}

function isEvent(value: unknown): value is LiveEvent {
  if (typeof value !== "object" || value === null) return false;
  const event = value as Record<string, unknown>;
  if (event.type === "message") return isMessage(event.message);
  return ["typing", "status", "basket", "pong", "error"].includes(event.type as string);
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  const message = value as Record<string, unknown>;
  return typeof message.id === "string" && Number.isInteger(message.sequence) && typeof message.text === "string";
}
