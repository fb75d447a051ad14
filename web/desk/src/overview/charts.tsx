/** The charts of the overview, each with its table. */

import { useMemo } from "preact/hooks";
import { teamName } from "../views/steps";
import { useParts } from "../views/context";
import { language, word } from "../words";
import { ChartWithTable, type Drawing } from "./chart";
import type { Asked, Figures, Named, Overview, Wanted } from "./figures";
import { languageWords } from "./filters";
import { type Cell, FigureTable, linked } from "./tables";
import { day, decimal, duration, mood, percent, say, whole } from "./words";

/** Opens a list: of which figure, under which title, and of which part of what was asked for. */
export type OpenPart = (wanted: Wanted, title: string, part?: Partial<Asked>) => void;

interface Props {
  readonly overview: Overview;
  readonly onOpen: OpenPart;
}

export function Charts(props: Props) {
  return (
    <>
      <Outcomes {...props} />
      <Replies {...props} />
      <Reasons {...props} />
      <Ratings {...props} />
      <Moods {...props} />
      <Slices {...props} of="teams" />
      <Slices {...props} of="languages" />
    </>
  );
}

function useDrawing(overview: Overview, make: () => Drawing): Drawing {
  return useMemo(make, [overview, language.value]);
}

function Outcomes({ overview: { days }, overview, onOpen }: Props) {
  const title = say("chart_days");
  const drawing = useDrawing(overview, () => ({
    kind: "stacked",
    labels: days.map(({ name }) => day(name)),
    series: [
      { name: say("by_assistant"), colour: "one", values: days.map(({ figures }) => figures.by_assistant.count) },
      { name: say("by_person"), colour: "two", values: days.map(({ figures }) => figures.by_person.count) },
      { name: say("unsolved"), colour: "three", values: days.map(({ figures }) => figures.unsolved.count) },
      { name: say("open"), colour: "four", values: days.map(({ figures }) => openIn(figures)) },
    ],
    onPick: (index) => openDay(days[index]?.name, { figure: "conversations" }, onOpen),
  }));
  const rows = newestFirst(days).map(({ name, figures }) => {
    const open = (wanted: Wanted) => openDay(name, wanted, onOpen);
    return {
      name: day(name, "long"),
      cells: [
        linked(whole(figures.conversations), figures.conversations, open, { figure: "conversations" }),
        linked(whole(figures.handoff_rate.count), figures.handoff_rate.count, open, { figure: "with_handoff" }),
        linked(whole(figures.by_assistant.count), figures.by_assistant.count, open, { figure: "by_assistant" }),
        linked(whole(figures.by_person.count), figures.by_person.count, open, { figure: "by_person" }),
        linked(whole(figures.unsolved.count), figures.unsolved.count, open, { figure: "unsolved" }),
        { text: whole(openIn(figures)) },
      ],
    };
  });
  return (
    <ChartWithTable id="outcomes" title={title} drawing={drawing}>
      <FigureTable first="day" columns={["conversations", "with_handoff", "by_assistant", "by_person", "unsolved", "open"]} rows={rows} />
    </ChartWithTable>
  );
}

function Replies({ overview: { days }, overview, onOpen }: Props) {
  const minutes = (seconds: number | null) => (seconds === null ? null : seconds / 60);
  const drawing = useDrawing(overview, () => ({
    kind: "line",
    labels: days.map(({ name }) => day(name)),
    series: [
      { name: say("median"), colour: "one", values: days.map(({ figures }) => minutes(figures.first_reply.median_s)) },
      { name: say("p90"), colour: "three", values: days.map(({ figures }) => minutes(figures.first_reply.p90_s)) },
    ],
    unit: say("minutes_axis"),
    format: (value) => duration(value * 60),
    onPick: (index) => openDay(days[index]?.name, { figure: "first_reply" }, onOpen),
  }));
  const rows = newestFirst(days).filter(({ figures }) => figures.handoffs).map(({ name, figures }) => {
    const open = (wanted: Wanted) => openDay(name, wanted, onOpen);
    const late = figures.in_time.of - figures.in_time.count;
    return {
      name: day(name, "long"),
      cells: [
        linked(whole(figures.handoffs), figures.handoffs, open, { figure: "handoffs" }),
        linked(duration(figures.first_reply.median_s), figures.first_reply.count, open, { figure: "first_reply" }),
        { text: duration(figures.first_reply.p90_s) },
        { text: percent(figures.in_time.share) },
        linked(whole(late), late, open, { figure: "late" }),
        linked(duration(figures.resolution.median_s), figures.resolution.count, open, { figure: "resolution" }),
      ],
    };
  });
  return (
    <ChartWithTable id="replies" title={say("chart_replies")} drawing={drawing}>
      <FigureTable first="day" columns={["handoffs", "median", "p90", "in_time", "late", "resolution"]} rows={rows} />
    </ChartWithTable>
  );
}

