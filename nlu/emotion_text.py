"""What of a message is read for its emotion, and whether it can be read at all. Pure.

Read is what the customer says now, not what somebody else wrote; and of a long message its beginning
and its end.
"""

from __future__ import annotations

import re
import unicodedata

from nlu.emotion_languages import is_other_language
from nlu.text import clean, without_hidden

# In characters; far more than the sub-words that are read in the end, so that only tokenizing is spared.
LONGEST_START = 600
LONGEST_END = 1200
# Nobody types more; what is longer was pasted.
LONGEST_LOOKED_AT = 20_000

_QUOTED_LINE = re.compile(r"^[^\S\n]*(?:>|&gt;).*$", re.MULTILINE)
_SAYING = (
    r"\b(?:wrote|writes|said|says|told\s+me|replied|answered|schreef|schrijft|zei|zeiden|zegt|antwoordde|"
    r"écrit|dit|disait|répondu|répond)\b|[写寫说說讲講喊骂罵答]道?|回[复覆]"
)
_QUOTES = (("“", "”"), ("„", "”"), ("«", "»"), ("‘", "’"), ("「", "」"), ("『", "』"), ('"', '"'))
_QUOTATION = "|".join(
    [
        *(rf"{opened}[^{opened}{closed}\n]{{4,400}}{closed}" for opened, closed in _QUOTES),
        # A straight single quote is an apostrophe when a letter follows.
        r"(?<!\w)'.{4,400}?'(?!\w)",
    ]
)
# What customers said themselves is theirs.
_NOT_I = r"(?<!\bI\s)(?<!\bik\s)(?<!j['’]ai\s)(?<!\bje\s)(?<!我)"
_NOR_I = r"(?!\s+(?:ik|je)\b)"
# A quotation counts as somebody else's words when a verb of saying stands closely before it.
_REPORTED = re.compile(
    rf"({_NOT_I}(?:{_SAYING}){_NOR_I}[^\n.!?“”„«»‘’「」『』\"']{{0,24}})(?:{_QUOTATION})", re.IGNORECASE
)
_EMOTICON = re.compile(r"[:;=][\'’^-]?[()\[\]DPpOo/\\|*]|<3|\^_?\^|[TQ]_[TQ]|>_<|-_-")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]")
_KANA = re.compile("[\u3040-\u30ff]")


def own_words(text: str) -> str:
    r"""The text as it is read: in one line, without what it quotes, its middle left out when it is long.

    A text that is nothing but quotation is kept, because then it is what the customer sends.

    >>> own_words("> you idiots\nwhat does he mean by that?")
    'what does he mean by that?'
    >>> own_words("he wrote: 'you're all idiots', is that normal?")
    'he wrote: , is that normal?'
    """
    if len(text) > LONGEST_LOOKED_AT:
        text = f"{text[: LONGEST_LOOKED_AT // 2]}\n{text[-LONGEST_LOOKED_AT // 2 :]}"
    text = without_hidden(text)
    unquoted = _REPORTED.sub(r"\1", _QUOTED_LINE.sub("", text))
    return _without_middle(unquoted if _letters(unquoted) else text)


def _without_middle(text: str) -> str:
    if len(text) <= LONGEST_START + LONGEST_END:
        return clean(text)
    return f"{clean(text[:LONGEST_START])} {clean(text[-LONGEST_END:])}"


def is_readable(text: str) -> bool:
    """Whether there are words in a script and language the classifier was made for, or emoji.

    >>> [is_readable(text) for text in ("help!", "😡", "1052291 ?", "Где мой заказ", "wo ist mein Paket")]
    [True, True, False, False, False]
    """
    letters = _letters(unicodedata.normalize("NFKC", text))
    if not letters:
        return bool(_EMOJI.search(text) or _EMOTICON.search(text))
    # Chinese characters among kana are Japanese; a single の is fashion.
    scripts = ("LATIN",) if len(_KANA.findall(text)) > 1 else ("LATIN", "CJK UNIFIED")
    ours = sum(unicodedata.name(letter, "").startswith(scripts) for letter in letters)
    return 2 * ours > len(letters) and not is_other_language(text)


def _letters(text: str) -> list[str]:
    return [character for character in text if character.isalpha()]
