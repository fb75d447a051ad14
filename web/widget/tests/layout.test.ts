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

test("messages of two agents do not stand together", () => {
  const sanne = message(1, "agent", { ...at("10:00"), agent: { name: "Sanne" } });
  const bram = message(2, "agent", { ...at("10:01"), agent: { name: "Bram" } });

  const rows = bubbles(layOut([sanne, bram, { ...bram, id: "m3", sequence: 3 }], []));

  expect(rows.map(({ agentName, startsGroup }) => [agentName, startsGroup])).toEqual([
    ["Sanne", true],
    ["Bram", true],
    ["Bram", false],
  ]);
});

test("the customer's last message shows that an agent has read it, and no other does", () => {
  const said = [message(1, "customer"), message(2, "agent"), message(3, "customer"), message(4, "agent")];
  const read = (agentRead: number, pending: Pending[] = []) =>
    bubbles(layOut(said, pending, agentRead)).filter(({ isRead }) => isRead).map(({ key }) => key);

  expect(read(2)).toEqual([]);
  expect(read(3)).toEqual(["m3"]);
  expect(read(4)).toEqual(["m3"]);
  expect(read(4, [waiting])).toEqual([]);
});

test("a message that was edited says so", () => {
  const said = [message(1, "customer", { edited_at: "2025-05-02T10:01:00Z" }), message(2, "customer")];

  expect(bubbles(layOut(said, [waiting])).map(({ isEdited }) => isEdited)).toEqual([true, false, false]);
});
