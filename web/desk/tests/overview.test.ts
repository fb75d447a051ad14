import { afterEach, describe, expect, it } from "vitest";
import { reasonsOf } from "../src/overview/behind";
import { linesOf } from "../src/overview/chart";
import { csvAddress, dayIn, daysIn, lastDays, parametersOf } from "../src/overview/figures";
import texts from "../src/overview/texts.json";
import { decimal, duration, mood, percent, say } from "../src/overview/words";
import { language } from "../src/words";

const NO_BREAK = /\u00a0|\u202f/g;

afterEach(() => { language.value = "en"; });

describe("days", () => {
  it("counts both ends of a period, also over a change of the clocks", () => {
    expect(lastDays(7, "2026-03-31")).toEqual({ from: "2026-03-25", to: "2026-03-31" });
    expect(daysIn({ from: "2026-03-25", to: "2026-03-31" })).toBe(7);
    expect(daysIn({ from: "2026-03-31", to: "2026-03-30" })).toBe(0);
    expect(daysIn({ from: "", to: "2026-03-30" })).toBeNaN();
  });

  it("takes the shop's day, not this machine's", () => {
    expect(dayIn(Date.parse("2026-11-02T23:30:00Z"))).toBe("2026-11-03");
    expect(dayIn(Date.parse("2026-07-02T21:30:00Z"))).toBe("2026-07-02");
  });
});

describe("what is asked for", () => {
  const asked = { from: "2026-11-02", to: "2026-11-08", team: "", language: "nl" };

  it("leaves out what was not chosen", () => {
    expect(String(parametersOf(asked))).toBe("from=2026-11-02&to=2026-11-08&language=nl");
    expect(parametersOf(asked, { figure: "handoffs", reason: "angry" }).get("reason")).toBe("angry");
  });

  it("has the file in the same words", () => {
    expect(csvAddress(asked)).toBe("/api/v1/desk/overview.csv?from=2026-11-02&to=2026-11-08&language=nl");
  });
});

describe("numbers in words", () => {
  it.each([
    [null, "–"], [0, "0 s"], [59.4, "59 s"], [60, "1 min"], [125, "2 min 5 s"], [3600, "1 h 00"], [3_900, "1 h 05"], [93_600, "1 d 2 h"],
  ])("says how long %s seconds are", (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it("writes a dash for what is not known", () => {
    expect([decimal(null), percent(null), mood(null)]).toEqual(["–", "–", "–"]);
  });

  it("writes shares and moods as the language does", () => {
    language.value = "nl";
    expect([decimal(4.25), percent(0.375).replace(NO_BREAK, ""), mood(0.5), mood(0)]).toEqual(["4,3", "38%", "+0,50", "0,00"]);
  });

  it("has every sentence in both languages, with the same gaps", () => {
    const gaps = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [name, { nl, en }] of Object.entries(texts)) {
      expect(nl && en, name).toBeTruthy();
      expect(gaps(nl), name).toEqual(gaps(en));
    }
  });
});

describe("why a conversation counts", () => {
  it("tells the reason, the end and the time", () => {
    expect(reasonsOf({ reason: "angry", state: "resolved", code: "solved", resolution_s: 600 })).toEqual(["Is angry", "Solved", "solved after 10 min"]);
    expect(reasonsOf({ outcome: "by_person", handoffs: 1 })).toEqual([say("by_person")]);
    expect(reasonsOf({ before: -0.5, after: 0.25 })).toEqual(["mood -0.50 → +0.25"]);
  });

  it("says nothing of what it does not know", () => {
    expect(reasonsOf({ something: 1 })).toEqual([]);
  });
});

describe("labels of lying bars", () => {
  it("are broken between words", () => {
    expect(linesOf("Not understood by the assistant")).toEqual(["Not understood by", "the assistant"]);
    expect(linesOf("Onbegrijpelijkheidsverklaring")).toEqual(["Onbegrijpelijkheidsverklaring"]);
  });
});
