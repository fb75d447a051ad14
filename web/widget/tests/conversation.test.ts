import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RefusedError } from "../src/api";
import type { Conversation } from "../src/conversation";
import type { Message } from "../src/protocol";
import { VISITOR_SLOT, type Slots, slotOf } from "../src/slots";
import { beginWith, FakeService, memorySlots, message } from "./support";

let service: FakeService;
let slots: Slots;
let arrived: Message[];
let number: number;
let basketChanges: number;
let shrink: (photo: Blob) => Promise<Blob>;

beforeEach(() => {
  vi.useFakeTimers();
  service = new FakeService();
  slots = memorySlots();
  arrived = [];
  number = 0;
  basketChanges = 0;
  shrink = (photo) => Promise.resolve(photo);
});

afterEach(() => vi.useRealTimers());

function begin(): Conversation {
  return beginWith(service, slots, {
    shrink: (photo) => shrink(photo),
    arrived: (each) => arrived.push(each),
    basketChanged: () => (basketChanges += 1),
  });
}

function say(conversation: Conversation, text: string, buttonId?: string): void {
  number += 1;
  conversation.send({ clientMessageId: `id-${number}`, text, buttonId });
}

function show(conversation: Conversation, photo: Blob = JPEG): void {
  number += 1;
  conversation.send({ clientMessageId: `id-${number}`, text: "", photo });
}

const JPEG = new Blob(["a photo"], { type: "image/jpeg" });
const settle = () => vi.advanceTimersByTimeAsync(0);
const texts = (conversation: Conversation) => conversation.messages.map(({ text }) => text);

test("no conversation begins before something is said", async () => {
  begin().resume();
  await settle();

  expect(service.calls).toBe(0);
});

test("the first message begins a conversation and only its id and token are kept", async () => {
  const conversation = begin();

  say(conversation, "Hallo");
  await settle();

  expect(service.customerTexts).toEqual(["Hallo"]);
  expect(slots.read(VISITOR_SLOT)).toEqual({ id: "c1", token: "t-c1" });
  expect(conversation.pending).toEqual([]);
});

test("the typing sign shows at once, and goes when the answer comes", async () => {
  const conversation = begin();

  say(conversation, "Hallo");
  expect(conversation.isTyping).toBe(true);
  await settle();
  service.socket.tell({ type: "message", message: service.say("Dag") });

  expect(conversation.isTyping).toBe(false);
  expect(arrived.map(({ text }) => text)).toEqual(["Dag"]);
});

test("the typing sign never hangs: without an answer it goes, and what is new is fetched", async () => {
  const conversation = begin();
  say(conversation, "Hallo");
  await settle();
  service.socket.tell({ type: "typing", author: "assistant", active: true });
  service.say("Dag");

  await vi.advanceTimersByTimeAsync(31_000);

  expect(conversation.isTyping).toBe(false);
  expect(texts(conversation)).toEqual(["Hallo", "Dag"]);
});

test("while a colleague answers, no typing sign is made up", async () => {
  const conversation = begin();
  say(conversation, "Hallo");
  await settle();
  service.socket.tell({ type: "message", message: service.say("Dag") });
  service.socket.tell({ type: "status", status: "with_agent", language: "en" });

  say(conversation, "Bent u daar?");

  expect(conversation.isTyping).toBe(false);
  expect(conversation.language).toBe("en");
});

test("what is said without a network is kept and sent once, in order, when it is back", async () => {
  const conversation = begin();
  say(conversation, "een");
  await settle();
  service.isReachable = false;
  conversation.networkChanged(false);

  say(conversation, "twee");
  say(conversation, "drie");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(conversation.isOffline).toBe(true);
  expect(conversation.isTyping).toBe(false);
  service.isReachable = true;
  conversation.networkChanged(true);
  await settle();

  expect(service.customerTexts).toEqual(["een", "twee", "drie"]);
  expect(conversation.isOffline).toBe(false);
  expect(conversation.pending).toEqual([]);
});

test("a message whose confirmation was lost is not there twice", async () => {
  const conversation = begin();
  service.losesNextAnswer = true;

  say(conversation, "een");
  await vi.advanceTimersByTimeAsync(5_000);

  expect(service.customerTexts).toEqual(["een"]);
  expect(texts(conversation)).toEqual(["een"]);
  expect(conversation.pending).toEqual([]);
});

