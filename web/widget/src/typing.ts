/** Whether somebody is preparing an answer. Never hangs: every sign runs out by itself. */

/** A message was sent; the service has not said yet that it is at work. */
const EXPECTED_MS = 12_000;
/** The service said so; it will say when it stops, unless the line breaks. */
const ANNOUNCED_MS = 30_000;

export class TypingSign {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown = false;

  /**
   * @param changed Called when the sign appears or goes.
   * @param ranOut Called when it went because nothing came: time to ask.
   */
  constructor(
    private readonly changed: () => void,
    private readonly ranOut: () => void,
  ) {}

  get isShown(): boolean {
    return this.shown;
  }

  /** An answer is expected: show the sign without waiting for the service to say so. */
  expect(): void {
    this.show(EXPECTED_MS);
  }

  /** The service says that somebody began or ended. */
  announce(active: boolean): void {
    if (active) this.show(ANNOUNCED_MS);
    else this.hide();
  }

  hide(): void {
    clearTimeout(this.timer);
    if (!this.shown) return;
    this.shown = false;
    this.changed();
  }

  private show(durationMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.hide();
      this.ranOut();
    }, durationMs);
    if (this.shown) return;
    this.shown = true;
    this.changed();
  }
}
