import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Composer, lengthOf } from "../src/composer";

/** As much of an element as the composer uses. */
function blank() {
  const nothing = () => undefined;
  const classList = { toggle: nothing };
  return { value: "", style: {}, classList, append: nothing, addEventListener: nothing, focus: nothing, getAttribute: nothing, setAttribute: nothing, removeAttribute: nothing };
}

beforeEach(() => vi.stubGlobal("document", { createElement: blank, createElementNS: blank }));
afterEach(() => vi.unstubAllGlobals());

function composer(): Composer {
  const nothing = () => undefined;
  return new Composer(2000, "nl", nothing, nothing, nothing);
}

test("characters are counted as the service counts them", () => {
  expect(lengthOf("héllo")).toBe(5);
  expect(lengthOf("🙂🙂")).toBe(2);
  expect(lengthOf("你好")).toBe(2);
});

test("a text of the page stands in the empty field, and gives way to the next one", () => {
  const writing = composer();
  writing.field.value = "  ";
  writing.write("Over de tent: ");
  writing.write("Over de jas: ");

  expect(writing.field.value).toBe("Over de jas: ");
});

test("what the customer has written stays, whatever the page would have there", () => {
  const writing = composer();
  writing.write("Over de tent: ");
  writing.field.value += "past die op de fiets?";
  writing.write("Over de jas: ");

  expect(writing.field.value).toBe("Over de tent: past die op de fiets?");
});
