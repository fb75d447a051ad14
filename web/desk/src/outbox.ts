/** What an agent has written and the service has not confirmed yet. First in, first out; nothing is lost or doubled. Pure. */

/** A message or note on its way. */
export interface Outgoing {
  /** Made once and kept through every try: the service knows by it what it has already. */
  readonly clientId: string;
  readonly text: string;
  readonly isNote: boolean;
  readonly photo?: Blob;
  /** Waiting: there is no connection; it goes out by itself when there is one. */
  readonly state: "sending" | "waiting" | "failed";
  /** Code of the refusal, when it failed. */
  readonly problem?: string;
}

export type Outbox = readonly Outgoing[];

/** With one more, at the end. */
export function put(outbox: Outbox, outgoing: Omit<Outgoing, "state">): Outbox {
  return [...outbox, { ...outgoing, state: "sending" }];
}

/** The next one to send: those that were refused step aside until the agent says so. */
export function next(outbox: Outbox): Outgoing | undefined {
  return outbox.find(({ state }) => state !== "failed");
}

/** The service has it, or the agent let go of it. */
export function settle(outbox: Outbox, clientId: string): Outbox {
  return outbox.filter((item) => item.clientId !== clientId);
}

export function mark(outbox: Outbox, clientId: string, state: Outgoing["state"], problem?: string): Outbox {
  return outbox.map((item) => {
    if (item.clientId !== clientId) return item;
    const { problem: _, ...rest } = item;
    return { ...rest, state, ...(problem ? { problem } : {}) };
  });
}

/** Try again, under the same id, behind what is waiting. */
export function retry(outbox: Outbox, clientId: string): Outbox {
  const item = outbox.find((each) => each.clientId === clientId);
  return item ? mark([...settle(outbox, clientId), item], clientId, "sending") : outbox;
}
