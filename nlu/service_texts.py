"""Asks the service for the text of a response, with only what it needs to know, over one connection.

Rasa's own client (``rasa.core.nlg.callback``) sends the whole dialogue with every call, opens a
connection for each, and checks the answer against a schema that it checks anew every time: together a
quarter of a turn (docs/adr/0016-a-lean-seam.md).
"""

from __future__ import annotations

import asyncio
from typing import Any, Dict, Optional, Text

import aiohttp
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig


class ServiceTexts(NaturalLanguageGenerator):
    """The texts of the service's endpoint.

    Args:
        endpoint_config: ``nlg`` of endpoints.yml; ``url`` includes the token.
        domain: Not used; Rasa hands it over.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Optional[Domain] = None) -> None:
        self._url = endpoint_config.url
        self._session: Optional[aiohttp.ClientSession] = None

    async def generate(
        self, utter_action: Text, tracker: DialogueStateTracker, output_channel: Text, **kwargs: Any
    ) -> Dict[Text, Any]:
        """The text, its buttons and our mark.

        Raises:
            RasaException: The service did not answer, or not with a text.
        """
        kwargs.pop("domain_responses", None)
        body = {
            "response": utter_action,
            "arguments": kwargs,
            "channel": {"name": output_channel},
            "tracker": _state(tracker),
        }
        try:
            async with self._open_session().post(self._url, json=body) as response:
                response.raise_for_status()
                answer = await response.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise RasaException(f"the service gave no text: {type(error).__name__}") from error
        if not isinstance(answer, dict) or not isinstance(answer.get("text"), str):
            raise RasaException("the service answered, but not with a text")
        return answer

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        """One session for all calls; it can only be made while the loop runs."""
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT)
            self._session = aiohttp.ClientSession(timeout=timeout)
        return self._session


def _state(tracker: DialogueStateTracker) -> Dict[Text, Any]:
    """What ``balie.assistant.speech.NlgTracker`` reads."""
    latest = tracker.latest_message
    return {
        "sender_id": tracker.sender_id,
        "slots": tracker.current_slot_values(),
        "latest_message": None if latest is None else latest.parse_data,
    }
