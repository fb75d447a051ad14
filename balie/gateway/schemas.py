"""The shapes of the public API, for checking what comes in and for describing what goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

LanguageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$")]
Status = Literal["with_assistant", "waiting_for_agent", "with_agent", "resolved"]


class _Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ShowCustomer(_Incoming):
    """Who is logged in at the shop."""

    customer_token: str = Field(
        max_length=4096, description="Signed by the shop for a customer who is logged in there (docs/api.md)."
    )


class CreateConversation(_Incoming):
    """Everything is optional: an empty object, or no body at all, opens a conversation with a visitor."""

    language: LanguageTag | None = Field(
        None, description="Language of the page, as in `<html lang>`.", examples=["nl", "en-GB"]
    )
    customer_token: str | None = Field(
        None,
        max_length=4096,
        description="Signed by the shop for a customer who is logged in there (docs/api.md).",
    )

    @property
    def language_code(self) -> str | None:
        """The language without region: ``nl-BE`` is ``nl``."""
        return self.language.partition("-")[0].lower() if self.language else None


class ConversationCreated(BaseModel):
    """Keep `id` and `token`: they are all a browser needs to come back."""

    id: UUID
    token: str = Field(description="Send it as `Authorization: Bearer …`. Opens this conversation only.")
    language: str | None = Field(description="Language last spoken; null before anything is known.")
    status: Status


class ContinueElsewhere(_Incoming):
    """Where to go on."""

    towards: Literal["telegram"]


class ContinuationMade(BaseModel):
    """A link that opens the conversation in a messenger, once."""

    url: str = Field(description="For whoever has the messenger on this device.")
    qr_svg: str = Field(description="The same link as a QR code, for a telephone that is held before it.")
    expires_at: datetime = Field(description="From then on it opens nothing.")
    lasts_s: int = Field(description="How long that is, for whoever has a clock that is wrong.")


class ClaimConversation(_Incoming):
    """The code of a link by which a conversation is gone on with here."""

    code: str = Field(min_length=1, max_length=64)


class SendMessage(_Incoming):
    """Either typed `text` or the `button_id` of a button that was shown in this conversation."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["text"]}, {"required": ["button_id"]}],
            "examples": [
                {
                    "client_message_id": "0b9f4a3e-6f0e-4a53-9a1e-0c5f4b8d2c11",
                    "text": "Waar is mijn pakket?",
                },
                {
                    "client_message_id": "f3f0c1de-52c7-4c8e-8f3b-6a1f0f6f1a77",
                    "button_id": "kX3vQ2p9TzLr8Wab",
                },
            ],
        }
    )

    client_message_id: UUID = Field(
        description="Made by the client, new for every message. Sending it again changes nothing."
    )
    text: str | None = Field(None, description="What was typed; at most 2,000 characters by default.")
    button_id: str | None = Field(None, max_length=64)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.text is None) == (self.button_id is None):
            raise ValueError("give either text or button_id")
        return self


class ReplyButton(BaseModel):
    """A suggestion: pressing it sends its id back."""

    model_config = ConfigDict(extra="forbid")

    id: str
    title: str
    card: int | None = Field(None, description="Which card it belongs to, from 0.", ge=0)


class LinkButton(BaseModel):
    """A suggestion: pressing it opens a page."""

    model_config = ConfigDict(extra="forbid")

    url: str
    title: str
    card: int | None = Field(None, description="Which card it belongs to, from 0.", ge=0)


class PhotoShape(BaseModel):
    """A photo in a message: `GET …/photos/{id}` gives it. Width and height are pixels."""

    model_config = ConfigDict(extra="forbid", title="Photo")

    id: UUID
    width: int = Field(ge=1)
    height: int = Field(ge=1)


class PriceShape(BaseModel):
    """An amount: `minor` are cents."""

    model_config = ConfigDict(extra="forbid", title="Price")

    minor: int = Field(ge=0)
    currency: str


class ProductCardShape(BaseModel):
    """A product that a message shows; the text has the same in a line that begins with its number."""

    model_config = ConfigDict(extra="forbid", title="ProductCard")

    sku: str
    name: str
    price: PriceShape
    reason: str = Field(description="A sentence in the language of the message.")
    picture: str | None = Field(description="A path of this service, or an address.")
    url: str | None = Field(description="The product's page.")
    key: str = Field(
        description="By which it is told that the card was followed, and by the page what led to it."
    )


class AgentName(BaseModel):
    """What customers call an agent."""

    model_config = ConfigDict(extra="forbid", title="AgentName")

    name: str


