import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RefusedError } from "../src/api";
import type { Desk } from "../src/desk";
import { deskOf, FakeService, held, memory, queued, said, settled } from "./support";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function keysOf(desk: Desk): string[] {
  return desk.notices.all.value.map(({ key }) => key);
}

describe("accepting", () => {
  test("opens the conversation and takes it out of the queue", async () => {
    const service = new FakeService();
    const { desk, shown } = await deskOf(service);
    service.socket.say({ type: "queue", items: [queued("c1")], waiting: 1 });

    const isMine = await desk.accept(queued("c1"));

    expect(isMine).toBe(true);
    expect(desk.queue.value).toEqual([]);
    expect(desk.open.value.map(({ id }) => id)).toEqual(["c1"]);
    expect(shown).toEqual(["c1"]);
  });

  test("whoever comes second is told who has the customer", async () => {
    const service = new FakeService();
    const { desk } = await deskOf(service);
    service.refusal = new RefusedError(409, "handoff_taken", { agent: "Youssef" });

    expect(await desk.accept(queued("c1"))).toBe(false);

    expect(desk.notices.all.value[0]).toMatchObject({ key: "errors.handoff_taken_by", facts: { agent: "Youssef" }, isProblem: true });
    expect(desk.open.value).toEqual([]);
  });

  test("the news of it before the answer does not open it twice", async () => {
    const service = new FakeService();
    const { desk } = await deskOf(service);
    const accepting = desk.accept(queued("c1"));
    service.socket.say({ type: "mine", items: [held("c1")] });
    await accepting;

    expect(desk.open.value).toHaveLength(1);
  });
});

