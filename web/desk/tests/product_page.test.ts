import { expect, test } from "vitest";
import { pageFor } from "../src/product_page";

const HERE = "https://balie.shop.example/desk";

test("an agent opens the page without the customer's key", () => {
  expect(pageFor("/products/DD-1?balie=0a1b", HERE)).toBe("https://balie.shop.example/products/DD-1");
  expect(pageFor("https://shop.example/tent?size=2&balie=0a1b#facts", HERE)).toBe("https://shop.example/tent?size=2#facts");
});

test("what is no page of a shop is no link", () => {
  for (const bad of [null, undefined, "", "//evil.example/a", "javascript:alert(1)", "http://shop.example/a", "tent"]) {
    expect(pageFor(bad, HERE)).toBeNull();
  }
});

test("an address that a browser cannot read is no link", () => {
  for (const bad of ["https://[x", "https://exa℀mple.com/", "https://", "https://shop.example:port/"]) {
    expect(pageFor(bad, HERE)).toBeNull();
  }
});
