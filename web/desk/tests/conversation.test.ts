import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RefusedError } from "../src/api";
import { conversationOf, FakeService, held, memory, said, settled } from "./support";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("sending", () => {
  test("shows the message at once and settles it when the service has it", async () => {
    const { conversation } = conversationOf(new FakeService());
    conversation.setDraft("  Hoi Lotte ");

    conversation.sendDraft();
    expect(conversation.outgoing.value).toMatchObject([{ text: "Hoi Lotte", state: "sending" }]);
    expect(conversation.draft.value).toBe("");
    await settled();

    expect(conversation.outgoing.value).toEqual([]);
    expect(conversation.messages.value.map(({ text }) => text)).toEqual(["Hoi Lotte"]);
  });

  test("waits while nobody answers, and tries again under the same id", async () => {
    const service = new FakeService();
    const { conversation } = conversationOf(service);
    service.isDown = true;
    conversation.setDraft("Hoi");
    conversation.sendDraft();
    await settled();
    expect(conversation.outgoing.value[0]?.state).toBe("waiting");

    service.isDown = false;
    await conversation.flush();

    expect(service.posted).toEqual(["id-1", "id-1"]);
    expect(conversation.messages.value).toHaveLength(1);
  });

  test("keeps the order of what waits", async () => {
    const service = new FakeService();
    const { conversation } = conversationOf(service);
    service.isDown = true;
    for (const text of ["one", "two"]) {
      conversation.setDraft(text);
      conversation.sendDraft();
    }
    await settled();
    service.isDown = false;

    await conversation.flush();

    expect(conversation.messages.value.map(({ text }) => text)).toEqual(["one", "two"]);
  });

  test("a refused message steps aside and says why, and can be tried again or taken back", async () => {
    const service = new FakeService();
    const { conversation } = conversationOf(service);
    service.refusal = new RefusedError(422, "message_too_long");
    conversation.setDraft("too long");
    conversation.sendDraft();
    await settled();
    expect(conversation.outgoing.value[0]).toMatchObject({ state: "failed", problem: "message_too_long" });

    conversation.retry("id-1");
    await settled();
    expect(service.posted).toEqual(["id-1", "id-1"]);
    conversation.takeBack("id-1");

    expect(conversation.outgoing.value).toEqual([]);
    expect(conversation.draft.value).toBe("too long");
  });

  test("a session that ended is no refusal: the message waits", async () => {
    const service = new FakeService();
    const { conversation } = conversationOf(service);
    service.refusal = new RefusedError(401, "session_missing");
    conversation.setDraft("Hoi");
    conversation.sendDraft();
    await settled();

    expect(conversation.outgoing.value[0]?.state).toBe("waiting");
  });

  test("what was not sent is there after a reload, and goes out under its old id", async () => {
    const service = new FakeService();
    const store = memory();
    const before = conversationOf(service, store);
    service.isDown = true;
    before.conversation.setDraft("Hoi");
    before.conversation.sendDraft();
    await settled();

    service.isDown = false;
    const after = conversationOf(service, store);
    await after.conversation.flush();

    expect(service.posted).toEqual(["id-1", "id-1"]);
    expect(after.kept.unsent("c1")).toEqual([]);
  });

  test("a note goes to colleagues only", async () => {
    const service = new FakeService();
    const { conversation } = conversationOf(service);
    conversation.isNoteDraft.value = true;
    conversation.setDraft("Vervoerder gebeld");

    conversation.sendDraft();
    await settled();

    expect(service.posted).toEqual([]);
    expect(conversation.notes.value.map(({ text }) => text)).toEqual(["Vervoerder gebeld"]);
    expect(conversation.isNoteDraft.value).toBe(false);
  });
});

describe("arriving", () => {
  test("long conversations are fetched page by page", async () => {
    const service = new FakeService();
    service.add(held("c1"), ...[1, 2, 3, 4, 5, 6, 7].map((sequence) => said(sequence)));
    const { conversation } = conversationOf(service);

    await conversation.load();

    expect(conversation.after).toBe(7);
  });

  test("an echo of the agent's own message settles it", async () => {
    const service = new FakeService();
    const { conversation } = conversationOf(service);
    service.isDown = true;
    conversation.setDraft("Hoi");
    conversation.sendDraft();
    await settled();

    conversation.addMessage(said(1, { author: "agent", client_message_id: "id-1" }));

    expect(conversation.outgoing.value).toEqual([]);
  });

  test("a sign that the customer types goes by itself, and with their message", () => {
    const { conversation } = conversationOf(new FakeService());
    conversation.showTyping(true);
    vi.advanceTimersByTime(12_000);
    expect(conversation.isCustomerTyping.value).toBe(false);

    conversation.showTyping(true);
    conversation.addMessage(said(1));

    expect(conversation.isCustomerTyping.value).toBe(false);
  });

  test("read marks never go back", () => {
    const { conversation } = conversationOf(new FakeService());
    conversation.setRead({ customer: 5, agent: 3 });

    conversation.setRead({ customer: 2, agent: 4 });

    expect(conversation.read.value).toEqual({ customer: 5, agent: 4 });
  });
});

describe("typing", () => {
  test("is told to the customer now and then, and when it stops; of notes they hear nothing", () => {
    const { conversation, typing } = conversationOf(new FakeService());
    conversation.setDraft("H");
    conversation.setDraft("Ho");
    conversation.setDraft("");
    conversation.isNoteDraft.value = true;
    conversation.setDraft("note");

    expect(typing).toEqual([true, false]);
  });
});
