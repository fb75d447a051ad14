/**
 * What a tab keeps through a reload or a sign-in: half-written replies, and written ones that did not get out.
 * Lives in `sessionStorage`, belongs to one agent, and is gone with the tab or when they sign out.
 */

import type { Outbox, Outgoing } from "./outbox";

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

interface Kept {
  readonly agent: number;
  readonly drafts: Readonly<Record<string, string>>;
  readonly unsent: Readonly<Record<string, readonly Pick<Outgoing, "clientId" | "text" | "isNote">[]>>;
}

const KEY = "balie-desk";

export class KeptTexts {
  private kept: Kept = nothingOf(0);

  constructor(private readonly store: Store) {}

  /** Whose texts these are: what somebody else left behind is forgotten. */
  open(agent: number): void {
    const found = this.read();
    this.kept = found?.agent === agent ? found : nothingOf(agent);
    this.write();
  }

  forget(): void {
    this.kept = nothingOf(0);
    quietly(() => this.store.removeItem(KEY));
  }

  draft(conversationId: string): string {
    return this.kept.drafts[conversationId] ?? "";
  }

  keepDraft(conversationId: string, text: string): void {
    const { [conversationId]: _, ...others } = this.kept.drafts;
    this.kept = { ...this.kept, drafts: text ? { ...others, [conversationId]: text } : others };
    this.write();
  }

  unsent(conversationId: string): Outbox {
    return (this.kept.unsent[conversationId] ?? []).map((item) => ({ ...item, state: "waiting" }));
  }

  keepUnsent(conversationId: string, outbox: Outbox): void {
    const { [conversationId]: _, ...others } = this.kept.unsent;
    const texts = outbox.filter(({ photo }) => !photo).map(({ clientId, text, isNote }) => ({ clientId, text, isNote }));
    this.kept = { ...this.kept, unsent: texts.length ? { ...others, [conversationId]: texts } : others };
    this.write();
  }

  private read(): Kept | null {
    try {
      const found = JSON.parse(this.store.getItem(KEY) ?? "null") as Kept | null;
      return found && typeof found.agent === "number" && found.drafts && found.unsent ? found : null;
    } catch {
      return null;
    }
  }

  private write(): void {
    quietly(() => this.store.setItem(KEY, JSON.stringify(this.kept)));
  }
}

function nothingOf(agent: number): Kept {
  return { agent, drafts: {}, unsent: {} };
}

/** A browser that keeps nothing is no reason to stop: the texts are in memory as well. */
function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // nothing to be done about it
  }
}
