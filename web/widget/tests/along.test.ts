import { expect, test } from "vitest";
import { cameAlong, comeAlong, follows, isOwnPage, opensHere } from "../src/along";

function tab() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

const click = (more: Partial<MouseEvent> = {}) => ({ button: 0, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more }) as MouseEvent;

test("the chat comes along once", () => {
  const store = tab();
  expect(cameAlong(store)).toBe(false);
  comeAlong(store);

  expect([cameAlong(store), cameAlong(store)]).toEqual([true, false]);
});

test("a browser that keeps nothing opens nothing, and nothing fails", () => {
  const refuse = () => {
    throw new Error("switched off");
  };
  const shut = { getItem: refuse, setItem: refuse, removeItem: refuse };
  comeAlong(shut);
  comeAlong(null);

  expect([cameAlong(shut), cameAlong(null)]).toEqual([false, false]);
});

test("only a page of the same shop is one's own", () => {
  const page = "https://shop.example/tents?size=2";

  expect(isOwnPage("https://shop.example/products/A?balie=1", page)).toBe(true);
  expect(isOwnPage("/products/A", page)).toBe(true);
  for (const other of ["https://balie.shop.example/products/A", "http://shop.example/", "https://shop.example:8443/", "mailto:a@shop.example"]) {
    expect(isOwnPage(other, page)).toBe(false);
  }
});

test("a click with a key or another button opens elsewhere", () => {
  expect(opensHere(click())).toBe(true);
  for (const more of [{ button: 1 }, { ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }]) {
    expect(opensHere(click(more))).toBe(false);
  }
});

test("a link is followed with the left button, the middle one and the keyboard, not with the right one", () => {
  expect([0, 1, 2, 3].map((button) => follows({ button }))).toEqual([true, true, false, false]);
});
