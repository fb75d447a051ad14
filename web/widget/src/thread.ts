/** The messages of one conversation as far as they have arrived: each one once, in order, whatever order they came in. */

import type { Message } from "./protocol";

export class Thread {
  private readonly bySequence = new Map<number, Message>();
  private contiguous = 0;

  /** Take in a message; false when it was there already. One that was edited reads as it does now. */
  add(message: Message): boolean {
    const before = this.bySequence.get(message.sequence);
    if (before && (!message.edited_at || message.edited_at < (before.edited_at ?? ""))) return false;
    this.bySequence.set(message.sequence, message);
    if (before) return false;
    while (this.bySequence.has(this.contiguous + 1)) this.contiguous += 1;
    return true;
  }

  /** The sequence number up to which nothing is missing: what to ask for is what comes after it. */
  get after(): number {
    return this.contiguous;
  }

  /** Whether something arrived before its predecessors (numbers have no gaps within a conversation). */
  get hasGap(): boolean {
    return this.bySequence.size > this.contiguous;
  }

  get isEmpty(): boolean {
    return this.bySequence.size === 0;
  }

  /** Messages in order of sequence. */
  get messages(): readonly Message[] {
    return [...this.bySequence.values()].sort((one, other) => one.sequence - other.sequence);
  }

  has(clientMessageId: string): boolean {
    return [...this.bySequence.values()].some((message) => message.client_message_id === clientMessageId);
  }
}