describe("the live connection", () => {
  test("after a break it is told what is here already, and what was missed is fetched", async () => {
    const service = new FakeService();
    service.add(held("c1"), said(1), said(2));
    const { desk } = await deskOf(service);
    service.socket.say({ type: "mine", items: [held("c1")] });
    await settled();
    expect(service.socket.sent.at(-1)).toEqual({ type: "watch", conversations: { c1: 2 } });

    service.socket.cut();
    expect(desk.connection.value).toBe("broken");
    service.threads.get("c1")?.push(said(3));
    await vi.advanceTimersByTimeAsync(1_000);
    service.socket.open();
    await settled();

    expect(service.sockets).toHaveLength(2);
    expect(service.socket.sent[0]).toEqual({ type: "watch", conversations: { c1: 2 } });
    service.socket.say({ type: "message", conversation_id: "c1", message: said(3) });
    expect(desk.find("c1")?.messages.value.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test("comes back after pauses that grow", async () => {
    const service = new FakeService();
    await deskOf(service);
    service.socket.cut();
    await vi.advanceTimersByTimeAsync(500);
    expect(service.sockets).toHaveLength(2);
    service.socket.cut();
    await vi.advanceTimersByTimeAsync(490);

    expect(service.sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(510);
    expect(service.sockets).toHaveLength(3);
  });

  test("one that is silent is asked, and given up when it does not answer", async () => {
    const service = new FakeService();
    await deskOf(service);
    const first = service.socket;
    await vi.advanceTimersByTimeAsync(25_000);
    expect(first.sent.at(-1)).toEqual({ type: "ping" });

    await vi.advanceTimersByTimeAsync(10_000);

    expect(first.isClosed).toBe(true);
  });

  test("garbage on it is passed over", async () => {
    const service = new FakeService();
    const { desk } = await deskOf(service);

    service.socket.say({ type: "message", conversation_id: "c1", message: "<img src=x>" });
    service.socket.say({ type: "something_of_next_year" });
    service.socket.onmessage?.call({} as WebSocket, { data: "{" } as MessageEvent);

    expect(desk.stage.value).toBe("ready");
  });
});

describe("losing a conversation", () => {
  test("to somebody who took it over closes it and says who", async () => {
    const service = new FakeService();
    const { desk } = await deskOf(service);
    service.socket.say({ type: "mine", items: [held("c1")] });
    await settled();

    const item = held("c1", { agent: { id: 2, display_name: "Marloes" } });
    service.socket.say({ type: "conversation", item, number: 5 });

    expect(desk.open.value).toEqual([]);
    expect(desk.notices.all.value[0]).toMatchObject({ key: "notices.taken_over", facts: { agent: "Marloes" } });
  });

  test("by an older number than the last is no news", async () => {
    const service = new FakeService();
    const { desk } = await deskOf(service);
    service.socket.say({ type: "mine", items: [held("c1")] });
    await settled();
    service.socket.say({ type: "conversation", item: held("c1"), number: 7 });

    const late = held("c1", { agent: { id: 2, display_name: "Marloes" } });
    service.socket.say({ type: "conversation", item: late, number: 6 });

    expect(desk.open.value).toHaveLength(1);
  });

  test("by handing it on is no loss, even when the news of it comes before the answer", async () => {
    const service = new FakeService();
    const { desk } = await deskOf(service);
    service.socket.say({ type: "mine", items: [held("c1"), held("c2")] });
    await settled();
    const conversation = desk.find("c1");
    if (!conversation) throw new Error("c1 is not open");
    desk.active.value = "c1";

    const resolving = desk.handOn(conversation, "resolve", { code: "solved", note: "" });
    service.socket.say({ type: "mine", items: [held("c2")] });
    await resolving;

    expect(keysOf(desk)).toEqual(["notices.done_resolve"]);
    expect(desk.open.value.map(({ id }) => id)).toEqual(["c2"]);
    expect(desk.active.value).toBe("c2");
    expect(service.steps).toEqual([{ id: "c1", step: "resolve", body: { code: "solved", note: "", as_of: 1 } }]);
  });
});

describe("the session", () => {
  test("that ends by itself leads to the sign-in page, and drafts are there again afterwards", async () => {
    const service = new FakeService();
    const { desk } = await deskOf(service, memory());
    service.socket.say({ type: "mine", items: [held("c1")] });
    desk.find("c1")?.setDraft("Half a sen");

    service.socket.cut(4401);
    expect([desk.stage.value, desk.hasExpired.value, desk.open.value.length]).toEqual(["signed_out", true, 0]);
    await desk.signIn("sanne@shop.example", "secret");
    service.socket.say({ type: "mine", items: [held("c1")] });

    expect(desk.find("c1")?.draft.value).toBe("Half a sen");
  });

  test("that the agent ends leaves nothing behind", async () => {
    const service = new FakeService();
    const store = memory();
    const { desk } = await deskOf(service, store);
    service.socket.say({ type: "mine", items: [held("c1")] });
    desk.find("c1")?.setDraft("Half a sen");

    await desk.signOut();

    expect(store.getItem("balie-desk")).toBeNull();
    expect(desk.hasExpired.value).toBe(false);
  });
});

test("an offer stands first and draws attention", async () => {
  const service = new FakeService();
  const { desk, alerts } = await deskOf(service);
  service.socket.say({ type: "queue", items: [queued("urgent", { points: 90 })], waiting: 1 });

  service.socket.say({ type: "offer", item: queued("c1", { state: "offered", offered_to: 1 }) });

  expect(desk.queue.value.map(({ conversation_id }) => conversation_id)).toEqual(["c1", "urgent"]);
  expect(alerts).toEqual(["offer"]);
});

test("a conversation that was put aside does not lie open, and does again when it is back", async () => {
  const service = new FakeService();
  const { desk } = await deskOf(service);
  service.socket.say({ type: "mine", items: [held("c1", { snoozed_until: "2030-01-01T00:00:00Z" })] });
  expect([desk.open.value.length, desk.snoozed.value.length]).toEqual([0, 1]);

  service.socket.say({ type: "mine", items: [held("c1")] });

  expect([desk.open.value.length, desk.snoozed.value.length]).toEqual([1, 0]);
});
