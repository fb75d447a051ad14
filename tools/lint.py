"""House rules that ruff and mypy cannot know, each with a message that says what to do.

A line that must break a rule ends with ``# house: <rule>`` and a reason.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ("balie", "actions")
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 50
FOREIGN_WORDS = {"user", "bot", "chat", "ticket", "operator", "uid", "msg"}
ADAPTERS = ("balie/assistant/", "balie/channels/", "actions/", "balie/gateway/")
RASA_YAML = re.compile(r"^(rules|stories|nlu):", re.MULTILINE)
RASA_YAML_PLACES = ("data/rules/", "data/stories/", "data/nlu/", "tests/")


@dataclass(frozen=True)
class Module:
    """One Python file, read and parsed once."""

    path: str
    lines: tuple[str, ...]
    tree: ast.Module

    def excuses(self, line: int, rule: str) -> bool:
        """Whether the line says itself why it breaks the rule."""
        return f"# house: {rule}" in self.lines[line - 1]


Finding = tuple[int, str]
Rule = Callable[[Module], Iterator[Finding]]


def commit_only_in_the_unit_of_work(module: Module) -> Iterator[Finding]:
    """Transactions are opened and closed in one place."""
    if module.path == "balie/storage/unit_of_work.py":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "commit":
            yield (
                node.lineno,
                "commit in balie/storage/unit_of_work.py only: use `async with unit_of_work.write()`",
            )


def environment_only_in_settings(module: Module) -> Iterator[Finding]:
    """Whoever wants to know what can be set reads one file."""
    if module.path in ("balie/settings.py", "balie/assistant/rasa_process.py"):
        return  # a child process gets the whole environment, and more
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
            yield node.lineno, "read the environment in balie/settings.py only: add a setting"


def status_changes_in_one_place(module: Module) -> Iterator[Finding]:
    """A conversation's status follows its table."""
    if module.path.startswith("balie/conversations/"):
        return
    for node in ast.walk(module.tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "status":
                yield node.lineno, "change a conversation's status through balie/conversations only"


def our_words_are_used(module: Module) -> Iterator[Finding]:
    """Foreign words stop at their adapter (docs/vocabulary.md)."""
    if module.path.startswith(ADAPTERS):
        return
    for node in ast.walk(module.tree):
        name = node.arg if isinstance(node, ast.arg) else node.id if isinstance(node, ast.Name) else None
        if name in FOREIGN_WORDS:
            yield node.lineno, f"`{name}` is not one of our words: see docs/vocabulary.md"


def pickle_is_never_loaded(module: Module) -> Iterator[Finding]:
    """Data loaded with pickle is code."""
    for node in ast.walk(module.tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            if name.split(".")[0] in {"pickle", "joblib", "dill", "shelve", "marshal"}:
                yield node.lineno, f"{name} runs what it loads: keep data as JSON, npz or safetensors"


def modules_and_functions_stay_small(module: Module) -> Iterator[Finding]:
    """One concept a module, one screen a function."""
    if len(module.lines) > MAX_MODULE_LINES:
        yield 1, f"{len(module.lines)} lines: a module holds one concept, {MAX_MODULE_LINES} lines are plenty"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {length} lines: say it in smaller steps"


RULES: tuple[tuple[str, Rule, tuple[str, ...]], ...] = (
    ("commit", commit_only_in_the_unit_of_work, CODE),
    ("environment", environment_only_in_settings, CODE),
    ("status", status_changes_in_one_place, CODE),
    ("words", our_words_are_used, CODE),
    ("pickle", pickle_is_never_loaded, (*CODE, "nlu", "benchmarks")),
    ("size", modules_and_functions_stay_small, (*CODE, "nlu")),
)


def main() -> int:
    """Print every finding as ``file:line: message [rule]``; the exit status is 1 when there are any."""
    findings = [*_check_python(), *_check_yaml()]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def _check_python() -> Iterator[str]:
    folders = sorted({folder for _, _, folders in RULES for folder in folders})
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            module = Module(
                path.relative_to(ROOT).as_posix(), tuple(text.splitlines()) or ("",), ast.parse(text)
            )
            for name, rule, places in RULES:
                if folder in places:
                    for line, message in rule(module):
                        if not module.excuses(line, name):
                            yield f"{module.path}:{line}: {message} [{name}]"


def _check_yaml() -> Iterator[str]:
    for folder in ("data", "docs", "benchmarks", "."):
        pattern = "*.yml" if folder == "." else "**/*.yml"
        for path in sorted((ROOT / folder).glob(pattern)):
            place = path.relative_to(ROOT).as_posix()
            if place.startswith(RASA_YAML_PLACES) or place.startswith("benchmarks/rasa_default/"):
                continue
            if RASA_YAML.search(path.read_text(encoding="utf-8")):
                yield f"{place}:1: Rasa takes this file for its own: move it or rename the key [rasa-yaml]"


if __name__ == "__main__":
    sys.exit(main())
