import { expect, test } from "vitest";
import { beyondCards, cardsOf, pictureUrl, priceOf } from "../src/cards";
import { type BubbleRow, layOut } from "../src/layout";
import type { Card } from "../src/protocol";
import { message } from "./support";

const card = (sku: string): Card => ({ sku, name: `Tent ${sku}`, price: { minor: 19995, currency: "EUR" }, reason: "Because." });
const shown = message(1, "assistant", {
  text: "Look at these:\n\n1. **Tent A**, €199.95. Because.\n2. **Tent B**, €199.95. Because.\n\nAnything else?",
  cards: [card("A"), card("B")],
  buttons: [
    { id: "a", title: "View", card: 0 },
    { id: "b", title: "View", card: 1 },
    { id: "more", title: "Something else" },
  ],
});
const bubbles = (rows: ReturnType<typeof layOut>) => rows.filter((row): row is BubbleRow => row.kind === "bubble");

test("each card has its own buttons", () => {
  expect(cardsOf(shown).map(({ buttons }) => buttons.map(({ title }) => title))).toEqual([["View"], ["View"]]);
});

test("the numbered lines are not said twice", () => {
  expect(beyondCards(shown.text)).toBe("Look at these:\n\nAnything else?");
  expect(beyondCards("2 tents, no list")).toBe("2 tents, no list");
});

test("a card can be pressed after the customer has said something, the message's own replies cannot", () => {
  const [row] = bubbles(layOut([shown, message(2, "customer")], []));

  expect(row?.cards.map(({ buttons }) => buttons.length)).toEqual([1, 1]);
  expect(row?.buttons).toEqual([]);
  expect(row?.text).not.toContain("1.");
});

test("a button of a card that is not there is one of the message", () => {
  const odd = message(1, "assistant", { cards: [card("A")], buttons: [{ id: "x", title: "View", card: 7 }] });

  expect(bubbles(layOut([odd], []))[0]?.buttons).toHaveLength(1);
});

test("pictures come from the service or by https, from nowhere else", () => {
  expect(pictureUrl("/api/v1/products/A/picture.svg", "https://balie.example/")).toBe("https://balie.example/api/v1/products/A/picture.svg");
  expect(pictureUrl("https://cdn.example/a.jpg", "https://balie.example/")).toBe("https://cdn.example/a.jpg");
  for (const bad of [null, "", "//evil.example/a", "javascript:alert(1)", "data:image/svg+xml,x", "http://cdn.example/a.jpg"]) {
    expect(pictureUrl(bad, "https://balie.example/")).toBeNull();
  }
});

test("prices are written as the reader writes them", () => {
  expect(priceOf({ minor: 19995, currency: "EUR" }, "en-GB")).toBe("€199.95");
  expect(priceOf({ minor: 5, currency: "?" }, "en-GB")).toBe("0.05");
});
