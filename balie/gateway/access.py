"""Who may see a conversation: whoever holds its token, and agents; nobody else."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.websockets import WebSocket

from balie.conversations.errors import ConversationNotFoundError
from balie.gateway.errors import AgentTokenInvalidError, TokenInvalidError
from balie.gateway.services import Services
from balie.gateway.tokens import VisitorTokens
from balie.kernel.ids import ConversationId

SUBPROTOCOL: Final = "balie.v1"
_TOKEN_PREFIX: Final = "token."  # noqa: S105 (what comes before a token)
_BEARER: Final = "bearer "

_bearer = HTTPBearer(
    auto_error=False, scheme_name="visitor token", description="From `POST /api/v1/conversations`."
)


def open_with(tokens: VisitorTokens, token: str | None, conversation_id: str) -> ConversationId:
    """The conversation in the address, if the token opens it.

    Raises:
        TokenInvalidError: No token, or not one of ours.
        ConversationNotFoundError: The token opens another conversation: this one might as well not exist.
    """
    if token is None:
        raise TokenInvalidError
    opened = tokens.read(token)
    if str(opened) != conversation_id.lower():
        raise ConversationNotFoundError
    return opened


def token_of_socket(websocket: WebSocket) -> str | None:
    """The token a socket came with: in the header, or as a sub-protocol, as browsers must."""
    header = websocket.headers.get("authorization", "")
    if header.lower().startswith(_BEARER):
        return header[len(_BEARER) :].strip()
    for offered in websocket.scope["subprotocols"]:
        if offered.startswith(_TOKEN_PREFIX):
            return str(offered).removeprefix(_TOKEN_PREFIX)
    return None


_agent_bearer = HTTPBearer(
    auto_error=False, scheme_name="agent token", description="From `balie agent token`."
)


async def _agent(
    services: Services,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_agent_bearer)],
) -> str:
    """The name of the agent who asks.

    Raises:
        AgentTokenInvalidError: No token, or none of an agent: a customer's does not do.
    """
    if credentials is None:
        raise AgentTokenInvalidError
    return services.agent_tokens.read(credentials.credentials)


Agent = Annotated[str, Depends(_agent)]


async def _opened_conversation(
    conversation_id: str,
    services: Services,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> ConversationId:
    token = credentials.credentials if credentials is not None else None
    return open_with(services.visitor_tokens, token, conversation_id)


OpenedConversation = Annotated[ConversationId, Depends(_opened_conversation)]
