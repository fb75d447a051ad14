/** The lead's view: who handles what, who waits how long, and ways to step in. */

import { useSignal } from "@preact/signals";
import { now } from "../clock";
import { clock } from "../formats";
import type { Colleague, ConversationItem, QueueItem } from "../protocol";
import { openWindow } from "../ui";
import { counted, t, word } from "../words";
import { useParts } from "./context";
import { useList } from "./lists";
import { EmotionChip, Failed, Loading, Ticking } from "./parts";
import { customerName } from "./queue";
import { teamName } from "./steps";

export function TeamPage() {
  const { desk } = useParts();
  const team = useSignal("");
  const list = useList(team.value ? { view: "team", team: team.value } : { view: "all" });
  const teams = desk.me.value?.teams ?? [];
  const waiting = desk.queue.value.filter((item) => !team.value || item.team === team.value);
  const held = (list.items ?? []).filter(({ state }) => state === "accepted");
  const agents = desk.colleagues.value.filter((each) => !team.value || each.teams.includes(team.value));
  return (
    <div class="page">
      <h1>{t("team.title")}</h1>
      <p class="quiet">{t("team.lead")}</p>
      <label class="field">
        <span>{t("team.filter")}</span>
        <select value={team.value} onChange={(event) => { team.value = event.currentTarget.value; }}>
          <option value="">{t("team.all")}</option>
          {teams.map((each) => <option key={each.id} value={each.id}>{teamName(each)}</option>)}
        </select>
      </label>
      <Tiles waiting={waiting} held={held} agents={agents} />
      <h2>{t("team.conversations")}</h2>
      {list.hasFailed && <Failed again={() => void list.load()} />}
      {!list.items && !list.hasFailed && <Loading />}
      {list.items && !held.length && <p class="quiet">{t("team.none")}</p>}
      {held.length > 0 && <HeldTable items={held} />}
      <h2>{t("team.agents")}</h2>
      <ul class="cards agents">{agents.map((agent) => <AgentLine key={agent.id} agent={agent} held={held} />)}</ul>
    </div>
  );
}

function Tiles({ waiting, held, agents }: {
  readonly waiting: readonly QueueItem[];
  readonly held: readonly ConversationItem[];
  readonly agents: readonly Colleague[];
}) {
  const since = waiting.map((item) => Date.parse(item.waiting_since));
  const longest = since.length ? clock(now.value - Math.min(...since)) : "–";
  const late = [...waiting, ...held].filter(({ breached }) => breached).length;
  const here = agents.filter(({ presence }) => presence === "online").length;
  const tiles = { waiting: waiting.length, longest, late, held: held.length, here };
  return (
    <dl class="tiles">
      {Object.entries(tiles).map(([name, value]) => (
        <div key={name} class={`tile ${name === "late" && late ? "late" : ""}`}><dt>{t(`team.${name}`)}</dt><dd>{value}</dd></div>
      ))}
    </dl>
  );
}

function HeldTable({ items }: { readonly items: readonly ConversationItem[] }) {
  const { desk } = useParts();
  return (
    <div class="table-wrap" role="region" aria-label={t("team.conversations")} tabIndex={0}>
      <table>
        <thead>
          <tr>{["agent", "customer", "state", "since", "actions"].map((name) => <th key={name} scope="col">{t(`team.${name}`)}</th>)}</tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.conversation_id}>
              <td>{item.agent?.display_name ?? t("team.nobody")}</td>
              <th scope="row">{customerName(item)} {item.mood && <EmotionChip label={item.mood.leading} words={word("emotions", item.mood.leading)} />}</th>
              <td>{t(item.snoozed_until ? "states.snoozed" : `states.${item.state}`)}{item.breached && <span class="late"> · {t("team.breached")}</span>}</td>
              <td><Ticking since={item.waiting_since} words={(time) => time} /></td>
              <td class="row-actions">{item.agent?.id !== desk.me.value?.id && <StepIn item={item} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A lead's ways into a conversation of somebody else. */
function StepIn({ item }: { readonly item: ConversationItem }) {
  const { desk } = useParts();
  const name = customerName(item);
  return (
    <>
      <button type="button" class="button" onClick={() => void desk.listen(item)}>{t("conversation.listen")}<span class="hidden"> {name}</span></button>
      <button type="button" class="button" onClick={() => { openWindow.value = { kind: "take_over", item }; }}>{t("conversation.take_over")}<span class="hidden"> {name}</span></button>
    </>
  );
}

function AgentLine({ agent, held }: { readonly agent: Colleague; readonly held: readonly ConversationItem[] }) {
  const count = held.filter((item) => item.agent?.id === agent.id).length;
  return (
    <li class="card agent-line">
      <span class={`dot ${agent.presence}`} aria-hidden="true" />
      <strong>{agent.display_name}</strong>
      <span class="quiet">{t(`presence.${agent.presence}`)} · {counted("team.holds", count)}</span>
    </li>
  );
}
