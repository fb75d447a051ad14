"""YAML that remembers on which line each value stands, so that a marketer is told where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from balie.content.errors import ContentBrokenError

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a machine without libyaml: slower, the same result
    from yaml import SafeLoader  # type: ignore[assignment]

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class LocatedYaml:
    """A file's value and the line of every place in it.

    Attributes:
        lines: From a place such as ``("articles", 2, "title")`` to its line, counted from 1.
    """

    path: Path
    value: Any
    lines: Mapping[Place, int]

    def line_of(self, place: Sequence[str | int]) -> int:
        """The line of a place, or of the nearest thing around it that the file has."""
        wanted = tuple(place)
        while wanted and wanted not in self.lines:
            wanted = wanted[:-1]
        return self.lines.get(wanted, 1)


def read_located_yaml(path: Path) -> LocatedYaml:
    """Read a UTF-8 YAML file.

    Raises:
        ContentBrokenError: The file is not readable YAML; says the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=SafeLoader)
        value = yaml.load(text, Loader=SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentBrokenError(path, line, f"not YAML: {error.problem}") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentBrokenError(path, 1, f"not readable: {error}") from error
    lines: dict[Place, int] = {}
    if node is not None:
        _note_lines(node, (), lines)
    return LocatedYaml(path, value, lines)


def _note_lines(node: yaml.Node, place: Place, lines: dict[Place, int]) -> None:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            _note_lines(child, (*place, str(key.value)), lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _note_lines(child, (*place, index), lines)
