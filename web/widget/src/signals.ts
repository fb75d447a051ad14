/** What the customer's side tells the desk without a message: that they are writing, and what they have read. */

import { RefusedError } from "./api";
import type { Message } from "./protocol";

/** Whoever goes on writing is announced again after this. */
const AGAIN_MS = 4_000;
/** Whoever has not touched a key for this long is not writing. */
const QUIET_MS = 6_000;

/** Says that the customer is writing: seldom enough to be no burden, and never for ever. */
export class WritingSign {
  private toldAt: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (active: boolean) => void) {}

  /** The field has changed; it holds something, or nothing. */
  typed(holdsText: boolean): void {
    if (!holdsText) return this.stop();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.stop(), QUIET_MS);
    const now = Date.now();
    if (this.toldAt !== null && now - this.toldAt < AGAIN_MS) return;
    this.toldAt = now;
    this.tell(true);
  }

  stop(): void {
    clearTimeout(this.timer);
    if (this.toldAt === null) return;
    this.toldAt = null;
    this.tell(false);
  }
}

/** Says how far the customer has read, of one conversation. Only what agents wrote is worth a call. */
export class ReadMark {
  private seen = 0;
  private told = 0;
  private isTelling = false;

  constructor(private readonly put: (sequence: number) => Promise<void>) {}

  /** These messages are on the screen, and somebody looks. */
  async see(messages: readonly Message[]): Promise<void> {
    this.seen = messages.findLast(({ author }) => author === "agent")?.sequence ?? 0;
    if (this.isTelling) return;
    this.isTelling = true;
    try {
      while (this.seen > this.told) await this.tell(this.seen);
    } catch {
      // The line is down: the next look tells it.
    } finally {
      this.isTelling = false;
    }
  }

  private async tell(sequence: number): Promise<void> {
    await this.put(sequence).catch((error: unknown) => {
      // Who is refused does not insist.
      if (!(error instanceof RefusedError)) throw error;
    });
    this.told = sequence;
  }
}
