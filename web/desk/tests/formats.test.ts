import { beforeEach, expect, test } from "vitest";
import { amount, clock, lasting } from "../src/formats";
import { columnsIn, shown } from "../src/layout";
import { fragmentOf, parseRoute } from "../src/route";
import { language } from "../src/words";

beforeEach(() => {
  language.value = "nl";
});

test.each([[0, "0:00"], [-5_000, "0:00"], [42_900, "0:42"], [725_000, "12:05"], [3_800_000, "1:03:20"]])("%i ms on a clock is %s", (ms, text) => {
  expect(clock(ms)).toBe(text);
});

test.each([[20_000, "net"], [720_000, "12 min"], [11_100_000, "3 u 05"], [200_000_000, "2 dagen"]])("%i ms lasts %s", (ms, text) => {
  expect(lasting(ms)).toBe(text);
});

test("amounts have their currency, and words of the service stay", () => {
  expect(amount({ minor_units: 12995, currency: "EUR" })).toMatch(/129[,.]95/);
  expect(amount("€ 5")).toBe("€ 5");
});

test.each(["#/", "#/c/abc", "#/c/abc/card", "#/team", "#/overview"])("%s leads where it says", (fragment) => {
  expect(fragmentOf(parseRoute(fragment))).toBe(fragment);
});

test("an unknown address is the desk", () => {
  expect(parseRoute("#/c/%E0%A4%A")).toMatchObject({ page: "desk" });
  expect(parseRoute("#/nonsense")).toEqual({ page: "desk", conversation: null, pane: "thread" });
});

test("side by side stands what fits, the active conversation always", () => {
  const open = ["a", "b", "c", "d"].map((id) => ({ id }));
  const ids = (active: string | null, fit: number) => shown(open, active, fit).map(({ id }) => id).join("");

  expect([columnsIn(360), columnsIn(770)]).toEqual([1, 2]);
  expect([ids("a", 9), ids("a", 2), ids("c", 2), ids(null, 2), ids("b", 1)]).toEqual(["abcd", "ab", "bc", "cd", "b"]);
});
