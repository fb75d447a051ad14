"""Puts all figures on one page for people: what was to be reached, what was reached, the raw numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.emotion_table import emotion_rows, emotion_section
from benchmarks.recommendation_table import recommendation_rows, recommendation_section

Row = tuple[str, str, str]


class Result(NamedTuple):
    """The figures of a part.

    Attributes:
        measured: When and on which machine; None: never.
        figures: As the part's own command writes them; empty when it was never measured.
    """

    measured: str | None
    figures: Any


def read_result(file: Path) -> Result:
    """What a part left behind; a part without a file was never measured."""
    if not file.exists():
        return Result(None, {})
    document: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return Result(document["measured"], document["figures"])


def write_page(page: Path, results: Mapping[str, Result]) -> None:
    """Write the page; a part that has not been measured says so."""
    figures = {name: result.figures for name, result in results.items()}
    rows = [
        *_intent_rows(figures["intents"]),
        *_operation_rows(figures["operation"]),
        *_turn_rows(figures["turns"]),
        *emotion_rows(figures["emotions"]),
        *_flow_rows(figures["flows"]),
        *_numbers_rows(figures["numbers"]),
        *_desk_rows(figures["card"], figures["chatwoot"]),
        *_serving_rows(figures["recommendation_serving"]),
        *recommendation_rows(figures["recommendations"]),
        *_telegram_rows(figures["telegram"]),
        *_walk_rows(figures["handoff_walk"]),
        *_delivery_rows(figures["handoff_delivery"]),
    ]
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Shares are in [0, 1]; ratios are ours / default, of one run.",
        "",
        "| what | to reach | reached |",
        "|---|---|---|",
        *(f"| {what} | {goal} | {reached} |" for what, goal, reached in rows),
        "",
        *emotion_section(figures["emotions"]),
        *recommendation_section(figures["recommendations"]),
        *_raw_section(page.stem, results),
        "",
    ]
    page.write_text("\n".join(lines), encoding="utf-8")


def _raw_section(folder: str, results: Mapping[str, Result]) -> Iterator[str]:
    yield "## When and where"
    yield ""
    yield "| part | measured | |"
    yield "|---|---|---|"
    for name, result in results.items():
        raw = f"[raw figures]({folder}/{name}.json)" if result.measured else ""
        yield f"| {name} | {result.measured or 'not yet'} | {raw} |"


def _intent_rows(figures: Any) -> Iterator[Row]:
    for each in _figure_list(figures):
        reached = (
            f"in-scope {each['in_scope_accuracy']:.3f}, out-of-scope {each['out_of_scope_recall']:.3f}, "
            f"MCC {each['mcc']:.3f}"
        )
        yield f"{each['name']} ({each['messages']} messages)", each["goal"], reached


def _figure_list(figures: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = figures if isinstance(figures, list) else figures.get("figures", [])
    return found


def _operation_rows(figures: Mapping[str, Any]) -> Iterator[Row]:
    if not figures:
        return
    memory = figures["memory_mb"]
    rasa = max(value for name, value in memory.items() if name.startswith("rasa"))
    widget = figures["widget"]
    yield "training the whole assistant", "≤ 90 s", f"{figures['training_s']:.0f} s"
    yield "ready after a second start", "≤ 20 s", f"{figures['ready_s']:.1f} s"
    yield "memory of the Rasa process", "≤ 800 MB", f"{rasa:.0f} MB"
    yield "demo shop loaded", "≤ 15 s", f"{figures['demo_load_s']:.1f} s"
    sizes = f"{widget['loader_kb']:.1f} / {widget['all_kb']:.1f} KB"
    yield "widget, gzip: loader / all", "< 5 / < 40 KB", sizes


def _flow_rows(figures: Mapping[str, Any]) -> Iterator[Row]:
    if not figures:
        return
    reached = f"{figures['reached']} = {figures['share']:.1%}"
    yield f"{figures['customers']} simulated customers: the right end state", "≥ 95 %", reached
    yield "changes in the store that nobody wanted", "0", str(len(figures["wrong"]))
    yield "a turn that changes something, SQLite, p95", "≤ 120 ms", f"{figures['p95_writing_ms']:.0f} ms"


def _numbers_rows(figures: Mapping[str, Any]) -> Iterator[Row]:
    if not figures:
        return
    reached = f"{figures['median_ms']:.0f} ms ({figures['processor_ms']:.0f} ms of one core)"
    yield f"the desk's figures: 90 days, {figures['conversations']} conversations", "≤ 300 ms", reached


def _desk_rows(card: Mapping[str, Any], chatwoot: Mapping[str, Any]) -> Iterator[Row]:
    if card:
        yield "the card of a conversation, demo shop, p95", "≤ 50 ms", f"{card['p95_ms']:.0f} ms"
    if chatwoot:
        reached = f"{chatwoot['p99_ms']:.0f} ms"
        yield "acknowledgement to Chatwoot, the assistant takes 10 s, p99", "≤ 100 ms", reached
        wrong = (chatwoot["opened_by_error"], chatwoot["lost"], chatwoot["doubled"])
        yield "opened by error, lost, answered twice", "0, 0, 0", ", ".join(map(str, wrong))


def _serving_rows(figures: Mapping[str, Any]) -> Iterator[Row]:
    for name, goal in (("demo_shop", "≤ 2 ms"), ("large", "≤ 10 ms")) if figures else ():
        each = figures[name]
        worst = max(each["lists"].values(), key=lambda times: float(times["p99_ms"]))
        reached = f"{worst['p99_ms']:.1f} ms ({worst['processor_p99_ms']:.1f} ms of one core)"
        yield f"one recommendation, {each['products']} products, the slowest list, p99", goal, reached


def _telegram_rows(figures: Mapping[str, Any]) -> Iterator[Row]:
    if not figures:
        return
    crowd, latency = figures["crowd"], figures["latency"]
    whole = f"{crowd['updates']} updates of {crowd['people']} people, {crowd['kills']} kills"
    wrong = (crowd["lost"], crowd["doubled"], crowd["out_of_order"])
    yield f"Telegram, {whole}: lost, doubled, out of order", "0, 0, 0", ", ".join(map(str, wrong))
    reached = f"{latency['ratio_p95']:.2f} × (p50 {latency['ratio_p50']:.2f} ×)"
    yield "Telegram: update → sendMessage against the website's turn, p95", "≤ 1.3 ×", reached
    invalid = crowd["invalid_requests"] + latency["invalid_requests"]
    yield "requests to Telegram that the published description does not allow", "0", str(invalid)


def _walk_rows(figures: Mapping[str, Any]) -> Iterator[Row]:
    for name, walk in figures.items():
        pace = f"{walk['events']} events, {walk['events_per_second']} a second"
        yield f"random walk over handoffs, {name} ({pace}): violations", "0", str(walk["violations"])


def _delivery_rows(figures: Mapping[str, Any]) -> Iterator[Row]:
    if not figures:
        return
    whole = f"{figures['customers']} customers, {figures['agents']} agents, {figures['minutes']:.0f} minutes"
    for name in ("customer_to_desk", "desk_to_customer"):
        each = figures[name]
        calm, all_ms = each["calm"].get("p95_ms"), each["all"].get("p95_ms")
        reached = f"{calm} ms; over the {figures['kills']} kills too: {all_ms} ms"
        yield f"{name.replace('_', ' ')}, p95 ({whole})", "≤ 150 ms", reached
    yield "messages lost, doubled", "0, 0", f"{figures['lost']}, {figures['doubled']}"


def _turn_rows(figures: Mapping[str, Any]) -> Iterator[Row]:
    if not figures:
        return
    latency, throughput = figures["latency"], figures["throughput"]
    for rank in ("p50", "p95"):
        ours, default = latency["ours"][f"{rank}_ms"], latency["default"][f"{rank}_ms"]
        reached = f"{ours:.0f} / {default:.0f} ms = {latency[f'ratio_{rank}']:.2f} ×"
        yield f"one turn, one client, {rank}: ours / default Rasa", "≤ 0.75 ×", reached
    ours, default = throughput["ours_per_s"], throughput["default_per_s"]
    reached = f"{ours:.0f} / {default:.0f} = {throughput['ratio']:.2f} ×"
    yield "messages per second, 16 clients: ours / default Rasa", "≥ 3 ×", reached