function Reasons({ overview: { total }, overview, onOpen }: Props) {
  const reasons = Object.entries(total.reasons);
  const open = (reason: string) => onOpen({ figure: "handoffs", reason }, word("reasons", reason));
  const drawing = useDrawing(overview, () => ({
    kind: "lying",
    labels: reasons.map(([reason]) => word("reasons", reason)),
    series: [{ name: say("handoffs"), colour: "one", values: reasons.map(([, count]) => count) }],
    onPick: (index) => reasons[index] && open(reasons[index][0]),
  }));
  const rows = reasons.map(([reason, count]) => ({
    name: word("reasons", reason),
    cells: [linked(whole(count), count, () => open(reason), { figure: "handoffs" }), { text: percent(count / total.handoffs) }],
  }));
  return (
    <ChartWithTable id="reasons" title={say("chart_reasons")} drawing={drawing}>
      <FigureTable first="reason" columns={["count", "share"]} rows={rows} />
    </ChartWithTable>
  );
}

function Ratings({ overview: { total }, overview, onOpen }: Props) {
  const { answered, distribution } = total.ratings;
  const scores = Object.entries(distribution);
  const open = (score: string) => onOpen({ figure: "ratings", score }, say("rating_of", { score }));
  const drawing = useDrawing(overview, () => ({
    kind: "bar",
    labels: scores.map(([score]) => score),
    series: [{ name: say("count"), colour: "two", values: scores.map(([, count]) => count) }],
    onPick: (index) => scores[index] && open(scores[index][0]),
  }));
  const rows = scores.map(([score, count]) => ({
    name: score,
    cells: [linked(whole(count), count, () => open(score), { figure: "ratings" }), { text: percent(answered.count ? count / answered.count : null) }],
  }));
  return (
    <ChartWithTable id="ratings" title={say("chart_ratings")} drawing={drawing}>
      <FigureTable first="score" columns={["count", "share"]} rows={rows} />
    </ChartWithTable>
  );
}

function Moods({ overview: { teams }, overview, onOpen }: Props) {
  const nameOf = useTeamNames();
  const known = teams.filter(({ figures }) => figures.mood.count);
  const drawing = useDrawing(overview, () => ({
    kind: "bar",
    labels: known.map(({ name }) => nameOf(name)),
    series: [
      { name: say("before"), colour: "three", values: known.map(({ figures }) => figures.mood.before) },
      { name: say("after"), colour: "one", values: known.map(({ figures }) => figures.mood.after) },
    ],
    format: mood,
    onPick: (index) => known[index] && onOpen({ figure: "mood_worse" }, say("mood_worse"), { team: known[index].name }),
  }));
  const rows = known.map(({ name, figures: { mood: felt } }) => {
    const part = (change: "better" | "same" | "worse"): Cell =>
      linked(whole(felt[change]), felt[change], (wanted) => onOpen(wanted, say(`mood_${change}`), { team: name }), { figure: `mood_${change}` });
    return { name: nameOf(name), cells: [{ text: mood(felt.before) }, { text: mood(felt.after) }, part("better"), part("same"), part("worse")] };
  });
  return (
    <ChartWithTable id="moods" title={say("chart_moods")} drawing={drawing}>
      <FigureTable first="team" columns={["before", "after", "better", "same", "worse"]} rows={rows} />
    </ChartWithTable>
  );
}

