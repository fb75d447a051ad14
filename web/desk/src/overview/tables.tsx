/** The tables beside the charts. Every number that conversations stand behind is a button that lists them. */

import type { ComponentChildren } from "preact";
import type { Wanted } from "./figures";
import { say, type Word } from "./words";

/** One cell: words, and what they lead to. */
export interface Cell {
  readonly text: string;
  readonly open?: (() => void) | undefined;
}

interface Row {
  readonly name: string;
  readonly cells: readonly Cell[];
}

interface Props {
  readonly first: Word;
  readonly columns: readonly Word[];
  readonly rows: readonly Row[];
}

export function FigureTable({ first, columns, rows }: Props) {
  if (!rows.length) return <p class="nothing quiet">{say("nothing")}</p>;
  return (
    <table class="figure-table">
      <thead><tr>{[first, ...columns].map((name) => <th key={name} scope="col">{say(name)}</th>)}</tr></thead>
      <tbody>
        {rows.map(({ name, cells }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((cell, index) => <td key={columns[index]}>{content(cell, `${name}, ${say(columns[index] ?? first)}`)}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function content({ text, open }: Cell, name: string): ComponentChildren {
  if (!open) return text;
  return <button type="button" class="number" aria-haspopup="dialog" onClick={open}>{text}<span class="hidden">: {name}</span></button>;
}

/** A number that leads to its conversations, unless there are none. */
export function linked(text: string, count: number, open: (wanted: Wanted) => void, wanted: Wanted): Cell {
  return { text, open: count ? () => open(wanted) : undefined };
}
