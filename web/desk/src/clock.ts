/**
 * The service's time, as far as its answers tell, ticking once a second. This machine's own clock may be wrong or jump:
 * only the time that passed is taken from it.
 */

import { signal } from "@preact/signals";

const TICK_MS = 1_000;
/** Answers tell their time in whole seconds; a smaller difference means nothing. */
const TOLERANCE_MS = 1_500;

let anchor = { server: Date.now(), passed: performance.now() };

/** The service's time now. */
export function serverTime(): number {
  return anchor.server + performance.now() - anchor.passed;
}

/** The service's time of the last tick; what reads it is drawn again every second. */
export const now = signal(serverTime());

/** An answer says when it was given. */
export function hearTime(date: Date): void {
  if (Math.abs(date.getTime() - serverTime()) <= TOLERANCE_MS) return;
  anchor = { server: date.getTime(), passed: performance.now() };
  now.value = serverTime();
}

/** Let the clocks tick; returns what stops them. */
export function startTicking(): () => void {
  const timer = setInterval(() => {
    now.value = serverTime();
  }, TICK_MS);
  return () => clearInterval(timer);
}
