import { afterEach, describe, expect, it } from "vitest";
import { csvAddress, type Interval, type Lift, type Outcomes, verdictOn } from "../src/outcomes/figures";
import texts from "../src/outcomes/texts.json";
import { exactMoney, listName, money, moodName, points, rateDetail, segmentName, share, times, within } from "../src/outcomes/words";
import { language } from "../src/words";

const UNKNOWN: Interval = { value: null, low: null, high: null };
const plain = (text: string) => text.replace(/\u00a0|\u202f/g, " ");

afterEach(() => { language.value = "en"; });

function liftOf(difference: Interval): Lift {
  const group = { bought: { count: 0, of: 0, share: UNKNOWN }, revenue: UNKNOWN };
  return { shown: group, held_out: group, difference, ratio: UNKNOWN, revenue: UNKNOWN };
}

describe("what the comparison says", () => {
  it.each([
    [UNKNOWN, "nothing"],
    [{ value: 0.02, low: 0.001, high: 0.04 }, "more"],
    [{ value: 0.02, low: -0.001, high: 0.04 }, "open"],
    [{ value: 0.02, low: 0, high: 0.04 }, "open"],
    [{ value: -0.02, low: -0.04, high: -0.001 }, "less"],
  ] as const)("is proof only where the whole range lies on one side of nothing: %o", (difference, verdict) => {
    expect(verdictOn(liftOf(difference))).toBe(verdict);
  });
});

describe("figures in words", () => {
  it("writes a dash for what is not known", () => {
    expect([money(null, "EUR"), exactMoney(null, "EUR"), share(null), points(null), times(null)]).toEqual(["–", "–", "–", "–", "–"]);
    expect(within(UNKNOWN, share)).toBe("");
  });

  it("writes amounts and shares as the language does", () => {
    expect([money(123_456, "EUR"), exactMoney(1_234, "EUR"), share(0.0612), points(0.013), times(1.5)].map(plain)).toEqual(["€1,235", "€12.34", "6.1%", "+1.3", "1.50 ×"]);
    language.value = "nl";
    expect([money(123_456, "EUR"), share(0.0612), points(-0.013), times(1.5)].map(plain)).toEqual(["€ 1.235", "6,1%", "-1,3", "1,50 ×"]);
  });

  it("says between what a share lies", () => {
    expect(rateDetail({ count: 312, of: 5120, share: { value: 0.0609, low: 0.0547, high: 0.0678 } })).toBe("312 of 5,120 · 5.5%–6.8%");
    expect(rateDetail({ count: 0, of: 0, share: UNKNOWN })).toBe("0 of 0");
  });
});

describe("names", () => {
  const outcomes = { segment_names: { tents: { nl: "tenten", en: "tents" } } } as unknown as Outcomes;

  it("of segments are the shop's, in the language of the desk", () => {
    language.value = "nl";
    expect([segmentName("tents", outcomes), segmentName("gone", outcomes), segmentName("", outcomes)]).toEqual(["tenten", "gone", "Onbekend"]);
  });

  it("of lists and moods are words, also where there is none", () => {
    expect([listName("complementary"), listName("newer"), moodName("joy"), moodName("")]).toEqual(["Often bought together", "newer", "Glad", "Not read"]);
  });
});

it("has the file in the same words", () => {
  expect(csvAddress({ from: "2026-11-02", to: "2026-11-08" })).toBe("/api/v1/desk/recommendations.csv?from=2026-11-02&to=2026-11-08");
});

it("has every sentence in both languages, with the same gaps", () => {
  const gaps = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [name, { nl, en }] of Object.entries(texts)) {
    expect(nl && en, name).toBeTruthy();
    expect(gaps(nl), name).toEqual(gaps(en));
  }
});
