import { expect, test } from "vitest";
import { claim, codeIn, drawingIn } from "../src/onward";
import { FakeService } from "./support";

test.each([
  ["#balie=abc_-9", "abc_-9"],
  ["#balie=", ""],
  ["#basket", null],
  ["", null],
])("the code in %j is %j", (fragment, code) => {
  expect(codeIn(fragment)).toBe(code);
});

test("a code opens its conversation once", async () => {
  const service = new FakeService();
  service.codes.set("abc", "c7");

  expect(await claim(service.api, "abc")).toEqual({ id: "c7", token: "t-c7" });
  expect(await claim(service.api, "abc")).toBe("invalid");
});

test("whoever tries too often, or cannot reach the service, may try later", async () => {
  const service = new FakeService();
  service.refusals.push({ status: 429, code: "too_many_conversations", on: "claim" });

  expect(await claim(service.api, "abc")).toBe("later");
  service.isReachable = false;
  expect(await claim(service.api, "abc")).toBe("later");
});

test("a QR code is drawn of its one path", () => {
  const svg = '<svg viewBox="0 0 41 41" class="segno"><path class="qrline" stroke="#000" d="M4 4.5h7m2 0h1m-33 1h1"/></svg>';

  expect(drawingIn(svg)).toEqual({ viewBox: "0 0 41 41", path: "M4 4.5h7m2 0h1m-33 1h1" });
});

test.each(["", "<svg></svg>", '<svg viewBox="0 0 1 1"><script d="alert(1)"></script></svg>', '<svg viewBox="a"><path d="M4 4"/></svg>'])(
  "nothing is drawn of %j",
  (svg) => {
    expect(drawingIn(svg)).toBeNull();
  },
);
