import { expect, test } from "vitest";
import { parseMarks, safeUrl } from "../src/marks";
import cases from "../../../tests/fixtures/marks.json";

// The service reads answers too, for channels without a widget: both readers answer to the same cases.
test.each(cases.marks)("the cases of all channels: $text", ({ text, blocks }) => {
  expect(parseMarks(text)).toEqual(blocks);
});

test.each(cases.addresses)("an address as a browser writes it: $address", ({ address, safe }) => {
  expect(safeUrl(address)).toBe(safe);
});
