import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Link, type LinkPorts } from "../src/link";
import { FakeSocket, message } from "./support";

let sockets: FakeSocket[];
let ports: { [K in keyof LinkPorts]: ReturnType<typeof vi.fn> };
let link: Link;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  ports = {
    catchUp: vi.fn(() => Promise.resolve()),
    openSocket: vi.fn(() => {
      sockets.push(new FakeSocket());
      return sockets.at(-1);
    }),
    receive: vi.fn(),
    refused: vi.fn(),
    longestPauseMs: vi.fn(() => 15_000),
  };
  link = new Link(ports as unknown as LinkPorts);
});

afterEach(() => {
  link.stop();
  vi.useRealTimers();
});

test("what was missed is fetched before the socket opens", async () => {
  link.start();
  expect(sockets).toHaveLength(0);

  await vi.advanceTimersByTimeAsync(0);

  expect(ports.catchUp).toHaveBeenCalledOnce();
  expect(sockets).toHaveLength(1);
});

test("events reach the conversation, garbage does not, and the line stays", async () => {
  link.start();
  await vi.advanceTimersByTimeAsync(0);

  for (const garbage of ["{", "null", "[]", '{"type":"surprise"}', '{"type":"message","message":{}}']) {
    sockets[0]?.tell(garbage);
  }
  sockets[0]?.tell({ type: "message", message: message(1) });

  expect(ports.receive).toHaveBeenCalledOnce();
  expect(sockets).toHaveLength(1);
});

test("a broken line is tried again after a pause that grows", async () => {
  ports.catchUp.mockRejectedValue(new Error("offline"));
  link.start();

  await vi.advanceTimersByTimeAsync(500);
  const early = ports.catchUp.mock.calls.length;
  await vi.advanceTimersByTimeAsync(60_000);

  expect(early).toBe(2);
  expect(ports.catchUp.mock.calls.length).toBeLessThan(15);
  expect(ports.catchUp.mock.calls.length).toBeGreaterThan(6);
});

test("where sockets are blocked, fetching goes on", async () => {
  link.start();
  for (let round = 0; round < 5; round++) {
    await vi.advanceTimersByTimeAsync(15_000);
    sockets.at(-1)?.break();
  }

  expect(ports.catchUp.mock.calls.length).toBeGreaterThanOrEqual(5);
});

test("waking connects at once, but never twice", async () => {
  link.start();
  await vi.advanceTimersByTimeAsync(0);
  link.wake();
  sockets[0]?.break();
  link.wake();
  link.wake();
  await vi.advanceTimersByTimeAsync(0);

  expect(sockets).toHaveLength(2);
});

test("a line that has gone silent is asked, and left when it does not answer", async () => {
  link.start();
  await vi.advanceTimersByTimeAsync(0);
  sockets[0]?.open();

  await vi.advanceTimersByTimeAsync(25_000);
  expect(sockets[0]?.sent).toEqual([{ type: "ping" }]);
  sockets[0]?.tell({ type: "pong" });
  await vi.advanceTimersByTimeAsync(25_000 + 10_000);

  expect(sockets[0]?.isClosed).toBe(true);
});

test.each([4401, 4404])("a refused conversation (%i) is not tried again", async (code) => {
  link.start();
  await vi.advanceTimersByTimeAsync(0);

  sockets[0]?.break(code);
  await vi.advanceTimersByTimeAsync(60_000);

  expect(ports.refused).toHaveBeenCalledOnce();
  expect(sockets).toHaveLength(1);
});

test("a stopped line stays silent", async () => {
  link.start();
  await vi.advanceTimersByTimeAsync(0);

  link.stop();
  sockets[0]?.tell({ type: "message", message: message(1) });
  sockets[0]?.break();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(ports.receive).not.toHaveBeenCalled();
  expect(sockets).toHaveLength(1);
});
