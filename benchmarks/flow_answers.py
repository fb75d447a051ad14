"""What a simulated customer says next: it sees texts and buttons, and knows what it wants."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from benchmarks import flow_words as words
from benchmarks.flow_chat import Answer, Button, Press, Say, Seen, SendPhoto, TypeCode
from benchmarks.flow_doubts import Doubts
from benchmarks.flow_kinds import Play
from benchmarks.flow_voice import TYPES, Voice

SAYS_ALL, BY_CODE = 0.3, 0.3
_STORIES: Final = {"damaged": "broken", "complaint": "grievance"}
"""What is told when somebody asks what happened, by what was said first."""
_A_STORY: Final = 8
"""A complaint of so many words tells what happened."""


class Mind:
    """Decides for one customer: answers what is asked, and says yes to what it reads as wanted."""

    def __init__(self, play: Play, titles: words.Titles, chance: random.Random) -> None:
        self._play, self._goal, self._titles, self._chance = play, play.goal, titles, chance
        self._voice = Voice(play.goal, chance)
        self._doubts = Doubts(play, self._voice, titles)
        self._comes_by_code = chance.random() < BY_CODE
        self._in_turn: tuple[Callable[[Seen], Answer | None], ...] = (
            self._yes_or_no,
            self._which_order,
            self._detail,
            self._which_item,
            self._mail_it,
            self._photo,
            self._day,
            self._open_question,
            self._exchange_for,
            self._size_or_colour,
            self._pieces,
            self._lost,
            self._proof,
            self._misunderstood,
        )
        self._is_over = False

    def wish(self) -> str:
        """What the customer comes with."""
        wish = self._voice.mistyped(self._voice.choose(self._goal.of.words))
        if self._goal.kind == "complaint" and len(wish.split()) >= _A_STORY:
            self._play.told.append(wish)
        # Whoever is known may have other orders; the number settles it for some, the buttons for others.
        says_number = self._goal.of.is_about_order and self._chance.random() < SAYS_ALL
        return f"{wish} {self._goal.order_number}" if says_number else wish

    def question(self) -> str:
        """What somebody asks in between."""
        return self._voice.choose("questions")

    def answer(self, seen: Seen) -> Answer | None:
        """What to say or press next; None when nothing is asked any more."""
        if words.SAYS_TOO_LATE.search(seen.text):
            self._play.was_refused = True
        if self._goal.kind == "invoice_by_mail" and words.IS_MAILED.search(seen.text):
            return None
        answer = next((answer for ask in self._in_turn if (answer := ask(seen)) is not None), None)
        self._is_over = self._is_over or (answer is not None and self.says_yes(answer))
        return answer

    def says_yes(self, answer: Answer) -> bool:
        """Whether this answer has something written."""
        if isinstance(answer, Press):
            return answer.button["title"] in self._titles.confirming
        return isinstance(answer, Say) and self._voice.is_yes(answer.text)

    def _yes_or_no(self, seen: Seen) -> Answer | None:
        """The answer to what is shown: what should be otherwise first, then yes or no."""
        asks = any(one["title"] in self._titles.confirming for one in seen.buttons)
        if not asks or not words.ASKS_YES.search(seen.text):
            return None
        correction = self._correction(seen)
        if correction is not None:
            return Say(correction)
        self._play.was_offered = True
        if self._goal.kind == "stop":
            return Say(self._voice.choose("stop"))
        if self._goal.kind == "keep" or not self._doubts.is_as_wanted:
            decline = next(one for one in seen.buttons if one["title"] in self._titles.declining)
            return self._voice.press_or_say(decline, "no")
        confirm = next(one for one in seen.buttons if one["title"] in self._titles.confirming)
        return self._voice.press_or_say(confirm, "yes")

    def _correction(self, seen: Seen) -> str | None:
        """What to say when something else would be done, of another order, or not quite as it is wanted."""
        if seen.find(self._titles.of(f"title_confirm_{self._goal.of.flow}")) is None:
            return f"{self._voice.choose('no')}, {self._voice.choose(self._goal.of.words)}"
        if self._goal.of.is_about_order and self._goal.order_number not in seen.text:
            return self._voice.choose("other")
        return self._doubts.correct(seen)

    def _which_order(self, seen: Seen) -> Answer | None:
        if not self._goal.of.is_about_order:
            return None
        mine = next((one for one in seen.buttons if self._goal.order_number in one["title"]), None)
        if mine is not None:
            return Press(mine)
        if any(words.NUMBERS.search(one["title"]) for one in seen.buttons):
            # So many orders have a button; theirs is older.
            return Say(self._goal.order_number)
        named = set(words.NUMBERS.findall(seen.text))
        if named and self._goal.order_number not in named:
            return Say(f"{self._voice.choose(self._goal.of.words)} {self._goal.order_number}")
        return None

    def _detail(self, seen: Seen) -> Answer | None:
        """The answer to a question with a button for each value."""
        for detail in self._goal.details:
            for said in self._doubts.thoughts_about(detail):
                button = seen.find(self._titles.of(f"title_{detail}_{said}"))
                if button is not None:
                    self._doubts.note(detail, said)
                    return self._voice.press_or_type(button, detail)
        return None

    def _which_item(self, seen: Seen) -> Answer | None:
        named = seen.find_like(self._goal.item)
        return None if named is None else Press(named)

    def _mail_it(self, seen: Seen) -> Answer | None:
        button = seen.find(self._titles.of("title_invoice_by_mail"))
        return None if button is None else self._voice.press_or_say(button, "mail_it")

    def _photo(self, seen: Seen) -> Answer | None:
        none = seen.find(self._titles.of("title_photo_none"))
        if none is None:
            return None
        return SendPhoto() if self._goal.has_photo else self._voice.press_or_type(none, "photo")

    def _day(self, seen: Seen) -> Answer | None:
        button = seen.find(self._titles.of("title_day", day=self._goal.day.isoformat()))
        return None if button is None else self._voice.press_or_say(button, "on_day")

    def _open_question(self, seen: Seen) -> Answer | None:
        """The answer to a question that can only be answered in words."""
        goal, text = self._goal, seen.text
        if goal.kind == "address" and words.ASKS_ADDRESS.search(text):
            return Say(words.written_address(self._doubts.address()))
        if goal.kind == "phone" and words.ASKS_PHONE.search(text):
            return Say(self._voice.phone(self._doubts.phone()))
        if goal.kind == "basket" and words.ASKS_PRODUCT.search(text):
            return Say(goal.item)
        if goal.of.words in _STORIES and words.ASKS_STORY.search(text):
            if goal.of.is_about_order and goal.item not in text:
                return Say(f"{self._voice.choose('that_product')} {goal.order_number}")
            self._play.told.append(self._voice.choose(_STORIES[goal.of.words]))
            return Say(self._play.told[-1])
        return None

    def _exchange_for(self, seen: Seen) -> Answer | None:
        if self._goal.kind != "exchange" or not words.ASKS_VARIANT.search(seen.text):
            return None
        # Sizes and colours: what no button of another kind says.
        return Press(self._chance.choice([one for one in seen.buttons if not self._is_elsewhere(one)]))

    def _is_elsewhere(self, button: Button) -> bool:
        return button["title"] in self._titles.of_articles

    def _size_or_colour(self, seen: Seen) -> Answer | None:
        for asks, value in ((words.ASKS_SIZE, self._goal.size), (words.ASKS_COLOUR, self._goal.colour)):
            if value is not None and asks.search(seen.text):
                button = seen.find(value)
                return Say(value) if button is None else self._voice.press_or_type(button, value)
        return None

    def _pieces(self, seen: Seen) -> Answer | None:
        button = seen.find(self._titles.of("title_pieces", count=self._goal.pieces))
        if button is None or self._goal.kind != "pieces":
            return None
        return Press(button) if self._chance.random() > TYPES else Say(str(self._goal.pieces))

    def _lost(self, seen: Seen) -> Answer | None:
        return Say(self._voice.choose(self._goal.of.words)) if words.IS_LOST.search(seen.text) else None

    def _misunderstood(self, _seen: Seen) -> Answer | None:
        """Who is asked what has nothing to do with it says once more what they came for."""
        if self._is_over or self._play.was_offered or self._play.was_refused:
            return None
        self._is_over = True
        return Say(self._voice.choose(self._goal.of.words))

    def _proof(self, seen: Seen) -> Answer | None:
        """Show who it is: by a code, or by order number and e-mail address."""
        if words.ASKS_CODE.search(seen.text):
            return TypeCode()
        if words.ASKS_EMAIL.search(seen.text):
            return Say(self._goal.email)
        if not words.ASKS_NUMBER.search(seen.text):
            return None
        by_code = seen.find(self._titles.of("title_use_email_code"))
        if by_code is not None and self._comes_by_code:
            return self._voice.press_or_say(by_code, "code_please")
        return Say(self._goal.order_number)
