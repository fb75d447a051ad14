import { expect, test } from "vitest";
import { assistantAnswers, AT_FIRST, concernsAgents, standingAfter } from "../src/standing";

const queue = { position: 3, wait: { from_minutes: 4, to_minutes: 7 } };
const waiting = standingAfter(AT_FIRST, { status: "waiting_for_agent", language: "nl", queue });

test("a customer who waits has a place in line until somebody has the conversation", () => {
  const accepted = standingAfter(waiting, { status: "with_agent", agent: { name: "Sanne" } });

  expect(waiting.queue).toEqual(queue);
  expect(accepted.queue).toBeNull();
  expect(accepted.agentName).toBe("Sanne");
});

test("what the service does not mention stays as it was", () => {
  const later = standingAfter(waiting, { status: "waiting_for_agent" });

  expect(later).toEqual(waiting);
});

test("the name of an agent goes with them", () => {
  const accepted = standingAfter(waiting, { status: "with_agent", agent: { name: "Sanne" }, read: { agent: 4 } });
  const returned = standingAfter(accepted, { status: "with_assistant", agent: null, read: { agent: 4 } });

  expect(returned.agentName).toBeNull();
  expect(returned.agentRead).toBe(4);
});

test("an agent whose name is not known has none", () => {
  expect(standingAfter(waiting, { status: "with_agent" }).agentName).toBeNull();
});

test("while a customer waits, the assistant answers only when it was asked to", () => {
  expect(assistantAnswers(AT_FIRST)).toBe(true);
  expect(assistantAnswers(waiting)).toBe(false);
  expect(assistantAnswers({ ...waiting, assistantHelps: true })).toBe(true);
  expect(assistantAnswers({ ...waiting, status: "with_agent", assistantHelps: true })).toBe(false);
});

test("only who waits for a person or has one is seen to write", () => {
  expect(concernsAgents(AT_FIRST)).toBe(false);
  expect(concernsAgents(waiting)).toBe(true);
  expect(concernsAgents({ ...waiting, status: "resolved" })).toBe(false);
});

test("where a conversation can go on is known until the service says otherwise", () => {
  const told = standingAfter(AT_FIRST, { status: "with_assistant", continues_in: ["telegram"] });

  expect(standingAfter(told, { status: "with_agent" }).continuesIn).toEqual(["telegram"]);
  expect(standingAfter(told, { status: "with_agent", continues_in: [] }).continuesIn).toEqual([]);
});
