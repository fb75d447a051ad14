"""What one open desk was told of the queue, of its own conversations, and of who is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from balie.agents.views import AgentView
from balie.gateway.desk_hub import DeskHub, Line, Sight
from balie.gateway.desk_sight import looker_of
from balie.handoff.board import View, choose


class DeskLists:
    """Says only what is different from what was said last."""

    def __init__(self, hub: DeskHub) -> None:
        self._hub = hub
        self._told: dict[str, object] = {}
        self._offers: set[tuple[object, object]] = set()

    def news(self, agent: AgentView) -> Iterator[str]:
        """Events for what is different from what was told last."""
        sight = self._hub.sight
        if sight is None:
            return
        waiting = _lines(sight, agent, View.QUEUE)
        own = (*_lines(sight, agent, View.MINE), *_lines(sight, agent, View.SNOOZED))
        if self._is_news("presence", sight.colleagues):
            yield f'{{"type": "presence", "agents": {sight.colleagues}}}'
        if self._is_news("queue", [line.queued for line in waiting]):
            items = ", ".join(self._hub.timed(line.item, line.queued) for line in waiting)
            yield f'{{"type": "queue", "items": [{items}], "waiting": {len(waiting)}}}'
        if self._is_news("mine", [line.listed for line in own]):
            items = ", ".join(self._hub.timed(line.item, line.listed) for line in own)
            yield f'{{"type": "mine", "items": [{items}]}}'
        yield from self._offers_among(waiting, agent)

    def _offers_among(self, waiting: Sequence[Line], agent: AgentView) -> Iterator[str]:
        offered = {
            (line.item.handoff.id, line.item.handoff.offer_expires_at): line
            for line in waiting
            if line.item.handoff.offered_to == agent.id
        }
        fresh = [line for key, line in offered.items() if key not in self._offers]
        self._offers = set(offered)
        for line in fresh:
            yield f'{{"type": "offer", "item": {self._hub.timed(line.item, line.queued)}}}'

    def _is_news(self, kind: str, what: object) -> bool:
        if kind in self._told and self._told[kind] == what:
            return False
        self._told[kind] = what
        return True


def _lines(sight: Sight, agent: AgentView, view: View) -> list[Line]:
    found = choose(sight.snapshot, view, looker_of(agent))
    return [sight.lines[item.handoff.conversation_id] for item in found]
