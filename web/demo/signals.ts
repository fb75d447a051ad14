/**
 * Tells Balie what somebody does on the page, if they want that: views, baskets, searches.
 *
 * A real shop does the same: `POST /api/v1/events` with the token of the conversation, or the one that the shop signs
 * for a customer who is logged in.
 */

const ADDRESS = "/api/v1/events";
const AGREED = "duin-en-dal-tips";
/** Several things in a row go together. */
const SOON_MS = 1500;
const MOST_AT_ONCE = 50;

/** One thing that was done; `exposure` is the key of the recommendation that led there. */
interface Told {
  readonly kind: "view" | "basket" | "search";
  readonly sku?: string;
  readonly quantity?: number;
  readonly words?: string;
  readonly exposure?: string;
}

type ShopEvent = Told & { readonly id: string; readonly at: string };

/** What the service says of a batch: whether a known customer wants it, too. */
export type Heard = (isWanted: boolean) => void;

export class Signals {
  /** What nobody could vouch for yet: a visitor has a token once they have talked with the assistant. */
  private waiting: ShopEvent[] = [];
  private timer = 0;
  private heard: Heard = () => undefined;

  /** `token` answers the token of the customer who is logged in, or null. */
  constructor(private readonly token: () => Promise<string | null>) {
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && void this.send());
    document.addEventListener("balie:ready", () => window.Balie?.on("open", () => this.sendSoon()), { once: true });
  }

  get isAgreed(): boolean {
    return localStorage.getItem(AGREED) === "yes";
  }

  /** Whoever takes their yes back takes back what was not told yet. */
  agree(isAgreed: boolean): void {
    localStorage.setItem(AGREED, isAgreed ? "yes" : "no");
    if (!isAgreed) this.waiting = [];
  }

  onHeard(heard: Heard): void {
    this.heard = heard;
  }

  note(told: Told): void {
    if (!this.isAgreed) return;
    this.waiting = [...this.waiting, { ...told, id: crypto.randomUUID(), at: new Date().toISOString() }].slice(-MOST_AT_ONCE);
    this.sendSoon();
  }

  private sendSoon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), SOON_MS);
  }

  private async send(): Promise<void> {
    const events = this.waiting;
    if (!events.length) return;
    const token = (await this.token().catch(() => null)) ?? window.Balie?.conversation()?.token;
    if (!token || !this.isAgreed) return;
    this.waiting = this.waiting.filter((each) => !events.includes(each));
    try {
      const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
      const body = JSON.stringify({ consent: true, events });
      const response = await fetch(ADDRESS, { method: "POST", headers, body, keepalive: true });
      if (response.ok) this.heard(((await response.json()) as { consent: boolean }).consent);
      else if (response.status >= 500) throw new Error(`HTTP ${response.status}`);
    } catch {
      // The same ids again are the same events: nothing counts twice.
      this.waiting = [...events, ...this.waiting].slice(-MOST_AT_ONCE);
    }
  }
}
