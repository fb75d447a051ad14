import { expect, test } from "vitest";
import { buttonUrl, parseMarks, safeUrl } from "../src/marks";

const text = (value: string) => ({ kind: "text", text: value });

test("a blank line parts paragraphs, a single line break stays a break", () => {
  expect(parseMarks("One\ntwo\n\n\nthree")).toEqual([
    { kind: "paragraph", children: [text("One"), { kind: "break" }, text("two")] },
    { kind: "paragraph", children: [text("three")] },
  ]);
});

test("lines that start with a dash are a list, also right after a sentence", () => {
  expect(parseMarks("Choose:\n- red\n- **blue**\nDone")).toEqual([
    { kind: "paragraph", children: [text("Choose:")] },
    { kind: "list", items: [[text("red")], [{ kind: "bold", children: [text("blue")] }]] },
    { kind: "paragraph", children: [text("Done")] },
  ]);
});

test("a link keeps its text and its address, inside bold too", () => {
  expect(parseMarks("See **[our page](https://shop.example/a_(b))**.")).toEqual([
    {
      kind: "paragraph",
      children: [
        text("See "),
        { kind: "bold", children: [{ kind: "link", text: "our page", url: "https://shop.example/a_(b)" }] },
        text("."),
      ],
    },
  ]);
});

test.each([
  "[x](javascript:alert(1))",
  "[x](data:text/html,hi)",
  "[x](http://shop.example)",
  "[x](//shop.example)",
  "[x](/account)",
])("an address that is not safe stays text: %s", (written) => {
  expect(parseMarks(written)).toEqual([{ kind: "paragraph", children: [text(written)] }]);
});

test.each(["2 ** 3 ** 4", "<b>bold</b>", "**", "****", "[half](", "a - b", "-5 degrees", "🙂"])(
  "what is no mark stays as it is: %s",
  (written) => {
    expect(parseMarks(written)).toEqual([{ kind: "paragraph", children: [text(written)] }]);
  },
);

test("an empty text has no blocks", () => {
  expect(parseMarks(" \n\n ")).toEqual([]);
});

test("a long run of stars is read in no time", () => {
  const started = performance.now();
  parseMarks("**".repeat(5000) + "[".repeat(5000));
  expect(performance.now() - started).toBeLessThan(1000);
});

test("links may open mail and telephone", () => {
  expect(safeUrl("tel:+31331234567")).toBe("tel:+31331234567");
  expect(safeUrl("vbscript:x")).toBeNull();
});

test("a button may open a paper of the service, wherever the page itself is", () => {
  const api = "http://127.0.0.1:8080/api/v1";
  expect(buttonUrl("/api/v1/documents/labels/a.pdf", api)).toBe("http://127.0.0.1:8080/api/v1/documents/labels/a.pdf");
  expect(buttonUrl("https://shop.example/x", api)).toBe("https://shop.example/x");
  expect(buttonUrl("//elsewhere.example/x", api)).toBeNull();
  expect(buttonUrl("/\\elsewhere.example/x", api)).toBeNull();
  expect(buttonUrl("javascript:alert(1)", api)).toBeNull();
});