test("what was missed during a broken line is fetched, once", async () => {
  const conversation = begin();
  say(conversation, "een");
  await settle();
  service.socket.break();
  service.say("antwoord");

  await vi.advanceTimersByTimeAsync(2_000);
  service.socket.tell({ type: "message", message: service.conversation.messages[1] as Message });

  expect(texts(conversation)).toEqual(["een", "antwoord"]);
});

test("a message that arrives before its predecessor fetches the predecessor", async () => {
  const conversation = begin();
  say(conversation, "een");
  await settle();
  service.say("twee");

  service.socket.tell({ type: "message", message: service.say("drie") });
  await settle();

  expect(texts(conversation)).toEqual(["een", "twee", "drie"]);
});

test("a reload brings the history back without counting it as new", async () => {
  const before = begin();
  say(before, "een");
  await settle();
  service.say("twee");

  const after = begin();
  after.resume();
  expect(after.isLoading).toBe(true);
  await settle();

  expect(texts(after)).toEqual(["een", "twee"]);
  expect(after.language).toBe("nl");
  expect(after.isLoading).toBe(false);
  expect(arrived).toEqual([]);
});

test.each([
  [401, "token_invalid"],
  [403, "forbidden"],
  [404, "conversation_not_found"],
])("a conversation that is refused with %i %s is left quietly, and nothing typed is lost", async (status, code) => {
  const conversation = begin();
  say(conversation, "een");
  await settle();
  service.refusals.push({ on: "send", status, code });

  say(conversation, "twee");
  await settle();

  expect(service.conversations.size).toBe(2);
  expect(service.customerTexts).toEqual(["twee"]);
  expect(slots.read(VISITOR_SLOT)?.id).toBe("c2");
  expect(conversation.pending).toEqual([]);
});

test("a history that is refused makes room for a new conversation", async () => {
  slots.write(VISITOR_SLOT, { id: "gone", token: "old" });
  const conversation = begin();

  conversation.resume();
  await settle();

  expect(slots.read(VISITOR_SLOT)).toBeNull();
  expect(conversation.isLoading).toBe(false);
  expect(conversation.isOffline).toBe(false);
});

test("a service that refuses every conversation says so instead of trying for ever", async () => {
  const conversation = begin();
  for (let time = 0; time < 10; time++) service.refusals.push({ on: "send", status: 401, code: "token_invalid" });

  say(conversation, "een");
  await settle();

  expect(conversation.pending[0]?.problem).toBe("other");
  expect(service.conversations.size).toBe(3);
});

test.each([
  [429, "too_many_messages", "limited"],
  [422, "message_too_long", "too_long"],
  [413, "body_too_large", "too_long"],
  [422, "message_empty", "empty"],
  [422, "request_invalid", "other"],
])("a message refused with %i %s can be tried again", async (status, code, problem) => {
  const conversation = begin();
  service.refusals.push({ on: "send", status, code });
  say(conversation, "een");
  await settle();
  expect(conversation.pending[0]?.problem).toBe(problem);
  expect(conversation.isTyping).toBe(false);

  conversation.retry("id-1");
  await settle();

  expect(service.customerTexts).toEqual(["een"]);
  expect(conversation.pending).toEqual([]);
});

test("a button sends its id, and its words when the service no longer knows it", async () => {
  const conversation = begin();
  say(conversation, "Ja graag", "b1");
  await settle();
  service.refusals.push({ on: "send", status: 404, code: "button_not_found" });
  say(conversation, "Nee", "b2");
  await settle();

  expect(service.customerTexts).toEqual(["pressed b1", "Nee"]);
  expect(service.conversations.size).toBe(1);
});

test("a customer who logs in gets a conversation of their own, and the visitor's is dropped", async () => {
  const conversation = begin();
  say(conversation, "een");
  await settle();

  await conversation.identify("header.eyJzdWIiOiJDLTEifQ.sign");
  expect(conversation.messages).toEqual([]);
  say(conversation, "twee");
  await settle();

  expect(service.conversation.customerToken).toBe("header.eyJzdWIiOiJDLTEifQ.sign");
  expect(service.customerTexts).toEqual(["twee"]);
  expect(slots.read(VISITOR_SLOT)).toBeNull();
});

