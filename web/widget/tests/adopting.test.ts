import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../src/conversation";
import type { Message } from "../src/protocol";
import { type Slots, VISITOR_SLOT } from "../src/slots";
import { beginWith, FakeService, memorySlots, message } from "./support";

let service: FakeService;
let slots: Slots;
let arrived: Message[];

beforeEach(() => {
  vi.useFakeTimers();
  service = new FakeService();
  slots = memorySlots();
  arrived = [];
});

afterEach(() => vi.useRealTimers());

function begin(): Conversation {
  return beginWith(service, slots, { arrived: (each) => arrived.push(each) });
}

/** A conversation that was held in a messenger so far. */
function heldElsewhere(): void {
  const messages = [message(1, "customer", { text: "Uit Telegram" }), message(2)];
  service.conversations.set("c7", { token: "t-c7", messages, customerToken: null });
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const texts = (conversation: Conversation) => conversation.messages.map(({ text }) => text);

test("a conversation from a messenger comes up with all that was said, and is kept in this browser", async () => {
  heldElsewhere();
  const conversation = begin();
  conversation.send({ clientMessageId: "own", text: "Van hier" });
  await settle();

  await conversation.adopt({ id: "c7", token: "t-c7" });
  await settle();

  expect(texts(conversation)).toEqual(["Uit Telegram", "text 2"]);
  expect(arrived).toEqual([]);
  expect(slots.read(VISITOR_SLOT)).toEqual({ id: "c7", token: "t-c7" });
  conversation.send({ clientMessageId: "next", text: "En verder" });
  await settle();
  expect(service.conversations.get("c7")?.messages.at(-1)?.text).toBe("En verder");
});

test("the shop vouches for whoever is logged in here in that conversation too", async () => {
  heldElsewhere();
  const conversation = begin();
  await conversation.identify("customer.token");

  await conversation.adopt({ id: "c7", token: "t-c7" });
  await settle();

  expect(service.vouched).toEqual(["customer.token"]);
  expect(texts(conversation)).toEqual(["Uit Telegram", "text 2"]);
});

test("a message that is edited in the messenger reads as it does now, and is not announced", async () => {
  heldElsewhere();
  const conversation = begin();
  await conversation.adopt({ id: "c7", token: "t-c7" });
  await settle();

  const edited = message(1, "customer", { text: "Anders", edited_at: "2025-05-02T10:05:00Z" });
  service.socket.tell({ type: "message", message: edited });

  expect(texts(conversation)).toEqual(["Anders", "text 2"]);
  expect(arrived).toEqual([]);
});
