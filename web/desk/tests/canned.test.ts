import { describe, expect, test } from "vitest";
import { callAt, fillIn, findCanned } from "../src/canned";

const REPLIES = [
  { shortcut: "geld", title: "Geld terug", text: "Binnen drie werkdagen." },
  { shortcut: "retour", title: "Retour", text: "Stuur het terug." },
  { shortcut: "groet", title: "Begroeting", text: "Hoi! Leuk dat je er bent." },
  { shortcut: "credit", title: "Crème en verzorging", text: "Nee." },
];

function shortcuts(query: string): string[] {
  return findCanned(REPLIES, query).map(({ shortcut }) => shortcut);
}

describe("calling for a canned reply", () => {
  test.each([
    ["/", 1, ""],
    ["/ret", 4, "ret"],
    ["Hoi /ge", 7, "ge"],
    ["Hoi\n/ge", 7, "ge"],
  ])("%j has a call at %i", (text, caret, query) => {
    expect(callAt(text, caret)?.query).toBe(query);
  });

  test.each([["24/7", 4], ["https://shop.example/retour", 27], ["/ret our", 8], ["either/or", 9]])("%j has none", (text, caret) => {
    expect(callAt(text, caret)).toBeNull();
  });

  test("is replaced by the reply, and the caret stands behind it", () => {
    const call = callAt("Hoi /ret daar", 8);

    expect(call && fillIn("Hoi /ret daar", call, "Stuur het.")).toEqual({ text: "Hoi Stuur het. daar", caret: 14 });
  });
});

describe("finding one", () => {
  test("without a word shows all", () => expect(shortcuts("")).toHaveLength(4));
  test("goes by shortcut first, then title, then text", () => expect(shortcuts("terug")).toEqual(["geld", "retour"]));
  test("prefers the exact shortcut", () => expect(shortcuts("retour")[0]).toBe("retour"));
  test("does not mind accents or capitals", () => expect(shortcuts("CREME")).toEqual(["credit"]));
  test("finds nothing for what is not there", () => expect(shortcuts("zzz")).toEqual([]));
});
