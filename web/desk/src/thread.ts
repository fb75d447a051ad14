/** What stands in a conversation, in order: messages, notes between them, and what is still on its way. Pure. */

import type { Outgoing } from "./outbox";
import type { AgentMessage, Note } from "./protocol";

export type Row =
  | { readonly kind: "message"; readonly key: string; readonly message: AgentMessage }
  | { readonly kind: "note"; readonly key: string; readonly note: Note }
  | { readonly kind: "outgoing"; readonly key: string; readonly outgoing: Outgoing }
  | { readonly kind: "day"; readonly key: string; readonly at: Date };

/** Messages with one more: in order of sequence, each once. The same list when it was there already. */
export function withMessages(
  messages: readonly AgentMessage[],
  more: readonly AgentMessage[],
): readonly AgentMessage[] {
  const known = new Map(messages.map((message) => [message.sequence, message]));
  let isChanged = false;
  for (const message of more) {
    const before = known.get(message.sequence);
    if (before && !saysMore(message, before)) continue;
    known.set(message.sequence, message);
    isChanged = true;
  }
  if (!isChanged) return messages;
  return [...known.values()].sort((one, other) => one.sequence - other.sequence);
}

/** A message comes again once it has been read, with its language and how it feels, and when it was edited. */
function saysMore(message: AgentMessage, before: AgentMessage): boolean {
  const edited = message.edited_at ?? "";
  const known = before.edited_at ?? "";
  if (edited !== known) return edited > known;
  return !before.language && Boolean(message.language);
}

/** Notes with more of them: in order of time, each once. */
export function withNotes(notes: readonly Note[], more: readonly Note[]): readonly Note[] {
  const known = new Set(notes.map(({ id }) => id));
  const fresh = more.filter(({ id }) => !known.has(id) && known.add(id));
  if (!fresh.length) return notes;
  return [...notes, ...fresh].sort((one, other) => Date.parse(one.created_at) - Date.parse(other.created_at));
}

/** The number up to which nothing is missing: a conversation's messages have no gaps. */
export function completeUpTo(messages: readonly AgentMessage[]): number {
  let complete = 0;
  for (const { sequence } of messages) {
    if (sequence > complete + 1) break;
    complete = sequence;
  }
  return complete;
}

/** The rows of a conversation. Notes stand below the last message that their writer saw. */
export function rowsOf(
  messages: readonly AgentMessage[],
  notes: readonly Note[],
  outgoing: readonly Outgoing[],
): readonly Row[] {
  const rows: Row[] = [];
  const waiting = [...notes];
  let day = "";
  const place = (row: Row, at: Date) => {
    if (at.toDateString() !== day) {
      day = at.toDateString();
      rows.push({ kind: "day", key: `day-${day}`, at });
    }
    rows.push(row);
  };
  const placeNotes = (before: number) => {
    while (waiting[0] && waiting[0].after_sequence < before) {
      const note = waiting.shift() as Note;
      place({ kind: "note", key: note.id, note }, new Date(note.created_at));
    }
  };
  for (const message of messages) {
    placeNotes(message.sequence);
    place({ kind: "message", key: `message-${message.sequence}`, message }, new Date(message.created_at));
  }
  placeNotes(Number.POSITIVE_INFINITY);
  const sent = new Set(messages.map((message) => message.client_message_id));
  for (const item of outgoing) {
    if (!sent.has(item.clientId)) rows.push({ kind: "outgoing", key: item.clientId, outgoing: item });
  }
  return rows;
}

/** Since when the customer waits for a person's words: the first message after the agent's last. Null: nobody waits. */
export function unansweredSince(messages: readonly AgentMessage[]): Date | null {
  const last = messages.findLastIndex(({ author }) => author === "agent");
  const question = messages.slice(last + 1).find(({ author }) => author === "customer");
  return question ? new Date(question.created_at) : null;
}

/** The agent's last message that the customer has read. */
export function lastReadByCustomer(messages: readonly AgentMessage[], upTo: number): number {
  return messages.findLast(({ author, sequence }) => author === "agent" && sequence <= upTo)?.sequence ?? 0;
}
