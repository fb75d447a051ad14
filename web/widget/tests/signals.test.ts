import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RefusedError, UnreachableError } from "../src/api";
import { ReadMark, WritingSign } from "../src/signals";
import { message } from "./support";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function writing(): { sign: WritingSign; told: boolean[] } {
  const told: boolean[] = [];
  return { sign: new WritingSign((active) => told.push(active)), told };
}

test("who writes is announced at once, and at most every four seconds", () => {
  const { sign, told } = writing();

  for (let keys = 0; keys < 50; keys += 1) {
    sign.typed(true);
    vi.advanceTimersByTime(100);
  }

  expect(told).toEqual([true, true]);
});

test("who stops touching the keys, or empties the field, is not writing any more", () => {
  const { sign, told } = writing();

  sign.typed(true);
  vi.advanceTimersByTime(6_000);
  expect(told).toEqual([true, false]);

  sign.typed(true);
  sign.typed(false);
  sign.typed(false);
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([true, false, true, false]);
});

const agents = (sequence: number) => message(sequence, "agent");

test("what an agent wrote is told to be read once, whatever else is said", async () => {
  const told: number[] = [];
  const mark = new ReadMark(async (sequence) => void told.push(sequence));

  await mark.see([message(1), message(2, "customer")]);
  await mark.see([message(1), message(2, "customer"), agents(3)]);
  await mark.see([message(1), message(2, "customer"), agents(3), message(4, "customer"), message(5, "system")]);

  expect(told).toEqual([3]);
});

test("what is seen while the call is under way is told after it", async () => {
  const told: number[] = [];
  const mark = new ReadMark(async (sequence) => void told.push(sequence));

  const first = mark.see([agents(1)]);
  await Promise.all([first, mark.see([agents(1), agents(2)])]);

  expect(told).toEqual([1, 2]);
});

test("a mark that did not arrive is told at the next look, one that was refused is not", async () => {
  const failures = [new UnreachableError("down"), new RefusedError(404, "not_found")];
  const told: number[] = [];
  const mark = new ReadMark(async (sequence) => {
    told.push(sequence);
    const failure = failures.shift();
    if (failure) throw failure;
  });

  await mark.see([agents(1)]);
  await mark.see([agents(1)]);
  await mark.see([agents(1)]);

  expect(told).toEqual([1, 1]);
});
