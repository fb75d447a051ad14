/** The windows in which a conversation is handed on: to others, to later, to its end, to the assistant. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { now, serverTime } from "../clock";
import type { Conversation } from "../conversation";
import { fieldValue, momentOf } from "../formats";
import type { ConversationItem, Team } from "../protocol";
import { composerOf, focusSoon, openWindow, QUEUE_HEADING } from "../ui";
import { language, t, word } from "../words";
import { useParts } from "./context";
import { Dialog } from "./parts";

const HOUR_MS = 3_600_000;

type Step = "transfer" | "snooze" | "resolve" | "return";

interface StepProps {
  readonly conversation: Conversation;
}

export function TransferDialog({ conversation }: StepProps) {
  const { desk } = useParts();
  const target = useSignal<"team" | "agent">("team");
  const team = useSignal(conversation.item.value.team);
  const teams = desk.me.value?.teams ?? [];
  const colleagues = desk.colleagues.value.filter(({ id, presence }) => id !== desk.me.value?.id && presence === "online");
  const agent = useSignal(String(colleagues[0]?.id ?? ""));
  const body = () => (target.value === "team" ? { team: team.value } : { agent_id: Number(agent.value) });
  return (
    <StepDialog conversation={conversation} step="transfer" body={body} canSend={target.value === "team" || agent.value !== ""}>
      <fieldset class="choices">
        <legend>{t("dialogs.to")}</legend>
        <Choice name="target" isChosen={target.value === "team"} choose={() => { target.value = "team"; }}>{t("dialogs.to_team")}</Choice>
        <Choice name="target" isChosen={target.value === "agent"} choose={() => { target.value = "agent"; }}>{t("dialogs.to_agent")}</Choice>
      </fieldset>
      {target.value === "team" && (
        <label class="field">
          <span>{t("dialogs.team")}</span>
          <select value={team.value} onChange={(event) => { team.value = event.currentTarget.value; }}>
            {teams.map((each) => <option key={each.id} value={each.id}>{teamLabel(each)}</option>)}
          </select>
        </label>
      )}
      {target.value === "agent" && !colleagues.length && <p class="quiet">{t("dialogs.nobody")}</p>}
      {target.value === "agent" && colleagues.length > 0 && (
        <label class="field">
          <span>{t("dialogs.agent")}</span>
          <select value={agent.value} onChange={(event) => { agent.value = event.currentTarget.value; }}>
            {colleagues.map(({ id, display_name }) => <option key={id} value={String(id)}>{display_name}</option>)}
          </select>
        </label>
      )}
    </StepDialog>
  );
}

export function SnoozeDialog({ conversation }: StepProps) {
  const choices = snoozeChoices(new Date(serverTime()));
  const chosen = useSignal<string>(choices[0]?.[0] ?? "other");
  const other = useSignal(fieldValue(choices[0]?.[1] ?? new Date()));
  const until = () => (chosen.value === "other" ? new Date(other.value) : choices.find(([name]) => name === chosen.value)?.[1]) ?? new Date();
  const isPast = Number.isNaN(until().getTime()) || until().getTime() <= serverTime();
  const body = () => ({ until: until().toISOString() });
  return (
    <StepDialog conversation={conversation} step="snooze" body={body} canSend={!isPast} hasNote={false}>
      <fieldset class="choices">
        <legend>{t("dialogs.until")}</legend>
        {choices.map(([name, at]) => (
          <Choice key={name} name="until" isChosen={chosen.value === name} choose={() => { chosen.value = name; }}>
            {t(`dialogs.${name}`)} <span class="quiet">{momentOf(at.toISOString(), new Date(now.peek()))}</span>
          </Choice>
        ))}
        <Choice name="until" isChosen={chosen.value === "other"} choose={() => { chosen.value = "other"; }}>{t("dialogs.other_time")}</Choice>
      </fieldset>
      {chosen.value === "other" && (
        <label class="field">
          <span>{t("dialogs.other_time")}</span>
          <input type="datetime-local" value={other.value} onInput={(event) => { other.value = event.currentTarget.value; }} />
        </label>
      )}
      {isPast && <p class="problem" role="alert">{t("dialogs.past")}</p>}
    </StepDialog>
  );
}

export function ResolveDialog({ conversation }: StepProps) {
  const { desk } = useParts();
  const codes = desk.me.value?.codes ?? [];
  const code = useSignal(codes[0] ?? "");
  return (
    <StepDialog conversation={conversation} step="resolve" body={() => ({ code: code.value })} canSend={code.value !== ""}>
      <fieldset class="choices">
        <legend>{t("dialogs.code")}</legend>
        {codes.map((each) => <Choice key={each} name="code" isChosen={code.value === each} choose={() => { code.value = each; }}>{word("codes", each)}</Choice>)}
      </fieldset>
    </StepDialog>
  );
}

export function ReturnDialog({ conversation }: StepProps) {
  const isSolved = useSignal(true);
  return (
    <StepDialog conversation={conversation} step="return" body={() => ({ solved: isSolved.value })} canSend>
      <label class="choice">
        <input type="checkbox" checked={isSolved.value} onChange={(event) => { isSolved.value = event.currentTarget.checked; }} />
        <span>{t("dialogs.is_solved")}</span>
      </label>
    </StepDialog>
  );
}

export function TakeOverDialog({ item }: { readonly item: ConversationItem }) {
  const { desk } = useParts();
  const isBusy = useSignal(false);
  const close = () => {
    openWindow.value = null;
  };
  const takeOver = async () => {
    if (isBusy.value) return;
    isBusy.value = true;
    const isTaken = await desk.takeOver(item);
    close();
    if (isTaken) focusSoon(composerOf(item.conversation_id));
  };
  return (
    <Dialog title={t("team.take_over_title")} onClose={close}>
      <p>{t("team.take_over_lead", { agent: item.agent?.display_name ?? t("team.nobody") })}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={close}>{t("general.cancel")}</button>
        <button type="button" class="button primary" onClick={takeOver}>{t("conversation.take_over")}</button>
      </div>
    </Dialog>
  );
}

interface StepDialogProps extends StepProps {
  readonly step: Step;
  readonly body: () => object;
  readonly canSend: boolean;
  readonly hasNote?: boolean;
  readonly children?: ComponentChildren;
}

function StepDialog({ conversation, step, body, canSend, hasNote = true, children }: StepDialogProps) {
  const { desk } = useParts();
  const note = useSignal("");
  const isBusy = useSignal(false);
  const close = () => {
    openWindow.value = null;
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy.value || !canSend) return;
    isBusy.value = true;
    const isDone = await desk.handOn(conversation, step, { ...body(), ...(hasNote ? { note: note.value.trim() } : {}) });
    isBusy.value = false;
    if (!isDone) return;
    close();
    const next = desk.current.value;
    focusSoon(next ? composerOf(next.id) : QUEUE_HEADING);
  };
  return (
    <Dialog title={t(`dialogs.${step}_title`)} onClose={close}>
      <form onSubmit={submit}>
        <p class="quiet">{t(`dialogs.${step}_lead`)}</p>
        {children}
        {hasNote && (
          <label class="field">
            <span>{t("dialogs.note")} <span class="quiet">({t("dialogs.optional")})</span></span>
            <textarea rows={3} maxLength={2000} value={note.value} onInput={(event) => { note.value = event.currentTarget.value; }} aria-describedby="note-hint" />
            <span id="note-hint" class="quiet small">{t(`dialogs.note_hint_${step}`)}</span>
          </label>
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={close}>{t("general.cancel")}</button>
          <button type="submit" class="button primary" aria-disabled={isBusy.value || !canSend}>{t(`dialogs.${step}`)}</button>
        </div>
      </form>
    </Dialog>
  );
}

function Choice(props: {
  readonly name: string;
  readonly isChosen: boolean;
  readonly choose: () => void;
  readonly children: ComponentChildren;
}) {
  return (
    <label class="choice">
      <input type="radio" name={props.name} checked={props.isChosen} onChange={props.choose} />
      <span>{props.children}</span>
    </label>
  );
}

/** Moments that are often meant, nearest first. */
function snoozeChoices(from: Date): readonly (readonly [string, Date])[] {
  const tomorrow = new Date(from);
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(9, 0, 0, 0);
  return [
    ["in_hour", new Date(from.getTime() + HOUR_MS)],
    ["in_three_hours", new Date(from.getTime() + 3 * HOUR_MS)],
    ["tomorrow", tomorrow],
    ["next_week", new Date(from.getTime() + 7 * 24 * HOUR_MS)],
  ];
}

export function teamName(team: Team | undefined, id = ""): string {
  return team?.name[language.value] ?? team?.name.en ?? id;
}

function teamLabel(team: Team): string {
  if (team.open_now) return teamName(team);
  const opens = team.next_opening && momentOf(team.next_opening, new Date(now.peek()));
  return `${teamName(team)} (${opens ? t("dialogs.closed", { time: opens }) : t("dialogs.closed_unknown")})`;
}
