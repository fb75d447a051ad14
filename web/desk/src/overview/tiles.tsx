/** The figures at a glance; each is a button that opens the list of what it counts. */

import type { Overview, Share, Spread, Wanted } from "./figures";
import { decimal, duration, mood, percent, say, UNKNOWN, whole, type Word } from "./words";

interface Tile {
  readonly name: Word;
  readonly value: string;
  readonly detail: string;
  readonly wanted: Wanted;
}

type Open = (wanted: Wanted, title: string) => void;

export function Tiles({ tiles, onOpen }: { readonly tiles: readonly Tile[]; readonly onOpen: Open }) {
  return (
    <ul class="figure-tiles">
      {tiles.map(({ name, value, detail, wanted }) => (
        <li key={name}>
          <button type="button" class="figure-tile" aria-haspopup="dialog" onClick={() => onOpen(wanted, say(name))}>
            <span class="tile-name">{say(name)}</span>
            <span class="tile-value">{value}</span>
            <span class="tile-detail">{detail}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Whoever waits at this moment. */
export function tilesOfNow({ now }: Overview): readonly Tile[] {
  const facts = { time: duration(now.longest_s), with_agents: whole(now.with_agents), promised: whole(now.promised) };
  return [{ name: "waiting", value: whole(now.waiting), detail: say("waiting_detail", facts), wanted: { figure: "waiting" } }];
}

/** What happened in the period. */
export function tilesOfPeriod({ total }: Overview, isOfOneTeam: boolean): readonly Tile[] {
  const { ratings, mood: moods, in_time } = total;
  const late = in_time.of - in_time.count;
  return [
    { name: "conversations", value: whole(total.conversations), detail: say("conversations_detail"), wanted: { figure: "conversations" } },
    // Every conversation that a team had is one that went to a person.
    ...(isOfOneTeam ? [] : [shareTile("with_handoff", total.handoff_rate), shareTile("by_assistant", total.by_assistant)]),
    shareTile("by_person", total.by_person),
    shareTile("unsolved", total.unsolved),
    shareTile("repeat_24", total.repeats["24"]),
    shareTile("repeat_72", total.repeats["72"]),
    spreadTile("first_reply", total.first_reply),
    { name: "in_time", value: percent(in_time.share), detail: say("in_time_detail", { count: whole(in_time.count), of: whole(in_time.of), late: whole(late) }), wanted: { figure: "late" } },
    spreadTile("resolution", total.resolution),
    { name: "ratings", value: decimal(ratings.average), detail: say("ratings_detail", counts(ratings.answered)), wanted: { figure: "ratings" } },
    {
      name: "mood",
      value: moods.count ? say("mood_value", { before: mood(moods.before), after: mood(moods.after) }) : UNKNOWN,
      detail: say("mood_detail", { better: whole(moods.better), same: whole(moods.same), worse: whole(moods.worse) }),
      wanted: { figure: "mood_better" },
    },
  ];
}

function shareTile(name: Word, share: Share = { count: 0, of: 0, share: null }): Tile {
  return { name, value: percent(share.share), detail: say("of", counts(share)), wanted: { figure: name } };
}

function spreadTile(name: Word, { count, median_s, p90_s }: Spread): Tile {
  const detail = say("spread_detail", { p90: duration(p90_s), count: whole(count) });
  return { name, value: duration(median_s), detail, wanted: { figure: name } };
}

function counts({ count, of }: Share) {
  return { count: whole(count), of: whole(of) };
}
