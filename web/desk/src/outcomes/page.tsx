/** What recommendations bring: in all, against the hold-out, and by list, segment and mood. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { serverTime } from "../clock";
import { type Days, dayIn, lastDays } from "../overview/figures";
import { PeriodChoice } from "../overview/filters";
import "../overview/overview.css";
import { day, UNKNOWN, whole } from "../overview/words";
import { useParts } from "../views/context";
import { Failed } from "../views/parts";
import { Effect } from "./effect";
import { csvAddress, type Outcomes, type Part, type Rate, readOutcomes } from "./figures";
import "./outcomes.css";
import { Parts } from "./parts";
import { exactMoney, listName, money, moodName, rateDetail, say, segmentName, share, type Word, within } from "./words";

const USUAL_DAYS = 30;
const MEANINGS: readonly Word[] = ["shown", "purchases", "revenue", "dismissed", "effect", "within"];
const TITLES: Readonly<Record<string, Word>> = { within: "purchases", effect: "lift" };

export function OutcomesPage() {
  const { desk } = useParts();
  return (
    <div class="page overview outcomes">
      <h1>{say("title")}</h1>
      {desk.may("see_figures") ? <Figures /> : <p class="quiet">{say("not_permitted")}</p>}
    </div>
  );
}

function Figures() {
  const { api } = useParts();
  const today = dayIn(serverTime());
  const days = useSignal<Days>(lastDays(USUAL_DAYS, today));
  const outcomes = useSignal<Outcomes | null>(null);
  const stage = useSignal<"counting" | "failed" | "there">("counting");
  const latest = useRef(0);
  const load = () => {
    const own = ++latest.current;
    stage.value = "counting";
    readOutcomes(api, days.value).then(
      (answer) => {
        if (own !== latest.current) return;
        outcomes.value = answer;
        stage.value = "there";
      },
      () => { if (own === latest.current) stage.value = "failed"; },
    );
  };
  useEffect(load, [days.value]);
  const shown = outcomes.value;
  return (
    <>
      <p class="quiet">{say("lead")}</p>
      <div class="filters">
        <PeriodChoice days={days.value} today={today} onAsk={(wanted) => { days.value = wanted; }} />
        <a class="button download" href={csvAddress(days.value)} download>{say("download")}</a>
      </div>
      <p class="counted quiet" role="status">{statusOf(stage.value, shown)}</p>
      {stage.value === "failed" && <Failed again={load} />}
      {shown && stage.value !== "failed" && (
        <div aria-busy={stage.value === "counting"}>
          {!shown.settled && <p class="unsettled quiet">{say("unsettled")}</p>}
          <h2>{say("in_period")}</h2>
          <Tiles total={shown.total} currency={shown.currency} />
          <Meanings />
          <Effect lift={shown.total.lift} currency={shown.currency} />
          <Parts id="lists" title="by_list" first="list" parts={shown.lists} nameOf={listName} outcomes={shown} />
          <Parts id="segments" title="by_segment" first="segment" parts={shown.segments} nameOf={(name) => segmentName(name, shown)} outcomes={shown} />
          <Parts id="moods" title="by_mood" first="mood" parts={shown.moods} nameOf={moodName} outcomes={shown} />
        </div>
      )}
    </>
  );
}

function statusOf(stage: "counting" | "failed" | "there", shown: Outcomes | null): string {
  if (stage === "counting") return say("loading");
  if (stage === "failed" || !shown) return "";
  if (!shown.total.shown) return say("nothing");
  return say("counted", { first: day(shown.asked.first, "long"), last: day(shown.asked.last, "long") });
}

function Tiles({ total, currency }: { readonly total: Part; readonly currency: string }) {
  const each = (minor: number) => exactMoney(minor, currency);
  const perShown = say("revenue_detail", { each: exactMoney(total.per_shown.value, currency), within: within(total.per_shown, each) || UNKNOWN });
  const rates: readonly [Word, Rate][] = [["clicks", total.clicks], ["baskets", total.baskets], ["purchases", total.purchases], ["dismissed", total.dismissed]];
  return (
    <ul class="figure-tiles">
      <Tile name="shown" value={whole(total.shown)} detail={say("shown_detail")} />
      {rates.map(([name, rate]) => <Tile key={name} name={name} value={share(rate.share.value)} detail={rateDetail(rate)} />)}
      <Tile name="revenue" value={money(total.revenue_minor, currency)} detail={perShown} />
    </ul>
  );
}

function Tile({ name, value, detail }: { readonly name: Word; readonly value: string; readonly detail: string }) {
  return (
    <li class="figure-tile">
      <span class="tile-name">{say(name)}</span>
      <span class="tile-value">{value}</span>
      <span class="tile-detail">{detail}</span>
    </li>
  );
}

function Meanings() {
  return (
    <details class="meanings">
      <summary>{say("meaning")}</summary>
      <dl>
        {MEANINGS.map((name) => (
          <div key={name}><dt>{say(TITLES[name] ?? name)}</dt><dd>{say(`means_${name}` as Word)}</dd></div>
        ))}
      </dl>
    </details>
  );
}
