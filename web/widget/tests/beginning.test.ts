import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../src/conversation";
import { type Slots, VISITOR_SLOT } from "../src/slots";
import { beginWith, FakeService, memorySlots } from "./support";

let service: FakeService;
let slots: Slots;

beforeEach(() => {
  vi.useFakeTimers();
  service = new FakeService();
  slots = memorySlots();
});

afterEach(() => vi.useRealTimers());

function begin(): Conversation {
  return beginWith(service, slots);
}

test("a page gets a conversation before anybody has written, and the visitor writes in the same one", async () => {
  const conversation = begin();
  const opened = conversation.openSession();
  conversation.send({ clientMessageId: "a", text: "Hoi" });
  const session = await opened;
  await vi.advanceTimersByTimeAsync(0);

  expect([...service.conversations.keys()]).toEqual([session.id]);
  expect(slots.read(VISITOR_SLOT)).toEqual(session);
  expect(service.customerTexts).toEqual(["Hoi"]);
});

test("asking again gives the conversation that there is", async () => {
  const conversation = begin();
  const first = await conversation.openSession();

  expect(await conversation.openSession()).toEqual(first);
  expect(service.conversations.size).toBe(1);
});

test("what cannot be begun can be tried again", async () => {
  service.refusals.push({ status: 429, code: "too_many_conversations", on: "start" });
  const conversation = begin();
  await expect(conversation.openSession()).rejects.toThrow();

  expect((await conversation.openSession()).id).toBeTruthy();
});
