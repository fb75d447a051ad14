/** Somebody logs in or out while a conversation is being begun, or taken over from a messenger. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../src/conversation";
import { type Slots, slotOf, VISITOR_SLOT } from "../src/slots";
import { beginWith, FakeService, memorySlots, message } from "./support";

const SANNE = "x.eyJzdWIiOiJDLTEifQ.1";
const PRIYA = "x.eyJzdWIiOiJDLTIifQ.1";

let service: FakeService;
let slots: Slots;
/** Answers of the service that are still on their way to the browser. */
let underway: (() => void)[];

beforeEach(() => {
  vi.useFakeTimers();
  service = new FakeService();
  slots = memorySlots();
  underway = [];
});

afterEach(() => vi.useRealTimers());

function begin(): Conversation {
  return beginWith(service, slots);
}

/** From now on a conversation begins at the service at once, and the browser hears of it when the test says so. */
function holdAnswers(): void {
  const start = service.api.startConversation.bind(service.api);
  service.api.startConversation = async (language, token) => {
    const started = await start(language, token);
    await new Promise<void>((arrive) => underway.push(arrive));
    return started;
  };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

async function answersArrive(): Promise<void> {
  await settle();
  for (const arrive of underway.splice(0)) arrive();
  await settle();
}

/** Who each conversation was begun for, oldest first, with what was said in it. */
const held = () => [...service.conversations.values()].map(({ customerToken, messages }) => [customerToken, ...messages.map(({ text }) => text)]);

test("who logs out while a conversation begins leaves neither it nor what they wrote to the next at this browser", async () => {
  const conversation = begin();
  await conversation.identify(SANNE);
  holdAnswers();
  conversation.send({ clientMessageId: "a", text: "Waar is mijn bestelling?" });
  await settle();

  await conversation.identify(null);
  await answersArrive();

  expect(slots.used).toBe(false);
  expect(conversation.session).toBeNull();
  expect(held()).toEqual([[SANNE]]);
});

test("what is written after logging out goes into a visitor's conversation of its own", async () => {
  const conversation = begin();
  await conversation.identify(SANNE);
  holdAnswers();
  conversation.send({ clientMessageId: "a", text: "Waar is mijn bestelling?" });
  await settle();
  await conversation.identify(null);

  conversation.send({ clientMessageId: "b", text: "Hoi" });
  await answersArrive();
  await answersArrive();

  expect(held()).toEqual([[SANNE], [null, "Hoi"]]);
  expect(slots.read(VISITOR_SLOT)?.id).toBe("c2");
});

test("what a visitor wrote goes into their own conversation when they log in meanwhile", async () => {
  const conversation = begin();
  holdAnswers();
  conversation.send({ clientMessageId: "a", text: "Hoi" });
  await settle();

  await conversation.identify(SANNE);
  await answersArrive();
  await answersArrive();

  expect(held()).toEqual([[null], [SANNE, "Hoi"]]);
  expect(slots.read(slotOf(SANNE))?.id).toBe("c2");
  expect(slots.read(VISITOR_SLOT)).toBeNull();
});

test("a page that asked for a conversation gets that of who is logged in when it is there", async () => {
  const conversation = begin();
  await conversation.identify(SANNE);
  holdAnswers();
  const asked = conversation.openSession();
  await settle();
  await conversation.identify(PRIYA);
  const askedAgain = conversation.openSession();
  await answersArrive();
  await answersArrive();

  expect((await asked).id).toBe("c2");
  expect(await askedAgain).toEqual(await asked);
  expect(held()).toEqual([[SANNE], [PRIYA]]);
  expect(slots.read(slotOf(PRIYA))?.id).toBe("c2");
});

test("a login that is not known yet when the answer comes is waited for", async () => {
  const conversation = begin();
  await conversation.identify(SANNE);
  holdAnswers();
  conversation.send({ clientMessageId: "a", text: "Waar is mijn bestelling?" });
  await settle();
  let tell: (token: string) => void = () => undefined;
  void conversation.identify(() => new Promise<string>((resolve) => (tell = resolve)));

  await answersArrive();
  expect(slots.used).toBe(false);
  tell(PRIYA);
  await answersArrive();

  expect(slots.used).toBe(false);
  expect(held()).toEqual([[SANNE]]);
});

test("what one customer wrote and could not send is not sent as the next customer's", async () => {
  const conversation = begin();
  await conversation.identify(SANNE);
  service.isReachable = false;
  conversation.send({ clientMessageId: "a", text: "Waar is mijn bestelling?" });
  await settle();

  await conversation.identify(PRIYA);
  service.isReachable = true;
  conversation.networkChanged(true);
  await settle();

  expect(conversation.pending).toEqual([]);
  expect(service.conversations.size).toBe(0);
});

test("a conversation that came from a messenger while one began is the one that goes on", async () => {
  service.conversations.set("c7", { token: "t-c7", messages: [message(1)], customerToken: null });
  const conversation = begin();
  holdAnswers();
  conversation.send({ clientMessageId: "a", text: "Hoi" });
  await settle();

  await conversation.adopt({ id: "c7", token: "t-c7" });
  await answersArrive();

  expect(slots.read(VISITOR_SLOT)?.id).toBe("c7");
  expect(service.conversations.get("c7")?.messages.at(-1)?.text).toBe("Hoi");
});

/** From now on the shop's word for a customer arrives when the test says so. */
function holdVouching(): void {
  const vouch = service.api.showCustomer.bind(service.api);
  service.api.showCustomer = async (session, token) => {
    await vouch(session, token);
    await new Promise<void>((arrive) => underway.push(arrive));
  };
}

test("who logs out while their conversation comes from a messenger does not leave it to the next at this browser", async () => {
  service.conversations.set("c7", { token: "t-c7", messages: [message(1)], customerToken: null });
  const conversation = begin();
  await conversation.identify(SANNE);
  holdVouching();
  const adopted = conversation.adopt({ id: "c7", token: "t-c7" });
  await settle();

  await conversation.identify(null);
  await answersArrive();
  await adopted;

  expect(slots.used).toBe(false);
  expect(conversation.session).toBeNull();
});

test("a visitor who logs in while a conversation comes from a messenger has it as a customer", async () => {
  service.conversations.set("c7", { token: "t-c7", messages: [message(1)], customerToken: null });
  const conversation = begin();
  let tell: (token: null) => void = () => undefined;
  const known = conversation.identify(() => new Promise<null>((resolve) => (tell = resolve)));
  tell(null);
  await known;
  const adopted = conversation.adopt({ id: "c7", token: "t-c7" });
  await settle();

  await conversation.identify(SANNE);
  tell(null);
  await adopted;

  expect(slots.read(slotOf(SANNE))?.id).toBe("c7");
  expect(service.vouched).toEqual([SANNE]);
});
