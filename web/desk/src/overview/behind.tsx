/** The conversations behind a figure. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { momentOf } from "../formats";
import { now } from "../clock";
import { fragmentOf } from "../route";
import { useParts } from "../views/context";
import { Dialog, Failed, Loading } from "../views/parts";
import { teamName } from "../views/steps";
import { word } from "../words";
import { type Asked, type Behind, listBehind, type Wanted } from "./figures";
import { languageWords } from "./filters";
import { duration, hasWords, mood, say, whole } from "./words";

/** Which list is open. */
export interface Look {
  readonly title: string;
  readonly asked: Asked;
  readonly wanted: Wanted;
}

interface Props {
  readonly look: Look;
  readonly onClose: () => void;
}

export function BehindDialog({ look, onClose }: Props) {
  const { api } = useParts();
  const found = useSignal<{ items: readonly Behind[]; count: number } | "failed" | null>(null);
  const load = () => {
    found.value = null;
    listBehind(api, look.asked, look.wanted).then(
      (answer) => { found.value = answer; },
      () => { found.value = "failed"; },
    );
  };
  useEffect(load, [look]);
  return (
    <Dialog title={look.title} class="behind" onClose={onClose}>
      {found.value === "failed" && <Failed again={load} />}
      {found.value === null && <Loading />}
      {found.value && found.value !== "failed" && (
        <>
          <p class="quiet" role="status">{summary(found.value.count, found.value.items.length)}</p>
          {found.value.items.length > 0 && <BehindTable title={look.title} items={found.value.items} />}
        </>
      )}
    </Dialog>
  );
}

function BehindTable({ title, items }: { readonly title: string; readonly items: readonly Behind[] }) {
  const { desk } = useParts();
  const teams = new Map((desk.me.value?.teams ?? []).map((team) => [team.id, team]));
  const today = new Date(now.peek());
  return (
    <div class="table-wrap" role="region" aria-label={title} tabIndex={0}>
      <table>
        <thead><tr>{(["when", "why", "team", "language"] as const).map((name) => <th key={name} scope="col">{say(name)}</th>)}</tr></thead>
        <tbody>
          {items.map((item, index) => {
            const when = momentOf(item.at, today);
            return (
              <tr key={`${item.conversation_id} ${index}`}>
                <th scope="row"><a href={fragmentOf({ page: "desk", conversation: item.conversation_id, pane: "thread" })} aria-label={say("open_conversation", { when })}>{when}</a></th>
                <td class="wraps">{reasonsOf(item.why).join(" · ")}</td>
                <td>{item.team ? teamName(teams.get(item.team), item.team) : ""}</td>
                <td>{languageWords(item.language)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function summary(count: number, shown: number): string {
  if (count === 0) return say("behind_none");
  if (count === 1) return say("behind_one");
  return say(count > shown ? "behind_newest" : "behind_count", { count: whole(count), shown });
}

/** Why a conversation counts, in words. */
export function reasonsOf(why: Behind["why"]): readonly string[] {
  const { reason, outcome, code, state, reply_s, resolution_s, waited_s, score, before, after } = why;
  const told: (string | false | undefined)[] = [
    reason !== undefined && word("reasons", String(reason)),
    typeof outcome === "string" && (hasWords(outcome) ? say(outcome) : word("states", outcome)),
    code !== undefined && word("codes", String(code)),
    code === undefined && state !== undefined && word("states", String(state)),
    typeof reply_s === "number" && say("why_reply", { time: duration(reply_s) }),
    typeof resolution_s === "number" && say("why_resolution", { time: duration(resolution_s) }),
    typeof waited_s === "number" && say("why_waited", { time: duration(waited_s) }),
    score !== undefined && say("why_score", { score }),
    typeof before === "number" && typeof after === "number" && say("why_mood", { before: mood(before), after: mood(after) }),
  ];
  return told.filter((each): each is string => Boolean(each));
}
