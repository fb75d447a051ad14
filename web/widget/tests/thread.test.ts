import { expect, test } from "vitest";
import { Thread } from "../src/thread";
import { message } from "./support";

test("a message that comes twice is there once", () => {
  const thread = new Thread();

  expect(thread.add(message(1))).toBe(true);
  expect(thread.add(message(1))).toBe(false);

  expect(thread.messages).toHaveLength(1);
});

test("messages stand in order of sequence, whatever order they came in", () => {
  const thread = new Thread();

  for (const sequence of [3, 1, 2]) thread.add(message(sequence));

  expect(thread.messages.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(thread.after).toBe(3);
});

test("a gap is noticed, and what to ask for starts before it", () => {
  const thread = new Thread();

  for (const sequence of [1, 2, 5]) thread.add(message(sequence));

  expect(thread.hasGap).toBe(true);
  expect(thread.after).toBe(2);
});

test("a message that was edited elsewhere reads as it does now, and is no message more", () => {
  const thread = new Thread();
  const edited = message(1, "customer", { text: "DD2", edited_at: "2025-05-02T10:01:00Z" });
  thread.add(message(1, "customer", { text: "DD1" }));

  expect(thread.add(edited)).toBe(false);
  expect(thread.add(message(1, "customer", { text: "DD1" }))).toBe(false);
  expect(thread.add({ ...edited, text: "DD1½", edited_at: "2025-05-02T10:00:30Z" })).toBe(false);

  expect(thread.messages.map(({ text }) => text)).toEqual(["DD2"]);
  expect(thread.after).toBe(1);
});
