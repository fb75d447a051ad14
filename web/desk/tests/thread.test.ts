import { describe, expect, test } from "vitest";
import { completeUpTo, lastReadByCustomer, rowsOf, unansweredSince, withMessages, withNotes } from "../src/thread";
import { noted, said } from "./support";

describe("the messages of a conversation", () => {
  test("stand in order of sequence, whatever order they came in", () => {
    const messages = withMessages(withMessages([], [said(3), said(1)]), [said(2)]);

    expect(messages.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test("are there once, however often they come", () => {
    const first = withMessages([], [said(1), said(1)]);

    expect(first).toHaveLength(1);
    expect(withMessages(first, [said(1)])).toBe(first);
  });

  test("read as they were edited last, and are not there twice", () => {
    const first = withMessages([], [{ ...said(1), text: "DD1" }]);
    const edited = { ...said(1), text: "DD2", edited_at: "2025-03-03T10:01:00Z" };
    const once = withMessages(first, [edited]);

    expect(once.map(({ text }) => text)).toEqual(["DD2"]);
    expect(withMessages(once, [{ ...said(1), text: "DD1" }])).toBe(once);
    expect(withMessages(once, [{ ...edited, text: "DD1½", edited_at: "2025-03-03T10:00:30Z" }])).toBe(once);
  });

  test("say how they feel once they have been read", () => {
    const first = withMessages([], [{ ...said(1), language: null, emotion: null }]);
    const read = withMessages(first, [{ ...said(1), language: "nl" }]);

    expect(read).toHaveLength(1);
    expect(read[0]?.language).toBe("nl");
    expect(withMessages(read, [{ ...said(1), language: "en" }])).toBe(read);
  });

  test("are complete up to the first gap", () => {
    expect(completeUpTo([])).toBe(0);
    expect(completeUpTo([said(1), said(2), said(4)])).toBe(2);
  });
});

describe("the rows of a conversation", () => {
  test("have a note below the last message that its writer saw", () => {
    const rows = rowsOf([said(1), said(2), said(3)], [noted("n", 2)], []);

    expect(rows.map(({ key }) => key).slice(1)).toEqual(["message-1", "message-2", "n", "message-3"]);
  });

  test("have what is on its way at the end, until it has arrived", () => {
    const outgoing = [{ clientId: "a", text: "Hoi", isNote: false, state: "sending" as const }];

    expect(rowsOf([said(1)], [], outgoing).at(-1)?.kind).toBe("outgoing");
    expect(rowsOf([said(1, { client_message_id: "a" })], [], outgoing).at(-1)?.kind).toBe("message");
  });

  test("say when another day begins", () => {
    const rows = rowsOf([said(1), said(2, { created_at: "2025-03-05T10:00:00Z" })], [], []);

    expect(rows.filter(({ kind }) => kind === "day")).toHaveLength(2);
  });
});

test("notes are there once, in order of time", () => {
  const later = { ...noted("b", 0), created_at: "2025-03-03T11:00:00Z" };

  expect(withNotes([later], [noted("a", 0), later]).map(({ id }) => id)).toEqual(["a", "b"]);
});

test("a customer waits since the first message after the agent's last", () => {
  const agent = said(2, { author: "agent" });

  expect(unansweredSince([said(1), agent])).toBeNull();
  expect(unansweredSince([said(1), agent, said(3), said(4)])).toEqual(new Date(said(3).created_at));
});

test("the read mark stands at the agent's last message that was read", () => {
  const thread = [said(1, { author: "agent" }), said(2), said(3, { author: "agent" })];

  expect(lastReadByCustomer(thread, 2)).toBe(1);
  expect(lastReadByCustomer(thread, 3)).toBe(3);
});
