/** Lets single keys work the desk. */

import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { go, route } from "./route";
import { singleKeys } from "./settings";
import { type Command, commandFor, isField } from "./shortcuts";
import { acceptAndWrite, composerOf, focusSoon, openWindow, panelTab, QUEUE_HEADING, waiterOf } from "./ui";

/** Listen to the keyboard; returns what stops it. */
export function listenToKeys(desk: Desk): () => void {
  const pressed = (event: KeyboardEvent) => {
    const isInDialog = document.querySelector("dialog[open]") !== null;
    const isTyping = isField(event.target as HTMLElement | null);
    const command = commandFor(event, { isTyping, isInDialog, isOn: singleKeys.value });
    if (!command || event.defaultPrevented || desk.stage.value !== "ready") return;
    if (act(desk, command, event.key)) event.preventDefault();
  };
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}

/** False: there was nothing to do, so the key is anybody's. */
function act(desk: Desk, command: Command, key: string): boolean {
  switch (command) {
    case "next":
      return moveInQueue(desk, 1);
    case "previous":
      return moveInQueue(desk, -1);
    case "accept":
    case "decline":
      return answerOffer(desk, command);
    case "next_tab":
      return moveInTabs(desk, 1);
    case "previous_tab":
      return moveInTabs(desk, -1);
    case "tab":
      return showTab(desk, Number(key) - 1);
    case "queue":
      go({ page: "desk", conversation: null, pane: "thread" });
      focusSoon(QUEUE_HEADING);
      return true;
    case "presence":
      void desk.setPresence(desk.me.value?.presence === "online" ? "away" : "online");
      return true;
    case "help":
      openWindow.value = { kind: "help" };
      return true;
    case "escape":
      return leaveField(desk);
    default:
      return desk.current.value ? actOn(desk.current.value, command) : false;
  }
}

function actOn(conversation: Conversation, command: Command): boolean {
  if (command === "card" || command === "orders") {
    panelTab.value = command;
    go({ page: "desk", conversation: conversation.id, pane: "card" });
    focusSoon(`#panel-tab-${command}`);
    return true;
  }
  if (conversation.access.value !== "mine") return false;
  if (command === "write" || command === "note" || command === "canned") return write(conversation, command);
  openWindow.value = { kind: command as "resolve", conversation };
  return true;
}

function write(conversation: Conversation, command: "write" | "note" | "canned"): boolean {
  conversation.isNoteDraft.value = command === "note";
  if (command === "canned") {
    const { value } = conversation.draft;
    conversation.setDraft(value && !/\s$/.test(value) ? `${value} /` : `${value}/`);
  }
  go({ page: "desk", conversation: conversation.id, pane: "thread" });
  focusSoon(composerOf(conversation.id));
  return true;
}

/** The customer in the queue that has the keyboard. */
function selected(): string | null {
  return document.activeElement?.closest<HTMLElement>("[data-waiter]")?.dataset.waiter ?? null;
}

function moveInQueue(desk: Desk, step: 1 | -1): boolean {
  const queue = desk.queue.value;
  if (!queue.length) return false;
  const index = queue.findIndex(({ conversation_id }) => conversation_id === selected());
  const target = queue[index < 0 ? 0 : Math.min(queue.length - 1, Math.max(0, index + step))];
  if (!target) return false;
  if (!document.querySelector(waiterOf(target.conversation_id))?.checkVisibility?.()) {
    go({ page: "desk", conversation: null, pane: "thread" });
  }
  focusSoon(waiterOf(target.conversation_id));
  return true;
}

function answerOffer(desk: Desk, command: "accept" | "decline"): boolean {
  const queue = desk.queue.value;
  const item = queue.find(({ conversation_id }) => conversation_id === selected()) ?? queue[0];
  if (!item) return false;
  if (command === "accept") void acceptAndWrite(desk, item);
  else if (item.state === "offered" && item.offered_to === desk.me.value?.id) void desk.decline(item);
  else return false;
  return true;
}

function moveInTabs(desk: Desk, step: 1 | -1): boolean {
  const open = desk.open.value;
  const index = open.findIndex(({ id }) => id === desk.active.value);
  return showTab(desk, (index + step + open.length) % Math.max(1, open.length));
}

function showTab(desk: Desk, index: number): boolean {
  const conversation = desk.open.value[index];
  if (!conversation) return false;
  go({ page: "desk", conversation: conversation.id, pane: "thread" });
  focusSoon(composerOf(conversation.id));
  return true;
}

/** From the field to its conversation; from the panel on a narrow screen back to the thread. */
function leaveField(desk: Desk): boolean {
  const { value } = route;
  const field = document.activeElement as HTMLElement | null;
  if (isField(field)) {
    const column = field?.closest<HTMLElement>("[data-conversation]");
    if (column) column.focus();
    else field?.blur();
    return true;
  }
  if (value.page === "desk" && value.conversation && value.pane === "card") {
    go({ ...value, pane: "thread" });
    if (desk.current.value) focusSoon(composerOf(desk.current.value.id));
    return true;
  }
  return false;
}
