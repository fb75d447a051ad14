/** The same figures of each list, segment or mood: a chart, and the table beside it. */

import { useMemo } from "preact/hooks";
import { ChartWithTable, type Drawing, type Series } from "../overview/chart";
import { whole } from "../overview/words";
import { language } from "../words";
import { Estimate } from "./effect";
import type { Outcomes, Part, Rate } from "./figures";
import { exactMoney, money, say, share, times, type Word, within } from "./words";

/** More groups than these get one bar each, and the largest of them only; the table has all. */
const MOST_GROUPS = 6;
const MOST_BARS = 10;
const COLUMNS = ["shown", "clicks", "baskets", "dismissed", "purchases", "revenue", "lift"] as const;

interface Props {
  readonly id: string;
  readonly title: Word;
  readonly first: Word;
  readonly parts: readonly Part[];
  readonly nameOf: (name: string) => string;
  readonly outcomes: Outcomes;
}

export function Parts({ id, title, first, parts, nameOf, outcomes }: Props) {
  const drawing = useMemo<Drawing>(() => {
    const drawn = parts.filter(({ shown }) => shown > 0).slice(0, MOST_BARS);
    const areMany = drawn.length > MOST_GROUPS;
    const bought: Series = { name: say("purchases"), colour: "one", values: drawn.map(({ purchases }) => purchases.share.value) };
    return {
      // Names fit beside lying bars, also on a phone.
      kind: areMany || !matchMedia("(min-width: 760px)").matches ? "lying" : "bar",
      labels: drawn.map(({ name }) => nameOf(name)),
      unit: say(areMany ? "chart_bought" : "chart_shares"),
      format: share,
      axis: share,
      series: areMany
        ? [bought]
        : [
            { name: say("clicks"), colour: "four", values: drawn.map(({ clicks }) => clicks.share.value) },
            { name: say("baskets"), colour: "two", values: drawn.map(({ baskets }) => baskets.share.value) },
            bought,
          ],
    };
  }, [outcomes, language.value]);
  if (!parts.length) return null;
  return (
    <ChartWithTable id={id} title={say(title)} drawing={drawing}>
      <table class="figure-table">
        <thead><tr>{[first, ...COLUMNS].map((name) => <th key={name} scope="col">{say(name)}</th>)}</tr></thead>
        <tbody>{parts.map((part) => <Row key={part.name} name={nameOf(part.name)} part={part} currency={outcomes.currency} />)}</tbody>
      </table>
    </ChartWithTable>
  );
}

function Row({ name, part, currency }: { readonly name: string; readonly part: Part; readonly currency: string }) {
  const { ratio } = part.lift;
  const perShown = within(part.per_shown, (minor) => exactMoney(minor, currency));
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{whole(part.shown)}</td>
      <RateCell rate={part.clicks} />
      <RateCell rate={part.baskets} />
      <RateCell rate={part.dismissed} />
      <RateCell rate={part.purchases} />
      <td><Estimate value={money(part.revenue_minor, currency)} detail={perShown} /></td>
      <td><Estimate value={times(ratio.value)} detail={within(ratio, times)} /></td>
    </tr>
  );
}

function RateCell({ rate }: { readonly rate: Rate }) {
  return <td><Estimate value={share(rate.share.value)} detail={within(rate.share, share)} /></td>;
}