test("a fresh token of the same customer keeps the conversation; another customer never sees it", async () => {
  const conversation = begin();
  await conversation.identify(() => Promise.resolve("x.eyJzdWIiOiJDLTEifQ.1"));
  say(conversation, "een");
  await settle();

  await conversation.identify("x.eyJzdWIiOiJDLTEifQ.2");
  expect(texts(conversation)).toEqual(["een"]);
  expect(service.vouched).toEqual(["x.eyJzdWIiOiJDLTEifQ.2"]);
  await conversation.identify("x.eyJzdWIiOiJDLTIifQ.3");

  expect(texts(conversation)).toEqual([]);
  expect(slots.read(slotOf("x.eyJzdWIiOiJDLTEifQ.1"))).toBeNull();
});

test("logging out leaves nothing behind", async () => {
  const conversation = begin();
  await conversation.identify("x.eyJzdWIiOiJDLTEifQ.1");
  say(conversation, "een");
  await settle();

  await conversation.identify(null);

  expect(texts(conversation)).toEqual([]);
  expect(slots.used).toBe(false);
});

test("a customer token that is refused keeps nobody from being helped", async () => {
  const conversation = begin();
  await conversation.identify("x.eyJzdWIiOiJDLTEifQ.1");
  service.refusals.push({ on: "start", status: 403, code: "customer_token_invalid" });

  say(conversation, "een");
  await settle();

  expect(service.conversation.customerToken).toBeNull();
  expect(service.customerTexts).toEqual(["een"]);
});

test("a provider that fails makes a visitor, not a broken widget", async () => {
  const conversation = begin();
  await conversation.identify(() => Promise.reject(new Error("shop is down")));

  say(conversation, "een");
  await settle();

  expect(service.customerTexts).toEqual(["een"]);
});

test("a conversation that another tab began is joined, and left when the other tab logs out", async () => {
  const [one, other] = [begin(), begin()];
  say(one, "een");
  await settle();

  other.slotChanged(VISITOR_SLOT);
  await settle();
  expect(texts(other)).toEqual(["een"]);
  slots.clear(VISITOR_SLOT);
  other.slotChanged(VISITOR_SLOT);

  expect(texts(other)).toEqual([]);
});

test("when two tabs find the conversation gone, the second joins the new one of the first", async () => {
  const conversation = begin();
  say(conversation, "een");
  await settle();
  const { socket } = service;
  const started = await service.api.startConversation("nl", null);
  slots.write(VISITOR_SLOT, { id: started.id, token: started.token });
  service.conversation.messages.push(message(1, "customer", { text: "van de andere tab" }));

  socket.break(4401);
  await settle();

  expect(texts(conversation)).toEqual(["van de andere tab"]);
  expect(slots.read(VISITOR_SLOT)?.id).toBe(started.id);
});

test("a photo begins a conversation like a text does, and is sent as itself", async () => {
  const conversation = begin();

  show(conversation);
  expect(conversation.isTyping).toBe(true);
  await settle();

  expect(service.photos.get("photo-id-1")).toEqual({ photo: JPEG, type: "image/jpeg" });
  expect(conversation.messages.map(({ text, photos }) => [text, photos?.[0]?.id])).toEqual([["", "photo-id-1"]]);
  expect(await (await conversation.fetchPhoto("photo-id-1")).text()).toBe("a photo");
  expect(conversation.pending).toEqual([]);
});

test("a photo is made small before it is sent", async () => {
  const small = new Blob(["small"], { type: "image/jpeg" });
  shrink = () => Promise.resolve(small);
  const conversation = begin();

  show(conversation, new Blob(["large"], { type: "image/png" }));
  await settle();

  expect(service.photos.get("photo-id-1")).toEqual({ photo: small, type: "image/jpeg" });
});

test("photos and words that are sent without a network go out once, in order", async () => {
  const conversation = begin();
  say(conversation, "een");
  await settle();
  service.isReachable = false;
  conversation.networkChanged(false);

  show(conversation);
  say(conversation, "drie");
  await vi.advanceTimersByTimeAsync(20_000);
  service.isReachable = true;
  service.losesNextAnswer = true;
  conversation.networkChanged(true);
  await vi.advanceTimersByTimeAsync(20_000);

  expect(service.customerTexts).toEqual(["een", "", "drie"]);
  expect(service.photos.size).toBe(1);
  expect(conversation.pending).toEqual([]);
});

