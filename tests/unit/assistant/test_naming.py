from uuid import uuid4

from balie.assistant.naming import NamingAssistant
from balie.assistant.port import AssistantTurn
from balie.assistant.private_words import PrivateTexts
from balie.kernel.ids import ConversationId, MessageId
from tests.support.assistants import FakeAssistant, saying

CONVERSATION = ConversationId(uuid4())
TURN = AssistantTurn(MessageId(uuid4()), "hoi")


class Names:
    async def show_name(self, conversation_id: ConversationId, text: str) -> str:
        assert conversation_id == CONVERSATION
        return text.replace("‹first name›", "Sanne")


async def test_replies_get_the_name_back() -> None:
    inner = FakeAssistant(lambda _: saying("Hallo ‹first name›!", "Waarmee help ik?"))

    answer = await NamingAssistant(inner, Names(), PrivateTexts()).reply_to(CONVERSATION, TURN)

    assert [reply.text for reply in answer.replies] == ["Hallo Sanne!", "Waarmee help ik?"]


async def test_everything_else_is_passed_on() -> None:
    inner = FakeAssistant()
    naming = NamingAssistant(inner, Names(), PrivateTexts())

    assert await naming.parse("hoi") == await inner.parse("hoi")
    assert await naming.is_ready()
    inner.is_up = False
    assert not await naming.is_ready()


async def test_what_rasa_only_carried_is_said_in_full() -> None:
    private = PrivateTexts()
    word = private.hide("Dorpsstraat 12")
    inner = FakeAssistant(lambda _: saying(f"Naar {word}?"))

    answer = await NamingAssistant(inner, Names(), private).reply_to(CONVERSATION, TURN)

    assert "Dorpsstraat" not in word
    assert [reply.text for reply in answer.replies] == ["Naar Dorpsstraat 12?"]
