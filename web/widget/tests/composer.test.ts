import { expect, test } from "vitest";
import { lengthOf } from "../src/composer";

test("characters are counted as the service counts them", () => {
  expect(lengthOf("héllo")).toBe(5);
  expect(lengthOf("🙂🙂")).toBe(2);
  expect(lengthOf("你好")).toBe(2);
});
