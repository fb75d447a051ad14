/** The words of the desk's API (`docs/api.md`). Whatever a customer wrote in here is text and stays text. */

import type { Author, Button, Card as ProductCard, PhotoMark, Status } from "../../widget/src/protocol";

export type { Author, Button, PhotoMark, ProductCard, Status };
export type Presence = "online" | "away" | "offline";
export type HandoffState =
  | "queued" | "offered" | "accepted" | "promised" | "resolved" | "returned" | "withdrawn" | "expired";

export interface Team {
  readonly id: string;
  readonly name: Readonly<Record<string, string>>;
  readonly open_now: boolean;
  readonly next_opening: string | null;
}

export interface Colleague {
  readonly id: number;
  readonly display_name: string;
  readonly presence: Presence;
  readonly teams: readonly string[];
}

/** Whoever signed in. */
export interface Me {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly display_name: string;
  readonly role: "agent" | "lead" | "admin";
  readonly languages: readonly string[];
  readonly capacity: number;
  readonly presence: Presence;
  readonly permissions: readonly string[];
  readonly teams: readonly Team[];
  readonly codes: readonly string[];
  readonly agents: readonly Colleague[];
}

export interface Device {
  readonly id: string;
  readonly created_at: string;
  readonly last_seen_at: string;
  readonly device: string | null;
  readonly current: boolean;
}

/** One thing that makes a customer urgent. */
export interface Because {
  readonly code: string;
  readonly points: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Mood {
  readonly leading: string;
  /** In [0, 1]. */
  readonly strength: number;
}

/** A customer who waits, or whom somebody promised to hear from us. */
export interface QueueItem {
  readonly conversation_id: string;
  readonly state: HandoffState;
  readonly team: string;
  readonly language: string | null;
  /** Where it began. */
  readonly channel: string;
  /** The channel by which the customer is reached. */
  readonly heard_via: string;
  readonly customer: { readonly name: string | null; readonly band: string | null } | null;
  readonly reason: string;
  readonly why: readonly Because[];
  readonly points: number;
  readonly waiting_since: string;
  readonly last_text: string | null;
  readonly mood: Mood | null;
  readonly offered_to: number | null;
  readonly offer_expires_at: string | null;
  readonly first_reply_due_at: string | null;
  readonly next_reply_due_at?: string | null;
  readonly resolution_due_at?: string | null;
  readonly breached: boolean;
  readonly wish: string | null;
  readonly promised_at: string | null;
  /** Where the customer wants to be reached. */
  readonly contact?: string | null;
}

/** A conversation as a line in a list. */
export interface ConversationItem extends QueueItem {
  readonly agent: { readonly id: number; readonly display_name: string } | null;
  readonly status: Status;
  readonly unread: number;
  readonly last_sequence: number;
  readonly snoozed_until: string | null;
  readonly resolved_at: string | null;
  readonly code: string | null;
  /** What the last agent wrote for whoever is next. */
  readonly note?: string | null;
}

export interface Emotion {
  readonly label: string;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly known: boolean;
}

/** One bubble, as agents see it. */
export interface AgentMessage {
  readonly id: string;
  readonly sequence: number;
  readonly author: Author;
  readonly text: string;
  readonly language?: string | null;
  readonly buttons?: readonly Button[] | null;
  readonly photos?: readonly PhotoMark[] | null;
  readonly cards?: readonly ProductCard[] | null;
  readonly created_at: string;
  readonly client_message_id?: string | null;
  readonly emotion?: Emotion | null;
  readonly response?: string | null;
  readonly agent?: { readonly id: number; readonly display_name: string } | null;
  readonly intent?: string | null;
  /** When the customer put this text in place of another. */
  readonly edited_at?: string | null;
}

/** What agents write for each other. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly agent: { readonly id: number; readonly display_name: string } | null;
  readonly created_at: string;
  /** The last message that stood there. */
  readonly after_sequence: number;
}

/** Up to where each side has read. */
export interface ReadMarks {
  readonly customer: number;
  readonly agent: number;
}

export interface ConversationPage {
  readonly item: ConversationItem;
  readonly messages: readonly AgentMessage[];
  readonly notes: readonly Note[];
  readonly last_sequence: number;
  readonly read: ReadMarks;
  /** Of the last step that the handoff took. */
  readonly number: number;
}

export interface MoodPoint extends Mood {
  readonly sequence: number;
}

export interface OrderSummary {
  readonly number: string;
  readonly status: string;
  readonly placed_at: string;
  readonly total: Money | string;
}

/** An amount in the currency's smallest unit. */
export interface Money {
  readonly minor_units: number;
  readonly currency: string;
}

