import { expect, test } from "vitest";
import { type Basket, type Line, Words } from "../../demo/basket_words";

const nl = new Words("nl");
const en = new Words("en");
const plain = (text: string) => text.replace(/\u00a0/g, " ");

const LINE: Line = {
  sku: "BOOT-42",
  names: { nl: "wandelschoen", en: "walking boot" },
  size: "42",
  colours: { nl: "groen", en: "green" },
  quantity: 2,
  unit_price_minor: 8995,
  total_minor: 17990,
  stock: "available",
  at_most: 5,
};

const BASKET: Basket = {
  currency: "EUR",
  pieces: 2,
  lines: [LINE],
  discounts: [],
  goods_minor: 17990,
  discount_minor: 0,
  delivery_minor: 395,
  total_minor: 18385,
  country: "DE",
  delivers: true,
  free_delivery_in_minor: 1205,
  can_check_out: true,
  checkout_url: "https://shop.example/basket",
};

test("amounts are written as each language writes them", () => {
  expect(plain(nl.money(130000))).toBe("€ 1.300,00");
  expect(en.money(130000)).toBe("€1,300.00");
});

test("one is an item and two are items", () => {
  expect([nl.pieces(1), nl.pieces(2), en.pieces(1), en.pieces(0)]).toEqual(["1 artikel", "2 artikelen", "1 item", "0 items"]);
});

test("a line is told by name, size and colour, in a language that it has", () => {
  expect([nl.name(LINE), nl.variant(LINE)]).toEqual(["wandelschoen", "maat 42 · groen"]);
  expect(en.variant({ ...LINE, size: null, colours: {} })).toBe("");
  expect(en.name({ ...LINE, names: { nl: "wandelschoen" } })).toBe("wandelschoen");
  expect(en.name({ ...LINE, names: {} })).toBe("BOOT-42");
});

test("the price of one is only told where there are several", () => {
  expect(en.each(LINE)).toBe("€89.95 each");
  expect(en.each({ ...LINE, quantity: 1 })).toBe("");
});

test("what cannot be had says so", () => {
  expect(nl.stock(LINE)).toBe("");
  expect(nl.stock({ ...LINE, stock: "too_few", at_most: 1 })).toBe("Nog maar 1 op voorraad");
  expect(en.stock({ ...LINE, stock: "sold_out" })).toBe("Sold out");
});

test("delivery says what is missing until it is free, or that it is impossible", () => {
  expect(en.deliveryNote(BASKET)).toBe("Spend €12.05 more and delivery is free.");
  expect(en.deliveryNote({ ...BASKET, free_delivery_in_minor: null })).toBe("");
  expect(nl.deliveryNote({ ...BASKET, delivers: false })).toBe("Een deel hiervan kunnen we niet bezorgen in Duitsland.");
  expect(nl.deliveryNote({ ...BASKET, lines: [] })).toBe("");
});

test("a refused code says why, with the facts", () => {
  const refused = (reason: string, facts: object = {}) => nl.trouble({ code: "code_refused", data: { reason, ...facts } });

  expect(refused("expired", { on: "2026-10-04" })).toBe("Deze code was geldig tot en met 4 oktober 2026.");
  expect(plain(refused("minimum_not_reached", { missing_minor: 1295, minimum_minor: 7500 }))).toBe(
    "Deze code geldt vanaf € 75,00: je komt nog € 12,95 tekort.",
  );
  expect(refused("not_combinable", { other_code: "WELKOM10" })).toContain("gaat niet samen met WELKOM10");
  expect(refused("something newer")).toBe("Dat lukte niet.");
});

test("a refused quantity says how many there are", () => {
  const refused = (reason: string, at_most?: number) =>
    en.trouble({ code: "basket_refused", data: { reason, ...(at_most === undefined ? {} : { at_most }) } });

  expect(refused("out_of_stock", 3)).toBe("There are not that many: 3 left.");
  expect(refused("out_of_stock", 0)).toBe("This has just sold out.");
  expect(refused("too_many", 99)).toContain("at most 99");
});

test("every other trouble has words, too", () => {
  expect(en.trouble({ code: "request_invalid" })).toBe("Choose a quantity from 1 to 99.");
  expect(en.trouble({ code: "too_many_tries" })).toContain("in an hour");
  expect(en.trouble({ code: "unreachable" })).toContain("cannot be reached");
  expect(en.trouble({ code: "internal_error" })).toBe("That did not work.");
});
