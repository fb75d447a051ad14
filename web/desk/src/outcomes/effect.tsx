/** Those who were shown something unasked, against those from whom it was withheld. */

import { UNKNOWN, whole } from "../overview/words";
import { type Group, type Lift, verdictOn } from "./figures";
import { exactMoney, points, say, share, times, within } from "./words";

export function Effect({ lift, currency }: { readonly lift: Lift; readonly currency: string }) {
  const verdict = verdictOn(lift);
  const signed = (minor: number | null) => exactMoney(minor, currency, "exceptZero");
  return (
    <section aria-labelledby="effect-title">
      <h2 id="effect-title">{say("effect")}</h2>
      <p class="quiet">{say("effect_lead")}</p>
      <p class={`verdict ${verdict}`}>{say(`verdict_${verdict}`)}</p>
      <div class="effect table-wrap" role="region" aria-label={say("effect_table")} tabIndex={0}>
        <table>
          <thead><tr>{(["group", "people", "bought", "per_person"] as const).map((name) => <th key={name} scope="col">{say(name)}</th>)}</tr></thead>
          <tbody>
            <GroupRow name={say("suggested")} group={lift.shown} currency={currency} />
            <GroupRow name={say("held_out")} group={lift.held_out} currency={currency} />
            <tr>
              <th scope="row">{say("difference")}</th>
              <td />
              <td>
                <Estimate value={lift.difference.value === null ? UNKNOWN : say("difference_points", { value: points(lift.difference.value) })} detail={within(lift.difference, points, "between")} />
                {lift.ratio.value !== null && <Estimate value={say("difference_times", { value: times(lift.ratio.value) })} detail={within(lift.ratio, times)} />}
              </td>
              <td><Estimate value={signed(lift.revenue.value)} detail={within(lift.revenue, signed, "between")} /></td>
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}

function GroupRow({ name, group, currency }: { readonly name: string; readonly group: Group; readonly currency: string }) {
  const exact = (minor: number | null) => exactMoney(minor, currency);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{whole(group.bought.of)}</td>
      <td><Estimate value={share(group.bought.share.value)} detail={within(group.bought.share, share)} /></td>
      <td><Estimate value={exact(group.revenue.value)} detail={within(group.revenue, exact)} /></td>
    </tr>
  );
}

/** A figure, and the range that it lies in. */
export function Estimate({ value, detail }: { readonly value: string; readonly detail: string }) {
  return <span class="cell">{value}{detail && <span class="quiet">{detail}</span>}</span>;
}
