import { expect, test } from "vitest";
import { pauseAfter } from "../src/backoff";

test("pauses grow from half a second to the longest", () => {
  const pauses = [1, 2, 3, 4, 5, 6, 20].map((failures) => pauseAfter(failures, 15_000, 1));

  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
});

test("half of a pause is left to chance, so that browsers do not come back all at once", () => {
  expect(pauseAfter(3, 15_000, 0)).toBe(1000);
  expect(pauseAfter(3, 15_000, 0.5)).toBe(1500);
});
