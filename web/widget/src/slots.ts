/**
 * Where the browser keeps which conversation it is in: an id and an opaque token, and nothing else.
 *
 * A visitor nobody knows has one slot. A customer known to the shop has a slot of their own, so that the next
 * customer at the same browser never sees it. A browser that keeps nothing (private mode) is a browser that
 * forgets: nothing fails.
 */

const PREFIX = "balie:";
export const VISITOR_SLOT = `${PREFIX}visitor`;
const KNOWN_PREFIX = `${PREFIX}known:`;

/** What it takes to come back to a conversation. */
export interface Session {
  readonly id: string;
  readonly token: string;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** The browser's store, or null where it is switched off. */
export function browserStore(): Store | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** The conversations of this browser at this shop. */
export class Slots {
  constructor(private readonly store: Store | null = browserStore()) {}

  read(slot: string): Session | null {
    return parseSession(this.attempt((store) => store.getItem(slot)) ?? null);
  }

  write(slot: string, session: Session): void {
    this.attempt((store) => store.setItem(slot, JSON.stringify({ id: session.id, token: session.token })));
  }

  clear(slot: string): void {
    this.attempt((store) => store.removeItem(slot));
  }

  /** Whether there is any conversation to come back to. */
  get used(): boolean {
    return this.keys().length > 0;
  }

  /** Forget what belonged to customers who were logged in. */
  clearKnown(): void {
    for (const key of this.keys()) if (key.startsWith(KNOWN_PREFIX)) this.clear(key);
  }

  /** Forget everything but this slot. */
  clearOthers(slot: string): void {
    for (const key of this.keys()) if (key !== slot) this.clear(key);
  }

  private keys(): string[] {
    const all = this.attempt((store) => Array.from({ length: store.length }, (_, index) => store.key(index)));
    return (all ?? []).filter((key): key is string => key?.startsWith(PREFIX) ?? false);
  }

  private attempt<T>(use: (store: Store) => T): T | undefined {
    try {
      return this.store ? use(this.store) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The slot of a customer known to the shop, named by a hash so that the id itself is not kept. */
export function slotOf(customerToken: string): string {
  return KNOWN_PREFIX + hash(subjectOf(customerToken) ?? customerToken);
}

function subjectOf(token: string): string | null {
  try {
    const payload = token.split(".")[1] ?? "";
    const claims: unknown = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/")));
    const subject = (claims as { sub?: unknown } | null)?.sub;
    return typeof subject === "string" || typeof subject === "number" ? String(subject) : null;
  } catch {
    return null;
  }
}

/** cyrb53, a public-domain hash by bryc: enough to keep customers of one browser apart, and synchronous. */
function hash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}

function parseSession(stored: string | null): Session | null {
  try {
    const { id, token } = JSON.parse(stored ?? "") as Partial<Session>;
    return typeof id === "string" && typeof token === "string" ? { id, token } : null;
  } catch {
    return null;
  }
}
