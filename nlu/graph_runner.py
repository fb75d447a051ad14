"""Runs Rasa's graph node after node, in an order that is worked out once.

Rasa's own runner hands every run to a scheduler of parallel tasks, which here has one thread, and writes out
messages and dialogues for a log that nobody keeps: together a tenth of a turn (docs/adr/0016-a-lean-seam.md).
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.engine.runner.dask import DaskGraphRunner

Step = Tuple[Text, Tuple[Text, ...]]
"""A node and what it needs, in the order of its arguments."""


class StraightGraphRunner(DaskGraphRunner):
    """The same results as its parent's, without a scheduler."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._plans: Dict[Tuple[Text, ...], List[Step]] = {}

    def run(
        self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None
    ) -> Dict[Text, Any]:
        """What the target nodes give, by their names.

        Args:
            inputs: Values that nodes need and no node gives.
            targets: Names of nodes; the graph's own targets when None.

        Raises:
            GraphComponentException: A node broke off.
        """
        wanted = tuple(targets or self._graph_schema.target_names)
        done: Dict[Text, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for node, needs in self._plan(wanted):
            # What nobody gives is handed over by its name: the node knows what to make of it.
            done[node] = self._instantiated_nodes[node](*(done.get(need, need) for need in needs))
        return dict(done[target] for target in wanted)

    def _plan(self, wanted: Tuple[Text, ...]) -> List[Step]:
        if wanted not in self._plans:
            nodes = self._graph_schema.minimal_graph_schema(list(wanted)).nodes
            needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
            order = TopologicalSorter(needs).static_order()
            self._plans[wanted] = [(name, needs[name]) for name in order if name in needs]
        return self._plans[wanted]
