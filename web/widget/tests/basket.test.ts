/** The basket of the demo shop: which card is told to have led to what. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { offerBasket } from "../../demo/basket";
import type { Basket, Line } from "../../demo/basket_words";

/** As much of an element as the basket uses. */
const blank = vi.hoisted(() => () => {
  const nothing = () => undefined;
  const search = { contains: () => false, querySelector: () => null };
  return { ...search, addEventListener: nothing, append: nothing, replaceChildren: nothing, setAttribute: nothing, show: nothing, focus: nothing };
});

vi.mock("../../demo/page", () => ({ h: blank }));

/** Pieces of the boot that are in the basket at the service. */
let pieces: number;
let isReachable: boolean;
let ring: () => void;
let told: unknown[];

beforeEach(() => {
  pieces = 0;
  isReachable = true;
  told = [];
  const opener = { ...blank(), querySelector: blank };
  vi.stubGlobal("HTMLElement", class {});
  vi.stubGlobal("document", { ...blank(), body: blank(), activeElement: null, querySelector: () => opener });
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  const on = (name: string, listener: () => void) => name === "basket" && (ring = listener);
  vi.stubGlobal("window", { Balie: { on, begin: () => Promise.resolve(), conversation: () => ({ id: "c1", token: "t" }) } });
  vi.stubGlobal("fetch", (_: string, { method, body }: RequestInit) => answer(method as string, body as string));
});

afterEach(() => vi.unstubAllGlobals());

/** The basket as the service tells it. */
function held(): Basket {
  const price = { unit_price_minor: 8995, total_minor: 8995 * pieces };
  const words = { names: { nl: "wandelschoen", en: "walking boot" }, size: "42", colours: { nl: "groen", en: "green" } };
  const line: Line = { sku: "BOOT", ...words, ...price, quantity: pieces, stock: "available", at_most: 9 };
  return {
    currency: "EUR",
    pieces,
    lines: pieces ? [line] : [],
    discounts: [],
    goods_minor: price.total_minor,
    discount_minor: 0,
    delivery_minor: 0,
    total_minor: price.total_minor,
    country: "DE",
    delivers: true,
    free_delivery_in_minor: null,
    can_check_out: true,
    checkout_url: "https://shop.example/basket",
  };
}

async function answer(method: string, body: string): Promise<Response> {
  if (method === "PUT" && !isReachable) throw new TypeError("Failed to fetch");
  if (method === "PUT") pieces = (JSON.parse(body) as { quantity: number }).quantity;
  return Response.json(held());
}

/** The service rings because something else changed the basket. */
async function changesTo(quantity: number): Promise<void> {
  const before = told.length;
  pieces = quantity;
  ring();
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(before));
}

const basket = () => offerBasket("en", (...change) => told.push(change));

test("what is put in from a card is told with the card, and what happens to it later is not", async () => {
  const adding = basket();
  expect(await adding.add("BOOT", "exposure-1")).toBe(true);
  await changesTo(3);

  expect(told).toEqual([["BOOT", 1, "exposure-1"], ["BOOT", 3, null]]);
});

test("a card from which nothing could be put in did not lead to what is put in later", async () => {
  const adding = basket();
  isReachable = false;
  expect(await adding.add("BOOT", "exposure-1")).toBe(false);
  await changesTo(2);

  expect(told).toEqual([["BOOT", 2, null]]);
});
