/** The words of the public API, as `docs/architecture.md` lays them down. */

export type Author = "customer" | "assistant" | "agent" | "system";
export type Status = "with_assistant" | "waiting_for_agent" | "with_agent" | "resolved";

/** Something to press: a reply with an opaque id, or a link; of the card with this number, counted from 0, or of the message. */
export type Button = (
  | { readonly id: string; readonly title: string }
  | { readonly url: string; readonly title: string }
) & { readonly card?: number };

/** A product that a message shows; the text has the same in a line that begins with its number. */
export interface Card {
  readonly sku: string;
  readonly name: string;
  readonly price: { readonly minor: number; readonly currency: string };
  readonly reason: string;
  /** A path of the service, or an address. */
  readonly picture?: string | null;
  /** Its page in the shop. */
  readonly url?: string | null;
  /** By which it is told that the card was followed; an older service has none. */
  readonly key?: string;
}

/** A photo of a message; the API gives it by its id. */
export interface PhotoMark {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** What customers call an agent. */
export interface AgentMark {
  readonly name: string;
}

/** A place in line: 1 is next. The wait is null while it is not known, and when it is very short. */
export interface Queue {
  readonly position: number;
  readonly wait: { readonly from_minutes: number; readonly to_minutes: number } | null;
}

/** Where the conversation stands, as the service says it; an older one does not mention everything. */
export interface Told {
  readonly status: Status;
  readonly language?: string | null;
  readonly queue?: Queue | null;
  readonly agent?: AgentMark | null;
  /** Up to which message an agent has read. */
  readonly read?: { readonly agent: number };
  /** The assistant answers while the customer waits. */
  readonly assistant_helps?: boolean;
  /** Messengers in which the conversation can go on. */
  readonly continues_in?: readonly string[];
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
  readonly cards?: readonly Card[] | null;
  readonly created_at: string;
  readonly client_message_id?: string | null;
  /** Who wrote it, of a message by an agent. */
  readonly agent?: AgentMark | null;
  /** When the customer put this text in place of another, in a messenger. */
  readonly edited_at?: string | null;
}

/** Messages in order, and where the conversation stands. */
export interface History extends Told {
  readonly messages: readonly Message[];
  readonly last_sequence: number;
}

/** A conversation that has just begun. */
export interface Started {
  readonly id: string;
  readonly token: string;
  readonly language?: string | null;
  readonly status?: Status;
}

/** A link by which a conversation goes on in a messenger, once. */
export interface Continuation {
  readonly url: string;
  readonly qr_svg: string;
  readonly expires_at: string;
  /** How long that is: clocks of browsers may be wrong. */
  readonly lasts_s: number;
}

/** What the live connection tells. */
export type LiveEvent =
  | { readonly type: "message"; readonly message: Message }
  | { readonly type: "typing"; readonly author: Author; readonly active: boolean }
  | ({ readonly type: "status" } & Told)
  | { readonly type: "basket" }
  | { readonly type: "pong" }
  | { readonly type: "error"; readonly error: { readonly code: string; readonly message: string } };

/** What the live connection is told. */
export type ClientEvent = { readonly type: "ping" } | { readonly type: "typing"; readonly active: boolean };

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
