/** Where a conversation stands: who has it, who is waited for, and how far it was read. Pure. */

import type { Queue, Status, Told } from "./protocol";

export interface Standing {
  readonly status: Status;
  /** Null until the service has said it. */
  readonly language: string | null;
  /** The place in line; null when nobody is waited for, or the service does not say. */
  readonly queue: Queue | null;
  /** Who has the conversation; null when no agent has, or it is not known what they are called. */
  readonly agentName: string | null;
  /** Up to which message an agent has read. */
  readonly agentRead: number;
  /** The assistant answers while the customer waits. */
  readonly assistantHelps: boolean;
  /** Messengers in which the conversation can go on. */
  readonly continuesIn: readonly string[];
}

export const AT_FIRST: Standing = {
  status: "with_assistant",
  language: null,
  queue: null,
  agentName: null,
  agentRead: 0,
  assistantHelps: false,
  continuesIn: [],
};

/** Where it stands after the service has told something. What it does not mention stays, as far as the status allows. */
export function standingAfter(before: Standing, told: Told): Standing {
  const { status } = told;
  const queue = told.queue === undefined ? before.queue : told.queue;
  const agentName = told.agent === undefined ? before.agentName : (told.agent?.name ?? null);
  return {
    status,
    language: told.language ?? before.language,
    queue: status === "waiting_for_agent" ? queue : null,
    agentName: status === "with_agent" ? agentName : null,
    agentRead: told.read?.agent ?? before.agentRead,
    assistantHelps: told.assistant_helps ?? before.assistantHelps,
    continuesIn: told.continues_in ?? before.continuesIn,
  };
}

/** Whether the assistant is going to answer what the customer says now. */
export function assistantAnswers({ status, assistantHelps }: Standing): boolean {
  return status === "with_assistant" || (status === "waiting_for_agent" && assistantHelps);
}

/** Whether a person has the conversation or will have it: then they may see that the customer writes. */
export function concernsAgents({ status }: Standing): boolean {
  return status === "waiting_for_agent" || status === "with_agent";
}
