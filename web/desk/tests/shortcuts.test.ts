import { describe, expect, test } from "vitest";
import { COMMANDS, commandFor, isField } from "../src/shortcuts";
import { known } from "../src/words";

const PRESS = { key: "a", ctrlKey: false, metaKey: false, altKey: false, isComposing: false, repeat: false };
const FREE = { isTyping: false, isInDialog: false, isOn: true };

describe("single keys", () => {
  test.each([["j", "next"], ["k", "previous"], ["a", "accept"], ["r", "resolve"], ["t", "transfer"], ["n", "note"], ["e", "return"], ["/", "canned"], ["?", "help"], ["3", "tab"]])(
    "%s means %s",
    (key, command) => expect(commandFor({ ...PRESS, key }, FREE)).toBe(command),
  );

  test("are letters while somebody types", () => {
    expect(commandFor(PRESS, { ...FREE, isTyping: true })).toBeNull();
  });

  test("belong to the browser with Ctrl, Alt or Command", () => {
    for (const modifier of ["ctrlKey", "altKey", "metaKey"]) expect(commandFor({ ...PRESS, [modifier]: true }, FREE)).toBeNull();
  });

  test("do nothing while a window is open, or when they are switched off", () => {
    expect(commandFor(PRESS, { ...FREE, isInDialog: true })).toBeNull();
    expect(commandFor(PRESS, { ...FREE, isOn: false })).toBeNull();
  });

  test("held down repeat only where that makes sense", () => {
    expect(commandFor({ ...PRESS, repeat: true }, FREE)).toBeNull();
    expect(commandFor({ ...PRESS, key: "j", repeat: true }, FREE)).toBe("next");
  });
});

test("Escape leaves a field", () => {
  expect(commandFor({ ...PRESS, key: "Escape" }, { ...FREE, isTyping: true, isOn: false })).toBe("escape");
});

test("no key has two meanings, and each has words", () => {
  const keys = COMMANDS.flatMap((each) => each.keys as readonly string[]);

  expect(new Set(keys).size).toBe(keys.length);
  for (const { command, section } of COMMANDS) expect([known(`keys.${command}`), known(`keys.section_${section}`)]).toEqual([true, true]);
});

test("fields are what one types in", () => {
  expect([isField({ tagName: "TEXTAREA" }), isField({ isContentEditable: true }), isField({ tagName: "BUTTON" }), isField(null)]).toEqual([true, true, false, false]);
});
