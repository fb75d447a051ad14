"""Hears a whole message for what goes on: words first, then what only our own store may know.

What names a product says more once it is known what that comes in; so its words are read again then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rasa_sdk.interfaces import Tracker

from actions.asking import Asked, asked_before
from actions.flow import Detail, Flow, Source
from actions.forms import CONFIRMATION
from actions.listening import Heard, Listener
from actions.open_change import OpenChange
from actions.reading import ASKED, conversation_id_of, intent_of, remembered, typed_text
from actions.tills import Till
from actions.variant_words import find_told_apart
from actions.wishes import FIRST, PRODUCT, Wish
from balie.content.articles import OUT_OF_SCOPE
from balie.orders.options import Options

_YES_OR_NO: Final = frozenset({"affirm", "deny"})


async def hear_beginning(listener: Listener, till: Till, tracker: Tracker) -> Wish:
    """What the message says with which a flow begins; a button says what was talked about before."""
    text, wish = typed_text(tracker), Wish()
    heard = Heard(tracker, till.flow, await till.country(), begins=True)
    if text:
        wish = listener.hears_all(till.flow, text, wish, await till.list_options(wish), tracker)
    wish = await listener.hears_message(wish, heard)
    if not text or heard.place is None:
        return wish
    return await hear_first_again(listener, till, wish.having(FIRST, heard.place), tracker)


async def hear_first_again(listener: Listener, till: Till, wish: Wish, tracker: Tracker) -> Wish:
    """The wish with what its first message says of details that were not known of when it was typed."""
    text = await listener.messages.read(conversation_id_of(tracker), wish.get(FIRST))
    if text is None:
        return wish
    return listener.hears_all(till.flow, text, wish, await till.list_options(wish), tracker)


async def hear_answer(listener: Listener, change: OpenChange, tracker: Tracker) -> Wish:
    """What a message says while the form goes on; the wish as it is when it says nothing, or asks back."""
    text, wish = typed_text(tracker), change.wish
    question, flow = open_question(change.flow, tracker), change.flow
    corrects = question is None and _is_about_it(flow, tracker)
    heard = Heard(tracker, flow, await change.till.country(), asked=question, corrects=corrects)
    if question is not None and question.source is Source.STORY:
        told = await listener.hears_message(wish, heard)
        if told.said != wish.said:
            return told
    if listener.reader.is_question(text) and not _is_correction(text, question):
        return wish
    said = _hear_words(listener, change, question, tracker)
    heard = replace(heard, corrects=corrects and said.said == wish.said)
    said = await listener.hears_message(said, heard) if flow.reads_messages else said
    if said.get(PRODUCT) == wish.get(PRODUCT):
        return said
    said = listener.hears_all(flow, text, said, await change.till.list_options(said), tracker)
    return await hear_first_again(listener, change.till, said, tracker)


def open_question(flow: Flow, tracker: Tracker) -> Detail | None:
    """The detail that was asked last; None when it was something else."""
    name, _, _ = (remembered(tracker, ASKED) or "").partition(":")
    return flow.find_detail(name)


def was_just_shown(tracker: Tracker) -> bool:
    """Whether the offer, or its recall, is what was said last: then a statement is about it."""
    return asked_before(tracker, CONFIRMATION) in {Asked.IN_FULL, Asked.RECALLED}


def _is_correction(text: str, question: Detail | None) -> bool:
    """Whether what begins like a question is an answer: "moet Anna de Boer zijn"."""
    return question is not None and question.source is Source.CONTACT and "?" not in text


def _is_about_it(flow: Flow, tracker: Tracker) -> bool:
    intent = intent_of(tracker)
    return intent in _YES_OR_NO or intent in {flow.intent, OUT_OF_SCOPE} or was_just_shown(tracker)


def _hear_words(listener: Listener, change: OpenChange, question: Detail | None, tracker: Tracker) -> Wish:
    reader, flow, wish, options = listener.reader, change.flow, change.wish, change.options
    text, language = typed_text(tracker), listener.language(tracker)
    if question is not None:
        value = _choice_of_few(question, change, tracker) or reader.read(
            question, text, wish, options, language
        )
        if value is not None:
            # What was said before stays: only this was asked, and what is still missing may come along.
            return reader.read_all(flow, text, wish.having(question.name, value), options, language)
    if not _is_about_it(flow, tracker):
        return wish
    said = reader.read_all(flow, text, wish, options, language, corrects=True)
    return said if said.said != wish.said else _hear_the_other(listener, flow, wish, options, text)


def _choice_of_few(question: Detail, change: OpenChange, tracker: Tracker) -> str | None:
    """Which of a few is named; a yes names the only one: "do you mean this one?"."""
    values = question.values(change.wish, change.options)
    if intent_of(tracker) == "affirm" and len(values) == 1:
        return str(values[0])
    if question.source is not Source.PRODUCT:
        return None
    return find_told_apart(typed_text(tracker), change.options.choices.get(question.name, {}))


def _hear_the_other(listener: Listener, flow: Flow, wish: Wish, options: Options, text: str) -> Wish:
    """Where exactly one detail has just two values, "no, the other one" is the other of them."""
    if not listener.reader.says_the_other(text):
        return wish
    twos = [
        (detail.name, next(value for value in values if value != wish.get(detail.name)))
        for detail in flow.details
        if len(values := [str(value) for value in detail.values(wish, options)]) == 2
        and wish.get(detail.name) in values
    ]
    return wish.having(*twos[0]) if len(twos) == 1 else wish
