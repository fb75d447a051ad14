"""Scans a page with axe-core against WCAG 2.0, 2.1 and 2.2, A and AA."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from balie.settings import PROJECT_ROOT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
_SCAN = """tags =>
  axe.run(document, {runOnly: {type: "tag", values: tags}}).then(found => found.violations)"""
AXE = PROJECT_ROOT / "web" / "widget" / "node_modules" / "axe-core" / "axe.min.js"


def expect_no_violations(page: Page) -> None:
    """Fail with the rules that are broken and where."""
    page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(_SCAN, TAGS)
    told = [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]
    assert not told, "\n".join(told)


@cache
def _source() -> str:
    return AXE.read_text("utf-8")
