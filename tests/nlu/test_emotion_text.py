from __future__ import annotations

import time

import pytest

from nlu.emotion_languages import is_other_language
from nlu.emotion_text import LONGEST_END, LONGEST_START, is_readable, own_words


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("> you are all idiots\nwhat does he mean by that?", "what does he mean by that?"),
        ("wat bedoelt hij?\n\n > stelletje prutsers\n>> en dieven", "wat bedoelt hij?"),
        ("&gt; bande de voleurs\nqu'est-ce que cela veut dire", "qu'est-ce que cela veut dire"),
        ("my neighbour wrote: 'you're idiots', is that allowed?", "my neighbour wrote: , is that allowed?"),
        ("he said “I hate this shop” and left", "he said and left"),
        ('mijn man zei: "wat een rotzooi" maar ik vind het mooi', "mijn man zei: maar ik vind het mooi"),
        ("il a écrit : « bande de voleurs », c'est vous ?", "il a écrit : , c'est vous ?"),
        ("他说：“你们都是骗子”，这是什么意思", "他说： ，这是什么意思"),
        # Words that stand for what the service hides: nobody typed them.
        ("‹phone›", ""),
        ("bel me op ‹phone› graag", "bel me op graag"),
    ],
)
def test_what_somebody_else_wrote_is_left_out(text: str, read: str) -> None:
    assert own_words(text).replace("：", "： ").replace("  ", " ") == read


@pytest.mark.parametrize(
    "text",
    [
        "> you are all idiots",
        "your “express” delivery took nine days",
        "what is a 'cassette'?",
        "I don't get it, the parcel's late and it isn't funny",
        "Comment ça, « session expirée » ?",
        "5 > 3",
        "I said: 'this is unacceptable'",
        "toen zei ik: “dit pik ik niet”",
        "je lui ai écrit, j'ai dit : « c'est une honte »",
        "我说：“太过分了”",
        "",
    ],
)
def test_everything_else_is_read_as_it_is(text: str) -> None:
    assert own_words(text) == text


def test_of_a_long_message_beginning_and_end_are_read() -> None:
    text = "first words " + "and on it went " * 2_000 + "last words"

    read = own_words(text)

    assert read.startswith("first words")
    assert read.endswith("last words")
    assert len(read) <= LONGEST_START + LONGEST_END + 1


@pytest.mark.parametrize(
    "piece",
    ["a", ">", "'", "wrote: '", "wrote: 'a", "说“", "\n", " ", " >", "said ", "> \n", "-", ":"],
    ids=ascii,
)
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    started = time.thread_time()

    is_readable(own_words(text))

    assert time.thread_time() - started < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "help!",
        "ok",
        "waar blijft mijn pakje nou",
        "k snap da nie",
        "où est mon colis",
        "我的快递到哪了",
        "😡😡😡",
        ":(",
        "my Fjällräven jacket, señor",
        "ik wil die Größe 42, please",
        "the shop in München said nein",
        "hallo, where is mijn bestelling s'il vous plaît",
        "我的 order 在哪里",
    ],
)
def test_texts_in_our_languages_mixed_or_not_and_emoji_can_be_read(text: str) -> None:
    assert is_readable(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "1052291",
        "???",
        "---",
        "Wo ist mein Paket?",
        "Ich bin stinksauer, das ist eine Frechheit!",
        "¿Dónde está mi pedido?",
        "Estoy muy enfadado con vosotros",
        "Dove è il mio ordine?",
        "Não percebo nada disto",
        "Gdzie jest moja paczka?",
        "Siparişim nerede?",
        "Var är mitt paket?",
        "Jeg er virkelig vred på jer",
        "Sunt foarte supărat pe voi",
        "Saya sangat marah sekali",
        "Где мой заказ?",
        "أين طلبي",
        "注文はどこですか、返品希望",
        "내 주문은 어디에 있나요",
        "मेरा ऑर्डर कहाँ है",
    ],
)
def test_other_languages_and_texts_without_words_cannot(text: str) -> None:
    assert not is_readable(text)


def test_a_name_or_a_greeting_from_elsewhere_makes_no_other_language() -> None:
    for text in ("gracias!", "ciao", "danke", "señora Núñez is my name"):
        assert not is_other_language(text), text