class MessageShape(BaseModel):
    """One bubble. `text` is plain text with four marks: blank line, `- ` list, `**bold**`, `[text](https://…)`."""

    model_config = ConfigDict(extra="forbid", title="Message")

    id: UUID
    sequence: int = Field(description="1, 2, 3 … without gaps within a conversation.", ge=1)
    author: Literal["customer", "assistant", "agent", "system"]
    text: str = Field(description="Empty when there are photos.")
    language: str | None = Field(description="Null while a customer's message has not been read yet.")
    buttons: list[ReplyButton | LinkButton]
    photos: list[PhotoShape] = Field(description="At most one; only on customers' and agents' messages.")
    cards: list[ProductCardShape] = Field(description="Products that it shows; only of the assistant.")
    created_at: datetime
    client_message_id: UUID | None = Field(None, description="The sender's own, of customers and agents.")
    agent: AgentName | None = Field(None, description="Who wrote it, of a message by an agent.")
    edited_at: datetime | None = Field(None, description="When a customer put this text in place of another.")


class MessageAccepted(BaseModel):
    """The message is stored; the answer comes over the socket or with the next GET."""

    message: MessageShape
    duplicate: bool = Field(description="True when this `client_message_id` had been stored before.")


class WaitShape(BaseModel):
    """How long it takes, about."""

    model_config = ConfigDict(title="Wait")

    from_minutes: int
    to_minutes: int


class PlaceShape(BaseModel):
    """A place in the queue."""

    model_config = ConfigDict(title="Place")

    position: int = Field(description="1 is next.", ge=1)
    wait: WaitShape | None = Field(description="Null while nobody can tell, and under a minute.")


class ReadByAgent(BaseModel):
    """What was read."""

    agent: int = Field(description="The last message that an agent has had in front of them.", ge=0)


class StandingShape(BaseModel):
    """Where a conversation stands."""

    status: Status
    language: str | None
    queue: PlaceShape | None = Field(description="Only while a person is waited for.")
    agent: AgentName | None = Field(description="Who has the conversation; null while no agent of ours has.")
    read: ReadByAgent
    assistant_helps: bool = Field(description="Whether the assistant answers while a person is waited for.")


class MessageList(StandingShape):
    """Messages in order of sequence, at most 500: ask again with `after` while `last_sequence` is higher."""

    messages: list[MessageShape]
    last_sequence: int = Field(ge=0)
    continues_in: list[Literal["telegram"]] = Field(
        description="Messengers in which the conversation can be gone on with."
    )


class ReadUpTo(_Incoming):
    """The last message that somebody has had in front of them."""

    sequence: int = Field(ge=0, le=2**31 - 1)


class ErrorDetail(BaseModel):
    """`code` is for programs and never changes; `message` is for developers, not for customers."""

    code: str = Field(examples=["message_empty"])
    message: str = Field(examples=["The message is empty."])
    data: dict[str, Any] | None = Field(None, description="Facts, such as why a code is refused.")


class ErrorAnswer(BaseModel):
    """The body of every error."""

    error: ErrorDetail


class DemoAgentShape(BaseModel):
    """Somebody at the demo shop's desk."""

    email: str
    name: str
    role: Literal["agent", "lead", "admin"]
    languages: list[str]
    teams: list[str]


class DemoAgentList(BaseModel):
    """Everybody who can sign in at the demo shop's desk, all with one password."""

    password: str
    agents: list[DemoAgentShape]


class DemoCustomerShape(BaseModel):
    """Somebody to be in the demo shop, and the order that shows something."""

    external_id: str
    name: str
    description: dict[str, str] = Field(description="What there is to see, per language.")
    order_number: str
    email: str
    postcode: str


class DemoLogin(_Incoming):
    """Who to be in the demo shop."""

    external_id: str = Field(min_length=1, max_length=64, pattern=r"^[ -~]+$", examples=["K-1001"])


class DemoCustomerToken(BaseModel):
    """What the shop's own server would have signed."""

    customer_token: str


class DemoMailShape(BaseModel):
    """A mail that the demo shop would have sent, in plain text."""

    id: str
    to: str
    subject: str
    date: datetime
    text: str
    language: str
    attachments: list[str] = Field(description="File names; `…/attachments/0` is the first.")


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """Whether customers can be served, part by part."""

    ready: bool
    parts: dict[str, bool] = Field(examples=[{"store": True, "assistant": True}])
