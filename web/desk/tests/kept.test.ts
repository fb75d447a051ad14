import { expect, test } from "vitest";
import { KeptTexts } from "../src/kept";
import { memory } from "./support";

test("drafts are kept for the agent who wrote them, and for nobody else", () => {
  const store = memory();
  const kept = new KeptTexts(store);
  kept.open(1);
  kept.keepDraft("c1", "Half a sen");

  const again = new KeptTexts(store);
  again.open(1);
  expect(again.draft("c1")).toBe("Half a sen");
  again.open(2);

  expect(again.draft("c1")).toBe("");
  expect(store.getItem("balie-desk")).not.toContain("Half a sen");
});

test("what cannot be read is as good as nothing", () => {
  const store = memory();
  store.setItem("balie-desk", "{broken");
  const kept = new KeptTexts(store);

  kept.open(1);

  expect(kept.draft("c1")).toBe("");
});

test("a browser that keeps nothing does not stop anybody", () => {
  const full = { ...memory(), setItem: () => { throw new Error("full"); } };
  const kept = new KeptTexts(full);
  kept.open(1);

  kept.keepDraft("c1", "Hoi");

  expect(kept.draft("c1")).toBe("Hoi");
});
