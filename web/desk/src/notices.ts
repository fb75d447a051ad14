/** Short sentences for the agent: what was done, and why something was not. */

import { signal } from "@preact/signals";
import { ownerIn, RefusedError } from "./api";
import type { Facts } from "./words";

const MOST = 3;

/** A sentence by its name in `texts.json`. */
export interface Notice {
  readonly id: number;
  readonly key: string;
  readonly facts: Facts;
  readonly isProblem: boolean;
}

export class Notices {
  readonly all = signal<readonly Notice[]>([]);
  private number = 0;

  /** Say something; the oldest goes when there are too many. */
  tell(key: string, facts: Facts = {}, isProblem = false): void {
    this.number += 1;
    this.all.value = [...this.all.value, { id: this.number, key, facts, isProblem }].slice(-MOST);
  }

  /** Say why something was not done. That a session is over is said on the sign-in page. */
  report(error: unknown, facts: Facts = {}): void {
    if (!(error instanceof RefusedError)) return this.tell("errors.unreachable", {}, true);
    if (error.code === "session_missing") return;
    const owner = error.code === "handoff_taken" ? ownerIn(error) : null;
    if (owner) this.tell("errors.handoff_taken_by", { ...facts, agent: owner }, true);
    else this.tell(`errors.${error.code}`, facts, true);
  }

  dismiss(id: number): void {
    this.all.value = this.all.value.filter((notice) => notice.id !== id);
  }

  clear(): void {
    this.all.value = [];
  }
}
