import pytest

from balie.conversations.errors import MessageEmptyError, MessageTooLongError
from balie.conversations.policy import attempts_left, clean_text, remember


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\n\t\r\n",
        "\x00\x01\x1b",
        "\u200b\u200f\u2060",
        "\ufeff",
        "\u00a0\u3000",
        "\ud83d",
        "\u202e\u202c",
    ],
)
def test_a_message_without_anything_to_read_is_empty(text: str) -> None:
    with pytest.raises(MessageEmptyError):
        clean_text(text, max_characters=100)


@pytest.mark.parametrize(
    "text",
    [
        "🚲",
        "👩🏽‍🚒❤️‍🔥",
        "أين طلبي؟",
        "\u200fשלום\u200f",
        "我的订单在哪里",
        "Robert'); DROP TABLE messages;--",
        "<script>alert(1)</script>",
        "/restart",
        '/choose_order{"order_number": "DD1048213"}',
        "?",
    ],
)
def test_a_message_is_kept_as_it_was_typed(text: str) -> None:
    assert clean_text(text, max_characters=100) == text


def test_control_characters_and_halves_of_characters_are_taken_out() -> None:
    assert clean_text("wa\x00ar\x1b is\ud83d\x7f\x9f het", max_characters=100) == "waar is het"


def test_lines_and_tabs_stay_and_the_ends_are_trimmed() -> None:
    assert clean_text("\r\n een\r\ntwee\r\tdrie \n", max_characters=100) == "een\ntwee\n\tdrie"


def test_a_message_of_the_longest_length_is_accepted_and_one_more_character_is_not() -> None:
    assert clean_text("x" * 100, max_characters=100) == "x" * 100

    with pytest.raises(MessageTooLongError) as refused:
        clean_text("x" * 101, max_characters=100)
    assert refused.value.limit == 100


def test_what_is_taken_out_does_not_count_as_length() -> None:
    assert clean_text("x" * 100 + "\x00" * 10_000, max_characters=100) == "x" * 100


def test_five_tries_are_allowed_in_one_conversation() -> None:
    assert [attempts_left(failed_here=failed, failed_for_order=0) for failed in range(7)] == [
        5,
        4,
        3,
        2,
        1,
        0,
        0,
    ]


def test_one_order_may_not_be_tried_from_ever_new_conversations() -> None:
    assert attempts_left(failed_here=0, failed_for_order=14) == 1
    assert attempts_left(failed_here=0, failed_for_order=15) == 0


def test_only_the_last_languages_are_remembered() -> None:
    memory: list[str] = []
    for language in ["nl", "nl", "en", "nl", "en", "nl", "en"]:
        memory = remember(memory, language)

    assert memory == ["en", "nl", "en", "nl", "en"]