test.each([
  [422, "photo_unreadable", "photo_unreadable"],
  [413, "photo_too_large", "photo_too_large"],
  [413, "unknown", "photo_too_large"],
  [429, "photo_too_many", "photo_too_many"],
  [429, "too_many_messages", "limited"],
  [422, "photo_unfinished", "other"],
])("a photo refused with %i %s lets the others pass and can be tried again", async (status, code, problem) => {
  const conversation = begin();
  service.refusals.push({ on: "send", status, code });
  show(conversation);
  say(conversation, "twee");
  await settle();
  expect(conversation.pending.map((item) => item.problem)).toEqual([problem]);
  expect(service.customerTexts).toEqual(["twee"]);

  conversation.retry("id-1");
  await settle();

  expect(service.customerTexts).toEqual(["twee", ""]);
  expect(conversation.pending).toEqual([]);
});

test("what cannot be opened as a photo never leaves the browser", async () => {
  shrink = () => Promise.reject(new RefusedError(422, "photo_unreadable"));
  const conversation = begin();

  show(conversation, new Blob(["%PDF"], { type: "application/pdf" }));
  await settle();

  expect(conversation.pending[0]?.problem).toBe("photo_unreadable");
  expect(service.photos.size).toBe(0);
  expect(service.conversations.size).toBe(1);
});

test("a photo whose conversation is gone begins a new one", async () => {
  const conversation = begin();
  say(conversation, "een");
  await settle();
  service.refusals.push({ on: "send", status: 404, code: "conversation_not_found" });

  show(conversation);
  await settle();

  expect(service.conversations.size).toBe(2);
  expect(service.conversation.messages[0]?.photos).toHaveLength(1);
});

test("a photo that cannot be fetched is no reason to leave the conversation", async () => {
  const conversation = begin();
  say(conversation, "een");
  await settle();

  await expect(conversation.fetchPhoto("gone")).rejects.toThrow("404");

  expect(texts(conversation)).toEqual(["een"]);
  expect(slots.read(VISITOR_SLOT)?.id).toBe("c1");
});

test("the page hears that the basket changed, and what opens it", async () => {
  const conversation = begin();
  expect(conversation.session).toBeNull();
  say(conversation, "Doe er een tent bij");
  await settle();
  const before = basketChanges;

  service.socket.tell({ type: "basket" });

  expect(basketChanges).toBe(before + 1);
  expect(conversation.session).toEqual({ id: "c1", token: "t-c1" });
});

test("after a broken line the page looks at the basket again: a bell may have been missed", async () => {
  const conversation = begin();
  say(conversation, "Hallo");
  await settle();
  const before = basketChanges;

  service.socket.break();
  await vi.advanceTimersByTimeAsync(20_000);

  expect(basketChanges).toBeGreaterThan(before);
});

test("another customer's conversation is another basket", async () => {
  const conversation = begin();
  say(conversation, "Hallo");
  await settle();
  const before = basketChanges;

  await conversation.identify("known.token.x");

  expect(conversation.session).toBeNull();
  expect(basketChanges).toBeGreaterThan(before);
});

const queue = { position: 2, wait: { from_minutes: 4, to_minutes: 7 } };

async function talk(): Promise<Conversation> {
  const conversation = begin();
  say(conversation, "Ik wil een mens");
  await settle();
  service.socket.open();
  return conversation;
}

test("a customer who waits is told the place in line, and again when it changes", async () => {
  const conversation = await talk();

  service.socket.tell({ type: "status", status: "waiting_for_agent", queue });
  expect(conversation.standing.queue).toEqual(queue);
  expect(conversation.isTyping).toBe(false);

  service.socket.tell({ type: "status", status: "waiting_for_agent", queue: { position: 1, wait: null } });
  expect(conversation.standing.queue).toEqual({ position: 1, wait: null });
});

test("a page that is loaded again finds the place in line and who has the conversation", async () => {
  await talk();
  service.told = { status: "with_agent", agent: { name: "Sanne" }, read: { agent: 1 } };
  const conversation = begin();

  conversation.resume();
  await settle();

  expect(conversation.standing).toMatchObject({ status: "with_agent", agentName: "Sanne", agentRead: 1, queue: null });
});

