import { expect, test } from "vitest";
import { type BubbleRow, layOut } from "../src/layout";
import type { Pending } from "../src/outbox";
import { message } from "./support";

const at = (time: string) => ({ created_at: new Date(`2025-05-02T${time}:00`).toISOString() });
const bubbles = (rows: ReturnType<typeof layOut>) => rows.filter((row): row is BubbleRow => row.kind === "bubble");
const waiting: Pending = { clientMessageId: "p", text: "later", createdAt: new Date("2025-05-03T09:00:00"), problem: null };

test("a day is named where it begins", () => {
  const rows = layOut([message(1, "customer", at("23:50"))], [waiting]);

  expect(rows.map(({ kind }) => kind)).toEqual(["day", "bubble", "day", "bubble"]);
});

test("messages of one author within five minutes stand together", () => {
  const rows = bubbles(
    layOut([message(1, "assistant", at("10:00")), message(2, "assistant", at("10:04")), message(3, "assistant", at("10:30"))], []),
  );

  expect(rows.map(({ startsGroup, endsGroup }) => [startsGroup, endsGroup])).toEqual([
    [true, false],
    [false, true],
    [true, true],
  ]);
});

test("a message keeps its key when the service confirms it", () => {
  const [before] = bubbles(layOut([], [waiting]));
  const [after] = bubbles(layOut([message(1, "customer", { client_message_id: "p" })], []));

  expect(before?.key).toBe(after?.key);
});

test("replies can be chosen until the customer says something, links for ever", () => {
  const buttons = [
    { id: "b1", title: "Yes" },
    { url: "https://shop.example", title: "Shop" },
  ];
  const offered = message(1, "assistant", { buttons });

  expect(bubbles(layOut([offered], []))[0]?.buttons).toHaveLength(2);
  expect(bubbles(layOut([offered], [waiting]))[0]?.buttons).toEqual([buttons[1]]);
  expect(bubbles(layOut([offered, message(2, "customer")], []))[0]?.buttons).toEqual([buttons[1]]);
});
