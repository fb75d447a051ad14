"""Our runner gives what Rasa's gives."""

from __future__ import annotations

from typing import Any, ClassVar, Dict, List, Optional, Type
from unittest.mock import Mock

import pytest
from rasa.engine.exceptions import GraphComponentException
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from nlu.graph_runner import StraightGraphRunner


class Adds(GraphComponent):
    ran: ClassVar[List[str]] = []

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Adds":
        return cls(execution_context.node_name or "")

    def add(self, left: int, right: int = 1) -> int:
        self.ran.append(self._name)
        return left + right

    def fail(self, left: int) -> int:
        raise RuntimeError("out of order")


def node(needs: Dict[str, str], fn: str = "add", is_target: bool = False) -> SchemaNode:
    return SchemaNode(
        needs=needs, uses=Adds, constructor_name="create", fn=fn, config={}, eager=True, is_target=is_target
    )


SCHEMA = GraphSchema(
    {
        "last": node({"left": "first", "right": "second"}, is_target=True),
        "second": node({"left": "first", "right": "given"}),
        "first": node({"left": "given"}),
        "aside": node({"left": "given"}, is_target=True),
        "broken": node({"left": "given"}, fn="fail"),
    }
)


def runner(kind: Type[DaskGraphRunner]) -> DaskGraphRunner:
    return kind.create(SCHEMA, Mock(spec=ModelStorage), ExecutionContext(SCHEMA, model_id="any"))


@pytest.mark.parametrize("targets", [None, ["last"], ["second", "aside"]])
def test_it_gives_the_same_results_as_rasas_own_runner(targets: Optional[List[str]]) -> None:
    ours, theirs = runner(StraightGraphRunner), runner(DaskGraphRunner)

    for given in (3, 5):  # a second run goes by the plan of the first
        assert ours.run({"given": given}, targets) == theirs.run({"given": given}, targets)


def test_it_runs_only_what_the_target_needs_and_each_node_once() -> None:
    Adds.ran.clear()

    runner(StraightGraphRunner).run({"given": 1}, ["last"])

    assert Adds.ran == ["first", "second", "last"]


def test_a_node_that_breaks_off_is_told_as_rasa_tells_it() -> None:
    for kind in (StraightGraphRunner, DaskGraphRunner):
        with pytest.raises(GraphComponentException, match="broken"):
            runner(kind).run({"given": 1}, ["broken"])
