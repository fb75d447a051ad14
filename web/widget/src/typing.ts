/** Whether somebody is preparing an answer. Never hangs: every sign runs out by itself. */

/** A message was sent; the service has not said yet that it is at work. */
const EXPECTED_MS = 12_000;
/** The service said so; it will say when it stops, unless the line breaks. */
const ANNOUNCED_MS = 30_000;

/** Who can be seen preparing an answer. */
export type Writer = "assistant" | "agent";

export class TypingSign {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writer: Writer | null = null;

  /**
   * @param changed Called when the sign appears or goes.
   * @param ranOut Called when it went because nothing came: time to ask.
   */
  constructor(
    private readonly changed: () => void,
    private readonly ranOut: () => void,
  ) {}

  get isShown(): boolean {
    return this.writer !== null;
  }

  /** Who is preparing an answer; null when nobody can be seen to. */
  get by(): Writer | null {
    return this.writer;
  }

  /** An answer is expected: show the sign without waiting for the service to say so. */
  expect(): void {
    this.show("assistant", EXPECTED_MS);
  }

  /** The service says that somebody began or ended. */
  announce(writer: Writer, active: boolean): void {
    if (active) this.show(writer, ANNOUNCED_MS);
    else if (writer === this.writer) this.hide();
  }

  hide(): void {
    clearTimeout(this.timer);
    if (!this.writer) return;
    this.writer = null;
    this.changed();
  }

  private show(writer: Writer, durationMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.hide();
      this.ranOut();
    }, durationMs);
    if (this.writer === writer) return;
    this.writer = writer;
    this.changed();
  }
}
