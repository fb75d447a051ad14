/** Which rows the log shows, and how they belong together. Pure: what a row looks like is the log's business. */

import { beyondCards, type CardRow, cardsOf } from "./cards";
import type { Pending } from "./outbox";
import type { Photo } from "./photo_view";
import type { Author, Button, Message } from "./protocol";

/** Messages of one author that follow within this time stand together, under one time stamp. */
const TOGETHER_MS = 5 * 60_000;

export interface DayRow {
  readonly kind: "day";
  readonly key: string;
  readonly date: Date;
}

export interface BubbleRow {
  readonly kind: "bubble";
  /** The same before and after the service has confirmed the message. */
  readonly key: string;
  readonly author: Author;
  /** What an agent is called; null of others, and when it is not known. */
  readonly agentName: string | null;
  readonly text: string;
  /** Shown instead of a text. */
  readonly photo: Photo | null;
  readonly language: string | null;
  readonly date: Date;
  readonly startsGroup: boolean;
  readonly endsGroup: boolean;
  /** Products under the text. */
  readonly cards: readonly CardRow[];
  /** What can still be pressed. */
  readonly buttons: readonly Button[];
  /** The customer's last message, and an agent has read it. */
  readonly isRead: boolean;
  /** The customer has put this text in place of another. */
  readonly isEdited: boolean;
  /** Null once the service has the message. */
  readonly pending: Pending | null;
}

export type Row = DayRow | BubbleRow;

type Bubble = Omit<BubbleRow, "startsGroup" | "endsGroup">;

/** Rows in the order in which they are read; `agentRead` is the last message that an agent has read. */
export function layOut(messages: readonly Message[], pending: readonly Pending[], agentRead = 0): readonly Row[] {
  const lastFromCustomer = messages.findLast((message) => message.author === "customer")?.sequence ?? 0;
  const nothingWaits = pending.length === 0;
  const bubbles = messages.map((message) => ({
    ...confirmed(message, message.sequence > lastFromCustomer && nothingWaits),
    isRead: message.sequence === lastFromCustomer && message.sequence <= agentRead && nothingWaits,
  }));
  return rowsOfAll([...bubbles, ...pending.map(waiting)]);
}

function rowsOfAll(bubbles: readonly Bubble[]): readonly Row[] {
  return bubbles.flatMap((bubble, index) => rowsOf(bubble, bubbles[index - 1], bubbles[index + 1]));
}

function rowsOf(bubble: Bubble, before: Bubble | undefined, after: Bubble | undefined): Row[] {
  const row: BubbleRow = {
    ...bubble,
    startsGroup: !before || !standTogether(before, bubble),
    endsGroup: !after || !standTogether(bubble, after),
  };
  const isNewDay = !before || before.date.toDateString() !== bubble.date.toDateString();
  return isNewDay ? [{ kind: "day", key: `day ${bubble.date.toDateString()}`, date: bubble.date }, row] : [row];
}

function standTogether(one: Bubble, next: Bubble): boolean {
  const isSameDay = one.date.toDateString() === next.date.toDateString();
  const isSameWriter = one.author === next.author && one.agentName === next.agentName;
  return isSameDay && isSameWriter && next.date.getTime() - one.date.getTime() < TOGETHER_MS;
}

/** Replies can be chosen until the customer has said something else; links stay. */
function confirmed(message: Message, isCurrent: boolean): Bubble {
  const cards = cardsOf(message);
  const ofMessage = (button: Button) => button.card === undefined || cards[button.card] === undefined;
  return {
    kind: "bubble",
    key: message.client_message_id ?? message.id,
    author: message.author,
    agentName: message.agent?.name ?? null,
    text: cards.length ? beyondCards(message.text) : message.text,
    photo: message.photos?.[0]?.id ?? null,
    language: message.language ?? null,
    date: new Date(message.created_at),
    cards,
    buttons: (message.buttons ?? []).filter((button) => ofMessage(button) && (isCurrent || "url" in button)),
    isRead: false,
    isEdited: Boolean(message.edited_at),
    pending: null,
  };
}

function waiting(item: Pending): Bubble {
  return {
    kind: "bubble",
    key: item.clientMessageId,
    author: "customer",
    agentName: null,
    text: item.text,
    photo: item.photo ?? null,
    language: null,
    date: item.createdAt,
    cards: [],
    buttons: [],
    isRead: false,
    isEdited: false,
    pending: item,
  };
}