test("it is seen who writes: the assistant, or an agent", async () => {
  const conversation = await talk();
  service.socket.tell({ type: "message", message: service.say("Ik verbind je door") });
  service.socket.tell({ type: "status", status: "with_agent", agent: { name: "Sanne" } });

  service.socket.tell({ type: "typing", author: "agent", active: true });
  expect(conversation.typingBy).toBe("agent");
  service.socket.tell({ type: "typing", author: "assistant", active: false });
  expect(conversation.typingBy).toBe("agent");
  service.socket.tell({ type: "typing", author: "agent", active: false });
  expect(conversation.typingBy).toBeNull();
});

test("an assistant that helps while the customer waits is expected to answer", async () => {
  const conversation = await talk();
  service.socket.tell({ type: "message", message: service.say("Je plek houd je") });
  service.socket.tell({ type: "status", status: "waiting_for_agent", queue, assistant_helps: true });

  say(conversation, "Wat kost verzenden?");

  expect(conversation.typingBy).toBe("assistant");
});

test("the desk sees that the customer writes; as long as only the assistant listens, nobody does", async () => {
  const conversation = await talk();
  conversation.typed(true);
  conversation.typed(false);
  expect(service.socket.sent).toEqual([]);

  service.socket.tell({ type: "status", status: "with_agent", agent: { name: "Sanne" } });
  conversation.typed(true);
  conversation.typed(false);

  expect(service.socket.sent).toEqual([
    { type: "typing", active: true },
    { type: "typing", active: false },
  ]);
});

test("without a line, writing is not told, and nothing breaks", async () => {
  const conversation = await talk();
  service.socket.tell({ type: "status", status: "with_agent", agent: { name: "Sanne" } });
  service.socket.break();

  conversation.typed(true);

  expect(service.socket.sent).toEqual([]);
});

test("what an agent wrote is told to be read when somebody has seen it", async () => {
  const conversation = await talk();
  service.socket.tell({ type: "message", message: service.say("Dag", { author: "agent", agent: { name: "Sanne" } }) });
  await settle();
  expect(service.reads).toEqual([]);

  conversation.seen();
  conversation.seen();
  await settle();

  expect(service.reads).toEqual([2]);
});

test("an answer of the assistant needs no read mark", async () => {
  const conversation = await talk();
  service.socket.tell({ type: "message", message: service.say("Dag") });

  conversation.seen();
  await settle();

  expect(service.reads).toEqual([]);
});

test("what was read in one conversation says nothing of the next", async () => {
  const conversation = await talk();
  service.socket.tell({ type: "message", message: service.say("Dag", { author: "agent" }) });
  conversation.seen();
  await settle();
  service.socket.break(4404);
  say(conversation, "Opnieuw");
  await settle();
  service.socket.tell({ type: "message", message: service.say("Dag weer", { author: "agent" }) });

  conversation.seen();
  await settle();

  expect(service.reads).toEqual([2, 2]);
});

test("a card that is followed is told, by a call that outlives the page", async () => {
  const conversation = begin();
  say(conversation, "Hallo");
  await settle();

  conversation.followed("0a1b");
  await settle();

  expect(service.followed).toEqual([{ key: "0a1b", keepalive: true }]);
});

test.each([403, 404, 429])("a service that will not hear of a card (%i) is not asked again, and nothing else changes", async (status) => {
  const conversation = begin();
  say(conversation, "Hallo");
  await settle();
  const before = service.calls;
  service.refusals.push({ status, code: "card_not_found", on: "followed" });

  conversation.followed("0a1b");
  await vi.advanceTimersByTimeAsync(1_000);

  expect([service.calls - before, service.followed, service.refusals]).toEqual([1, [], []]);
  expect(slots.read(VISITOR_SLOT)).toEqual(conversation.session);
  expect([texts(conversation), conversation.isOffline]).toEqual([["Hallo"], false]);
});

test("a card that is followed while the service is away is let go", async () => {
  const conversation = begin();
  say(conversation, "Hallo");
  await settle();
  service.isReachable = false;

  conversation.followed("0a1b");
  await settle();

  expect([service.followed, conversation.isOffline]).toEqual([[], false]);
});
