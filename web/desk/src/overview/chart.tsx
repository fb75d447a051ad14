/** A chart with the same figures as a table beside it. The library comes when the first chart is drawn. */

import { useSignal } from "@preact/signals";
import type { Chart, ChartConfiguration, ChartDataset, ChartType } from "chart.js";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { language } from "../words";
import { say } from "./words";

/** Names of colours in `overview.css`. */
export type Colour = "one" | "two" | "three" | "four";

export interface Series {
  readonly name: string;
  readonly colour: Colour;
  readonly values: readonly (number | null)[];
}

export interface Drawing {
  readonly kind: "bar" | "stacked" | "lying" | "line";
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** What the values are, along their axis. */
  readonly unit?: string;
  readonly format?: (value: number) => string;
  /** How values are written along their axis, where they are no plain numbers. */
  readonly axis?: (value: number) => string;
  /** A part of the chart was pressed: the number of its label. Whoever uses a keyboard has the table. */
  readonly onPick?: (index: number) => void;
}

interface Props {
  readonly id: string;
  readonly title: string;
  readonly drawing: Drawing;
  readonly children: ComponentChildren;
}

/** A chart, its title, and a table with what it shows. */
export function ChartWithTable({ id, title, drawing, children }: Props) {
  return (
    <section class="chart-part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <div class="chart-and-table">
        <Canvas label={say("chart_help", { title })} drawing={drawing} />
        <details class="chart-table" open={matchMedia("(min-width: 760px)").matches}>
          <summary>{say("as_table")}<span class="hidden"> {title}</span></summary>
          <div class="table-wrap" role="region" aria-label={title} tabIndex={0}>{children}</div>
        </details>
      </div>
    </section>
  );
}

function Canvas({ label, drawing }: { readonly label: string; readonly drawing: Drawing }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const hasFailed = useSignal(false);
  const spoken = language.value;
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    let chart: Chart | null = null;
    let isGone = false;
    const draw = async () => {
      try {
        const { Chart } = await import("./chart_library");
        if (isGone || !canvas.current) return;
        chart?.destroy();
        chart = new Chart(canvas.current, configurationOf(drawing, getComputedStyle(canvas.current)));
      } catch {
        hasFailed.value = true;
      }
    };
    const redraw = () => void draw();
    redraw();
    dark.addEventListener("change", redraw);
    return () => {
      isGone = true;
      dark.removeEventListener("change", redraw);
      chart?.destroy();
    };
  }, [drawing, spoken]);
  if (hasFailed.value) return <p class="quiet" role="status">{say("chart_failed")}</p>;
  return <div class={`chart-canvas ${drawing.kind}`}><canvas ref={canvas} role="img" aria-label={label} /></div>;
}

function configurationOf(drawing: Drawing, style: CSSStyleDeclaration): ChartConfiguration {
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const [ink, line] = [colour("quiet"), colour("line")];
  const format = (value: unknown) => (typeof value === "number" && drawing.format ? drawing.format(value) : String(value));
  const [valueAxis, labelAxis] = drawing.kind === "lying" ? (["x", "y"] as const) : (["y", "x"] as const);
  const isStacked = drawing.kind === "stacked";
  const type: ChartType = drawing.kind === "line" ? "line" : "bar";
  return {
    type,
    data: { labels: drawing.labels.map((label) => (drawing.kind === "lying" ? linesOf(label) : label)), datasets: drawing.series.map((each) => datasetOf(each, colour(`chart-${each.colour}`), type)) },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: labelAxis,
      font: { family: style.fontFamily, size: 13 },
      interaction: { mode: "index", intersect: false, axis: labelAxis },
      onClick: (_event, picked) => {
        if (picked[0]) drawing.onPick?.(picked[0].index);
      },
      plugins: {
        legend: { display: drawing.series.length > 1, position: "bottom", labels: { color: ink, boxWidth: 14 } },
        tooltip: { callbacks: { label: ({ dataset, parsed }) => `${dataset.label ?? ""}: ${format(parsed[valueAxis])}` } },
      },
      scales: {
        [labelAxis]: { stacked: isStacked, grid: { display: false }, border: { color: line }, ticks: { color: ink, maxRotation: 0, autoSkip: drawing.kind !== "lying", autoSkipPadding: 12 } },
        [valueAxis]: {
          stacked: isStacked,
          beginAtZero: true,
          grid: { color: line },
          border: { display: false },
          ticks: { color: ink, maxTicksLimit: 6, ...(drawing.format ? {} : { precision: 0 }), ...(drawing.axis ? { callback: (value) => drawing.axis?.(Number(value)) } : {}) },
          title: { display: Boolean(drawing.unit), text: drawing.unit ?? "", color: ink },
        },
      },
    },
  };
}

const LINE_LENGTH = 20;

/** A label in lines that fit beside lying bars on a phone. */
export function linesOf(label: string): string[] {
  const lines: string[] = [];
  for (const word of label.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE_LENGTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function datasetOf({ name, values }: Series, colour: string, type: ChartType): ChartDataset {
  const common = { label: name, data: [...values], backgroundColor: colour, borderColor: colour };
  return type === "line"
    ? { ...common, type: "line", borderWidth: 2, pointRadius: 2, tension: 0.2, spanGaps: true }
    : { ...common, type: "bar", borderRadius: 4, maxBarThickness: 34 };
}
