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
