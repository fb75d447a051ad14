"""Runs the project's checks and test suites one after another and closes with one line of totals.

Lint, types and imports come first because they are quick to repair; then the suites, each in the
environment it belongs to (Rasa's components are tested in Rasa's environment).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
SERVICE = ROOT / ".venv" / "bin"
RASA = ROOT / ".venv-rasa" / "bin"


@dataclass(frozen=True)
class Check:
    """A command that must end well."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Suite:
    """A folder of tests and the Python that runs it."""

    name: str
    python: Path
    folders: tuple[str, ...]
    fast: bool = False
    options: tuple[str, ...] = ()


@dataclass
class Totals:
    """Counts over all suites."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, report: Path) -> None:
        """Add what a JUnit report counted."""
        for suite in ET.parse(report).getroot().iter("testsuite"):
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            self.failed += failed
            self.skipped += skipped
            self.passed += int(suite.get("tests", 0)) - failed - skipped


CHECKS = (
    Check("lint", (f"{SERVICE}/ruff", "check", "--quiet", ".")),
    Check("format", (f"{SERVICE}/ruff", "format", "--quiet", "--check", ".")),
    Check("types", (f"{SERVICE}/mypy",)),
    Check("imports", (f"{SERVICE}/lint-imports", "--no-cache")),
    Check("house rules", (f"{SERVICE}/python", "tools/lint.py")),
    Check("widget", (f"{ROOT}/tools/setup/web_tests.sh",)),
    Check("content", (f"{SERVICE}/balie", "content", "check", "--quiet")),
)
# The Rasa environment has its own, older pytest; pyproject.toml asks for plugins it lacks.
RASA_OPTIONS = ("-c", "tests/nlu/pytest.ini", "--rootdir", ".")
SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "4")
CHANNELS = "tests/contract/channels"
SUITES = (
    Suite(
        "unit",
        SERVICE / "python",
        ("tests/unit", "tests/contract"),
        fast=True,
        # The whole service for every test: a minute in itself.
        options=(*SIDE_BY_SIDE, f"--ignore={CHANNELS}"),
    ),
    Suite("flows", SERVICE / "python", ("tests/flows", "tests/service", CHANNELS), options=SIDE_BY_SIDE),
    Suite("storage", SERVICE / "python", ("tests/storage",), options=SIDE_BY_SIDE),
    Suite("nlu", RASA / "python", ("tests/nlu",), options=RASA_OPTIONS),
    Suite(
        "dialogue",
        RASA / "python",
        ("tests/dialogue",),
        options=RASA_OPTIONS,
    ),
    Suite("e2e", SERVICE / "python", ("tests/e2e",)),
)


def main() -> int:
    """Run what was asked for; the exit status says whether all of it passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true", help="only the checks and the unit tests")
    parser.add_argument("--only", help="only this suite, without the checks")
    arguments = parser.parse_args()
    checks = () if arguments.only else CHECKS
    suites = [suite for suite in SUITES if _is_wanted(suite, fast=arguments.fast, only=arguments.only)]
    broken = [check.name for check in checks if not _passes(check)]
    totals = Totals()
    broken += [suite.name for suite in suites if not _run_suite(suite, totals)]
    for name in broken:
        print(f"FAILED: {name}")
    print(f"{totals.passed} passed, {totals.failed} failed, {totals.skipped} skipped")
    return 1 if broken else 0


def _is_wanted(suite: Suite, *, fast: bool, only: str | None) -> bool:
    if only is not None:
        return suite.name == only
    return suite.fast or not fast


def _passes(check: Check) -> bool:
    started = time.monotonic()
    status = subprocess.run(check.command, cwd=ROOT, check=False).returncode
    print(
        f"· {check.name}: {'ok' if status == 0 else 'FAILED'} ({time.monotonic() - started:.1f} s)",
        flush=True,
    )
    return status == 0


def _run_suite(suite: Suite, totals: Totals) -> bool:
    print(f"· {suite.name} tests", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [suite.python, "-m", "pytest", "-q", *suite.options, f"--junitxml={report}", *suite.folders]
        status = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
        if report.exists():
            totals.add(report)
    return status == 0


if __name__ == "__main__":
    sys.exit(main())
