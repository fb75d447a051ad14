/** The figures of the desk: what waits now, how a period went, and the conversations behind every number. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { serverTime } from "../clock";
import { useParts } from "../views/context";
import { Failed } from "../views/parts";
import { BehindDialog, type Look } from "./behind";
import { Charts, type OpenPart } from "./charts";
import { type Asked, dayIn, lastDays, type Overview, readOverview } from "./figures";
import { Filters } from "./filters";
import "./overview.css";
import { Tiles, tilesOfNow, tilesOfPeriod } from "./tiles";
import { day, say, type Word } from "./words";

const USUAL_DAYS = 30;
const MEANINGS: readonly Word[] = ["conversations", "with_handoff", "by_assistant", "by_person", "repeat_24", "first_reply", "in_time", "resolution", "mood"];

export function OverviewPage() {
  const { desk } = useParts();
  const mayLook = desk.me.value?.permissions.includes("see_figures") ?? false;
  return (
    <div class="page overview">
      <h1>{say("title")}</h1>
      {mayLook ? <Figures /> : <p class="quiet">{say("not_permitted")}</p>}
    </div>
  );
}

function Figures() {
  const { api } = useParts();
  const today = dayIn(serverTime());
  const asked = useSignal<Asked>({ ...lastDays(USUAL_DAYS, today), team: "", language: "" });
  const overview = useSignal<Overview | null>(null);
  const stage = useSignal<"counting" | "failed" | "there">("counting");
  const languages = useSignal<readonly string[]>([]);
  const look = useSignal<Look | null>(null);
  const latest = useRef(0);
  const load = () => {
    const own = ++latest.current;
    stage.value = "counting";
    readOverview(api, asked.value).then(
      (answer) => {
        if (own !== latest.current) return;
        overview.value = answer;
        stage.value = "there";
        languages.value = [...new Set([...languages.value, ...answer.languages.map(({ name }) => name)])].sort();
      },
      () => { if (own === latest.current) stage.value = "failed"; },
    );
  };
  useEffect(load, [asked.value]);
  const open: OpenPart = (wanted, title, part) => { look.value = { wanted, title, asked: { ...asked.value, ...part } }; };
  const shown = overview.value;
  return (
    <>
      <p class="quiet">{say("lead")}</p>
      <Filters asked={asked.value} today={today} languages={languages.value} onAsk={(wanted) => { asked.value = wanted; }} />
      <p class="counted quiet" role="status">
        {stage.value === "counting" ? say("loading") : stage.value === "there" && shown ? say("counted", { first: day(shown.asked.first, "long"), last: day(shown.asked.last, "long") }) : ""}
      </p>
      {stage.value === "failed" && <Failed again={load} />}
      {shown && stage.value !== "failed" && (
        <div aria-busy={stage.value === "counting"}>
          <h2>{say("now")}</h2>
          <Tiles tiles={tilesOfNow(shown)} onOpen={open} />
          <h2>{say("in_period")}</h2>
          <Tiles tiles={tilesOfPeriod(shown, asked.value.team !== "")} onOpen={open} />
          <Meanings />
          <Charts overview={shown} onOpen={open} />
        </div>
      )}
      {look.value && <BehindDialog look={look.value} onClose={() => { look.value = null; }} />}
    </>
  );
}

function Meanings() {
  return (
    <details class="meanings">
      <summary>{say("meaning")}</summary>
      <dl>
        {MEANINGS.map((name) => (
          <div key={name}><dt>{say(name)}</dt><dd>{say(`means_${name}` as Word)}</dd></div>
        ))}
      </dl>
    </details>
  );
}
