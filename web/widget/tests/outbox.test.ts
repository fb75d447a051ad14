import { expect, test } from "vitest";
import { Outbox } from "../src/outbox";

function outboxWith(...ids: string[]): Outbox {
  const outbox = new Outbox();
  for (const id of ids) outbox.add({ clientMessageId: id, text: id }, new Date(0));
  return outbox;
}

test("messages leave in the order in which they were written", () => {
  const outbox = outboxWith("a", "b");

  expect(outbox.next?.clientMessageId).toBe("a");
  outbox.settle("a");
  expect(outbox.next?.clientMessageId).toBe("b");
});

test("a refused message lets the others pass and stays visible", () => {
  const outbox = outboxWith("a", "b");

  outbox.fail("a", "limited");

  expect(outbox.next?.clientMessageId).toBe("b");
  expect(outbox.all.map(({ problem }) => problem)).toEqual(["limited", null]);
});

test("a message that is tried again keeps its id and goes to the end", () => {
  const outbox = outboxWith("a", "b");
  outbox.fail("a", "other");

  outbox.retry("a");

  expect(outbox.all.map(({ clientMessageId }) => clientMessageId)).toEqual(["b", "a"]);
  expect(outbox.all.every(({ problem }) => problem === null)).toBe(true);
});
