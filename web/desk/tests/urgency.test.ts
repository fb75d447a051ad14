import { beforeEach, describe, expect, test } from "vitest";
import { urgentFirst, whyInWords } from "../src/urgency";
import { language } from "../src/words";
import { queued } from "./support";

beforeEach(() => {
  language.value = "nl";
});

describe("the queue", () => {
  test("has the most urgent first, and of equals whoever waits longest", () => {
    const items = [
      queued("late", { points: 5, waiting_since: "2025-03-03T10:05:00Z" }),
      queued("early", { points: 5, waiting_since: "2025-03-03T10:00:00Z" }),
      queued("urgent", { points: 40, waiting_since: "2025-03-03T10:09:00Z" }),
    ];

    expect(urgentFirst(items, 1).map(({ conversation_id }) => conversation_id)).toEqual(["urgent", "early", "late"]);
  });

  test("has what is offered to me before all, not what is offered to others", () => {
    const items = [
      queued("urgent", { points: 40 }),
      queued("theirs", { state: "offered", offered_to: 2 }),
      queued("mine", { state: "offered", offered_to: 1 }),
    ];

    expect(urgentFirst(items, 1).map(({ conversation_id }) => conversation_id)).toEqual(["mine", "urgent", "theirs"]);
  });
});

describe("why somebody is urgent", () => {
  const WHY = [
    { code: "waiting", points: 12, facts: { minutes: 12 } },
    { code: "mood", points: 20, facts: { mood: "high" } },
    { code: "reason", points: 5, facts: { reason: "angry" } },
    { code: "band", points: 10, facts: { band: "top" } },
    { code: "something_else", points: 99, facts: {} },
  ];

  test("is said in words, heaviest first; what has none is left out", () => {
    expect(whyInWords(WHY)).toEqual(["is erg ontstemd", "wacht 12 min", "topklant", "Is boos"]);
  });

  test("is said in the agent's language", () => {
    language.value = "en";

    expect(whyInWords(WHY)[0]).toBe("is very upset");
  });
});