/** Teams, or languages, beside each other. */
function Slices({ overview, onOpen, of }: Props & { readonly of: "teams" | "languages" }) {
  const teamNameOf = useTeamNames();
  const slices = overview[of];
  const nameOf = of === "teams" ? teamNameOf : languageWords;
  const partOf = (name: string): Partial<Asked> => (of === "teams" ? { team: name } : { language: name });
  const drawing = useDrawing(overview, () => ({
    kind: "bar",
    labels: slices.map(({ name }) => nameOf(name)),
    series: [
      { name: say("conversations"), colour: "one", values: slices.map(({ figures }) => figures.conversations) },
      { name: say("handoffs"), colour: "two", values: slices.map(({ figures }) => figures.handoffs) },
    ],
  }));
  const rows = slices.map(({ name, figures }) => {
    // No team at all cannot be asked for: an empty team stands for every one.
    const canOpen = of === "languages" || name !== "";
    const cell = (text: string, count: number, wanted: Wanted, title: string): Cell =>
      linked(text, canOpen ? count : 0, () => onOpen(wanted, title, partOf(name)), wanted);
    return { name: nameOf(name), cells: sliceCells(figures, cell, of) };
  });
  const columns = SLICE_COLUMNS.filter((column) => of === "languages" || column !== "by_assistant");
  return (
    <ChartWithTable id={of} title={say(of === "teams" ? "chart_teams" : "chart_languages")} drawing={drawing}>
      <FigureTable
        first={of === "teams" ? "team" : "language"}
        columns={columns}
        rows={rows}
      />
    </ChartWithTable>
  );
}

/** What a team had, the assistant has not solved. */
const SLICE_COLUMNS = ["conversations", "handoffs", "by_assistant", "by_person", "repeat_24", "first_reply", "in_time", "resolution", "ratings"] as const;

type MakeCell = (text: string, count: number, wanted: Wanted, title: string) => Cell;

function sliceCells(figures: Figures, cell: MakeCell, of: "teams" | "languages"): readonly Cell[] {
  const repeats = figures.repeats["24"];
  return [
    cell(whole(figures.conversations), figures.conversations, { figure: "conversations" }, say("conversations")),
    cell(whole(figures.handoffs), figures.handoffs, { figure: "handoffs" }, say("handoffs")),
    ...(of === "teams" ? [] : [cell(percent(figures.by_assistant.share), figures.by_assistant.count, { figure: "by_assistant" }, say("by_assistant"))]),
    cell(percent(figures.by_person.share), figures.by_person.count, { figure: "by_person" }, say("by_person")),
    cell(percent(repeats?.share ?? null), repeats?.count ?? 0, { figure: "repeat_24" }, say("repeat_24")),
    cell(duration(figures.first_reply.median_s), figures.first_reply.count, { figure: "first_reply" }, say("first_reply")),
    cell(percent(figures.in_time.share), figures.in_time.of - figures.in_time.count, { figure: "late" }, say("late")),
    cell(duration(figures.resolution.median_s), figures.resolution.count, { figure: "resolution" }, say("resolution")),
    cell(decimal(figures.ratings.average), figures.ratings.answered.count, { figure: "ratings" }, say("ratings")),
  ];
}

function useTeamNames(): (id: string) => string {
  const { desk } = useParts();
  const teams = new Map((desk.me.value?.teams ?? []).map((team) => [team.id, team]));
  return (id) => (id ? teamName(teams.get(id), id) : say("no_team"));
}

function openDay(iso: string | undefined, wanted: Wanted, onOpen: OpenPart): void {
  if (iso) onOpen(wanted, day(iso, "long"), { from: iso, to: iso });
}

function openIn({ conversations, unsolved }: Figures): number {
  return conversations - unsolved.of;
}

function newestFirst(days: readonly Named[]): readonly Named[] {
  return [...days].reverse();
}
