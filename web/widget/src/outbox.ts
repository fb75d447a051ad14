/** What the customer has sent and the service has not confirmed yet. Lives in memory only. */

import type { RefusedError } from "./api";
import type { Outgoing } from "./protocol";

/** Why a message was not accepted, in the words of `texts.json` (`problem_…`). */
export type Problem = "limited" | "too_long" | "empty" | "other" | PhotoProblem;

export const PHOTO_PROBLEMS = ["photo_too_large", "photo_too_many", "photo_unreadable"] as const;
type PhotoProblem = (typeof PHOTO_PROBLEMS)[number];

/** A message on its way. */
export interface Pending extends Outgoing {
  readonly createdAt: Date;
  /** Null while it may still go out by itself. */
  readonly problem: Problem | null;
}

/** First in, first out; a message that was refused steps aside until the customer says so. */
export class Outbox {
  private items: Pending[] = [];

  add(outgoing: Outgoing, createdAt: Date): void {
    this.items.push({ ...outgoing, createdAt, problem: null });
  }

  /** The next message to send, if any. */
  get next(): Pending | undefined {
    return this.items.find((item) => item.problem === null);
  }

  get all(): readonly Pending[] {
    return this.items;
  }

  /** The service has it. */
  settle(clientMessageId: string): void {
    this.items = this.items.filter((item) => item.clientMessageId !== clientMessageId);
  }

  fail(clientMessageId: string, problem: Problem): void {
    this.change(clientMessageId, { problem });
  }

  /** Send it again, under the same id, behind what is waiting already. */
  retry(clientMessageId: string): void {
    const item = this.items.find((each) => each.clientMessageId === clientMessageId);
    if (!item) return;
    this.settle(clientMessageId);
    this.items.push({ ...item, problem: null });
  }

  /** Send a pressed button as words: the conversation it belonged to is gone. */
  sendAsText(clientMessageId: string): void {
    this.change(clientMessageId, { buttonId: undefined });
  }

  clear(): void {
    this.items = [];
  }

  private change(clientMessageId: string, difference: Partial<Pending>): void {
    this.items = this.items.map((item) => (item.clientMessageId === clientMessageId ? { ...item, ...difference } : item));
  }
}

/** Why the service would not have a message. */
export function problemOf({ status, code }: RefusedError, item: Pending): Problem {
  const ofPhotos = PHOTO_PROBLEMS.find((problem) => problem === code);
  if (ofPhotos) return ofPhotos;
  if (status === 429) return "limited";
  if (status === 413) return item.photo ? "photo_too_large" : "too_long";
  if (code === "message_too_long") return "too_long";
  return code === "message_empty" ? "empty" : "other";
}