/** Everything an agent should know before the first word. */
export interface Card {
  readonly customer: {
    /** False: only one order and its postcode were known. */
    readonly known: boolean;
    readonly level: string | null;
    /** Shown too long ago to go by it. */
    readonly lapsed?: boolean;
    readonly name: string | null;
    readonly external_id: string | null;
    readonly language: string | null;
    readonly band: string | null;
    readonly since: string | null;
    readonly lifetime_total: Money | string | null;
    readonly orders: readonly OrderSummary[];
    readonly open_cases: readonly {
      readonly number: string;
      readonly kind: string;
      readonly promised_by: string | null;
      readonly overdue: boolean;
    }[];
    readonly consents: Readonly<Record<string, boolean>>;
    readonly loyalty_points: number | null;
  } | null;
  readonly wants: {
    readonly intents: readonly { readonly intent: string; readonly title: string; readonly at: string }[];
    readonly flow: string | null;
    readonly flow_title?: string | null;
    readonly slots: Readonly<Record<string, string | null>>;
  };
  readonly quotes: readonly { readonly sequence: number; readonly text: string; readonly at: string }[];
  readonly mood: (Mood & {
    readonly line: readonly MoodPoint[];
    readonly moved_by: readonly { readonly sequence: number; readonly text: string; readonly emotion: string }[];
  }) | null;
  readonly tried: readonly {
    readonly response: string;
    readonly title: string;
    readonly at: string;
    readonly helped?: boolean | null;
  }[];
  readonly reason: { readonly code: string; readonly facts: Readonly<Record<string, unknown>> } | null;
  /** `title` and `why` are in the agent's language. */
  readonly suggestion: { readonly action: string; readonly title: string; readonly why: string } | null;
  readonly replies: readonly { readonly text: string; readonly language: string }[];
  readonly languages: { readonly customer: string | null; readonly agent: string | null };
  readonly history: {
    readonly earlier_conversations: number;
    readonly last_at: string | null;
    readonly repeat_within_h: number | null;
  } | null;
  /** With `withheld` it is not for suggesting. Null where nothing is recommended. */
  readonly recommendations?: {
    readonly products: readonly AdvisedProduct[];
    readonly withheld: string | null;
  } | null;
}

/** `said` is the name in the customer's language. */
export interface AdvisedProduct {
  readonly sku: string;
  readonly name: string;
  readonly said: string;
  readonly price: Money;
  readonly reason: string;
  readonly url: string | null;
}

export interface Order extends OrderSummary {
  readonly lines: readonly { readonly name: string; readonly quantity: number; readonly price: Money | string }[];
  /** `text` says why not, in the agent's language. */
  readonly may: readonly {
    readonly action: string;
    readonly allowed: boolean;
    readonly reason: string | null;
    readonly text?: string | null;
  }[];
}

/** A reply that is ready: for this conversation, with its placeholders filled in. */
export interface Canned {
  readonly shortcut: string;
  readonly title: string;
  readonly text: string;
}

/** What the live connection tells. */
export type LiveEvent =
  | { readonly type: "queue"; readonly items: readonly QueueItem[]; readonly waiting: number }
  | { readonly type: "mine"; readonly items: readonly ConversationItem[] }
  | { readonly type: "message"; readonly conversation_id: string; readonly message: AgentMessage }
  | { readonly type: "reading"; readonly conversation_id: string; readonly message: AgentMessage }
  | { readonly type: "note"; readonly conversation_id: string; readonly note: Note }
  | { readonly type: "conversation"; readonly item: ConversationItem; readonly number: number }
  | { readonly type: "typing"; readonly conversation_id: string; readonly active: boolean; readonly author: string }
  | { readonly type: "read"; readonly conversation_id: string; readonly customer: number; readonly agent: number }
  | { readonly type: "presence"; readonly agents: readonly Colleague[] }
  | { readonly type: "offer"; readonly item: QueueItem }
  | { readonly type: "pong" }
  | { readonly type: "error"; readonly error: { readonly code: string } };

/** The close code that says: sign in again. */
export const SESSION_OVER = 4401;

type Shape = Readonly<Record<string, unknown>>;

const CHECKS: Readonly<Record<string, (event: Shape) => boolean>> = {
  queue: (event) => Array.isArray(event.items),
  mine: (event) => Array.isArray(event.items),
  message: (event) => isObject(event.message) && Number.isInteger(event.message.sequence),
  reading: (event) => isObject(event.message) && Number.isInteger(event.message.sequence),
  note: (event) => isObject(event.note),
  conversation: (event) => isObject(event.item),
  typing: (event) => typeof event.conversation_id === "string",
  read: (event) => typeof event.conversation_id === "string",
  presence: (event) => Array.isArray(event.agents),
  offer: (event) => isObject(event.item),
  pong: () => true,
  error: (event) => isObject(event.error),
};

/** The event in a frame; null for anything that is none (a newer service may say things we do not know). */
export function parseEvent(frame: unknown): LiveEvent | null {
  try {
    const event: unknown = typeof frame === "string" ? JSON.parse(frame) : null;
    const isKnown = isObject(event) && CHECKS[String(event.type)]?.(event) === true;
    return isKnown ? (event as unknown as LiveEvent) : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Shape {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
