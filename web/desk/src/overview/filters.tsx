/** Which period, team and language the figures are of. */

import { useSignal } from "@preact/signals";
import { languageName } from "../formats";
import { teamName } from "../views/steps";
import { useParts } from "../views/context";
import { type Asked, csvAddress, type Days, daysIn, lastDays, LONGEST_DAYS, PERIODS } from "./figures";
import { say } from "./words";

interface Props {
  readonly asked: Asked;
  readonly today: string;
  /** Languages in which there is something to choose. */
  readonly languages: readonly string[];
  readonly onAsk: (asked: Asked) => void;
}

export function Filters({ asked, today, languages, onAsk }: Props) {
  const { desk } = useParts();
  return (
    <div class="filters">
      <PeriodChoice days={asked} today={today} onAsk={(days) => onAsk({ ...asked, ...days })} />
      <label class="field">
        <span>{say("team")}</span>
        <select value={asked.team} onChange={(event) => onAsk({ ...asked, team: event.currentTarget.value })}>
          <option value="">{say("all_teams")}</option>
          {(desk.me.value?.teams ?? []).map((team) => <option key={team.id} value={team.id}>{teamName(team, team.id)}</option>)}
        </select>
      </label>
      <label class="field">
        <span>{say("language")}</span>
        <select value={asked.language} onChange={(event) => onAsk({ ...asked, language: event.currentTarget.value })}>
          <option value="">{say("all_languages")}</option>
          {languages.map((code) => <option key={code} value={code}>{languageWords(code)}</option>)}
        </select>
      </label>
      <a class="button download" href={csvAddress(asked)} download>{say("download")}</a>
    </div>
  );
}

interface PeriodProps {
  readonly days: Days;
  readonly today: string;
  readonly onAsk: (days: Days) => void;
}

/** The last so many days, or two days of one's own choice. */
export function PeriodChoice({ days, today, onAsk }: PeriodProps) {
  const isCustom = useSignal(false);
  const chosen = isCustom.value ? null : PERIODS.find((count) => lastDays(count, today).from === days.from && days.to === today);
  const choose = (count: number) => {
    isCustom.value = false;
    onAsk(lastDays(count, today));
  };
  return (
    <>
      <fieldset class="periods">
        <legend>{say("period")}</legend>
        {PERIODS.map((count) => (
          <button key={count} type="button" class="toggle" aria-pressed={chosen === count} onClick={() => choose(count)}>{say("last_days", { count })}</button>
        ))}
        <button type="button" class="toggle" aria-pressed={!chosen} aria-expanded={!chosen} onClick={() => { isCustom.value = true; }}>{say("own_period")}</button>
      </fieldset>
      {!chosen && <OwnPeriod days={days} today={today} onAsk={onAsk} />}
    </>
  );
}

function OwnPeriod({ days, today, onAsk }: PeriodProps) {
  const typed = useSignal({ from: days.from, to: days.to });
  const isBad = useSignal(false);
  const type = (change: Partial<Days>) => {
    typed.value = { ...typed.value, ...change };
    const count = daysIn(typed.value);
    isBad.value = !(count >= 1 && count <= LONGEST_DAYS);
    if (!isBad.value) onAsk(typed.value);
  };
  const described = { "aria-invalid": isBad.value, "aria-describedby": "period-problem" };
  return (
    <div class="own-period">
      <label class="field">
        <span>{say("from")}</span>
        <input type="date" required max={today} value={typed.value.from} {...described} onChange={(event) => type({ from: event.currentTarget.value })} />
      </label>
      <label class="field">
        <span>{say("to")}</span>
        <input type="date" required max={today} value={typed.value.to} {...described} onChange={(event) => type({ to: event.currentTarget.value })} />
      </label>
      <p id="period-problem" class="problem" role="status">{isBad.value ? say("bad_period", { count: LONGEST_DAYS }) : ""}</p>
    </div>
  );
}

/** The name of a language, in words. */
export function languageWords(code: string): string {
  return code === "und" ? say("unknown_language") : languageName(code);
}
