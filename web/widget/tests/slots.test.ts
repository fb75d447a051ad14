import { expect, test } from "vitest";
import { Slots, slotOf, VISITOR_SLOT } from "../src/slots";
import { MemoryStore } from "./support";

const session = { id: "c1", token: "t1" };

test("what is kept is an id and a token, nothing else", () => {
  const store = new MemoryStore();

  new Slots(store).write(VISITOR_SLOT, { ...session, name: "Sanne" } as never);

  expect(JSON.parse(store.getItem(VISITOR_SLOT) ?? "")).toEqual(session);
});

test("the name of a customer's slot does not tell who it is, and does not change with the token", () => {
  const [first, second] = ["a.eyJzdWIiOiJDLTEwMDEifQ.b", "c.eyJzdWIiOiJDLTEwMDEifQ.d"].map(slotOf);

  expect(first).toBe(second);
  expect(first).not.toContain("C-1001");
});

test("tokens that cannot be read get slots of their own", () => {
  expect(slotOf("opaque one")).not.toBe(slotOf("opaque two"));
});

test.each(["", "{", "null", "[]", '{"id": 1, "token": "t"}'])("something else under our name is no session: %s", (stored) => {
  const store = new MemoryStore();
  store.setItem(VISITOR_SLOT, stored);

  expect(new Slots(store).read(VISITOR_SLOT)).toBeNull();
});

test("other people's keys are left alone", () => {
  const store = new MemoryStore();
  store.setItem("cart", "3");
  const slots = new Slots(store);
  slots.write(slotOf("x"), session);

  slots.clearKnown();
  slots.clearOthers(VISITOR_SLOT);

  expect(store.getItem("cart")).toBe("3");
  expect(slots.used).toBe(false);
});

test("a browser that keeps nothing is no error", () => {
  const refusing = new Proxy(new MemoryStore(), {
    get: () => () => {
      throw new Error("denied");
    },
  });

  for (const store of [null, refusing]) {
    const slots = new Slots(store);
    slots.write(VISITOR_SLOT, session);
    expect(slots.read(VISITOR_SLOT)).toBeNull();
    expect(slots.used).toBe(false);
  }
});
