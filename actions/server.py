"""Runs the actions that Rasa asks for, inside our own web app: rasa-sdk's protocol without its server.

Rasa takes any error for "the action did nothing" and leaves the customer without a word. So whatever goes
wrong here becomes an apology with a way on.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import Action

from actions.answers import say
from actions.forms import PENDING_CHANGE
from actions.reading import IDENTITY_PROOF, PENDING_TASK
from balie.assistant.speech import APOLOGY, Choice
from balie.kernel.errors import BalieError
from balie.settings import PROJECT_ROOT

OWN_CODE: Final = (PROJECT_ROOT / "actions", PROJECT_ROOT / "balie")
VALIDATION_PREFIX: Final = "validate_"

_log = logging.getLogger(__name__)


class ActionServer:
    """Answers rasa-sdk's webhook calls with the actions it was given."""

    def __init__(self, actions: Iterable[Action], *, timeout: timedelta) -> None:
        """Build the server.

        Args:
            actions: Ready to run; each carries the services it needs.
            timeout: How long one action may take before the customer gets an apology instead.
        """
        self._executor = ActionExecutor()
        self._timeout_s = timeout.total_seconds()
        for action in actions:
            self._executor.register_action(action)

    @property
    def action_names(self) -> frozenset[str]:
        """Every action that can be run."""
        return frozenset(self._executor.actions)

    async def handle(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """Run the action that a call names.

        Args:
            call: The body of Rasa's request: ``next_action``, ``tracker`` and more.

        Returns:
            ``events`` and ``responses``. Never raises, and never repeats the tracker.
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                # Rasa may leave the domain out (`enable_selective_domain`); no action of ours reads it.
                result = await self._executor.run({**call, "domain": call.get("domain") or {}})
        except Exception as error:  # the outermost edge: nothing may get past it
            _log_failure(str(call.get("next_action")), error)
            return _apologise(call)
        return result.model_dump() if result is not None else {"events": [], "responses": []}


def _log_failure(action: str, error: Exception) -> None:
    """Say what broke and where, without the values: they may be somebody's address."""
    steps = traceback.extract_tb(error.__traceback__)
    own = [step for step in steps if any(map(Path(step.filename).is_relative_to, OWN_CODE))]
    place = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "unknown"
    code = error.code if isinstance(error, BalieError) else type(error).__name__
    _log.error("Action %s failed: %s at %s", action, code, place)


def _apologise(call: Mapping[str, Any]) -> dict[str, Any]:
    dispatcher = CollectingDispatcher()
    say(dispatcher, APOLOGY, choices=_try_again(call))
    return {"events": _events_after_failure(call), "responses": dispatcher.messages}


def _events_after_failure(call: Mapping[str, Any]) -> list[EventType]:
    if str(call.get("next_action")).startswith(VALIDATION_PREFIX):
        # A form whose validation says nothing is left to other rules: this one asks its question again.
        return [SlotSet(IDENTITY_PROOF, None)]
    return [SlotSet(PENDING_TASK, None), SlotSet(PENDING_CHANGE, None)]


def _try_again(call: Mapping[str, Any]) -> list[Choice]:
    """A button that asks the same again; none while a form is being filled in, which asks by itself."""
    if str(call.get("next_action")).startswith(VALIDATION_PREFIX):
        return []
    try:
        message = _Message.model_validate(call["tracker"]["latest_message"])
    except (ValidationError, LookupError, TypeError):
        return []
    named = {entity.entity: entity.value for entity in message.entities}
    return [Choice(intent=message.intent.name, slots=named, title="title_try_again")]


class _Intent(BaseModel):
    name: str


class _Entity(BaseModel):
    entity: str
    value: str


class _Message(BaseModel):
    """What has to be known of a message to ask the same again."""

    intent: _Intent
    entities: list[_Entity] = []
