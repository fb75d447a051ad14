import { expect, test } from "vitest";
import { parseEvent } from "../src/protocol";
import { said } from "./support";

test("what was read or edited after it was told is heard", () => {
  const event = { type: "reading", conversation_id: "c1", message: said(1) };

  expect(parseEvent(JSON.stringify(event))).toEqual(event);
});

test.each(["{", "null", "[]", '{"type": "reading", "message": {}}', '{"type": "from_the_future"}'])("%j is no event", (frame) => {
  expect(parseEvent(frame)).toBeNull();
});
