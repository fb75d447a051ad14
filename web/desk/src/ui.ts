/** What is open on the page just now, beside the conversations: windows, the panel, where the keyboard stands. */

import { signal } from "@preact/signals";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import type { ConversationItem, QueueItem } from "./protocol";

export type Window =
  | { readonly kind: "help" }
  | { readonly kind: "transfer" | "snooze" | "resolve" | "return"; readonly conversation: Conversation }
  | { readonly kind: "take_over"; readonly item: ConversationItem }
  | { readonly kind: "order"; readonly conversation: Conversation; readonly number: string; readonly action: string }
  | { readonly kind: "photo"; readonly address: string };

export const openWindow = signal<Window | null>(null);
export const panelTab = signal<"card" | "orders">("card");

/** Move the keyboard to the first element that fits, once it is on the page. */
export function focusSoon(selector: string): void {
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus()));
}

/** The field of a conversation. */
export function composerOf(conversationId: string): string {
  return `[data-composer="${CSS.escape(conversationId)}"]`;
}

/** Accept a customer; the keyboard goes to where the first word is written. */
export async function acceptAndWrite(desk: Desk, item: QueueItem): Promise<void> {
  if (await desk.accept(item)) focusSoon(composerOf(item.conversation_id));
}

/** A customer in the queue. */
export function waiterOf(conversationId: string): string {
  return `[data-waiter="${CSS.escape(conversationId)}"]`;
}

export const QUEUE_HEADING = "#queue-title";
