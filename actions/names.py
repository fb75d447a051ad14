"""A person's name in a sentence, and which part of it is the first name. Pure.

What is read is shown for a yes before anything is done with it; so a strange name may be read, but a sentence
such as "I don't know" must never be taken for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SMALL_WORDS: Final = """
van von vd v.d. de den der het 't 's te ten ter in op aan la le du des di da dos del della el al bin zu
zum zur y i
"""
_PARTICLES: Final = frozenset(_SMALL_WORDS.split())
"""Small words with which a last name begins, or that stand inside it."""

_OTHER_WORDS: Final = """
ik je jij jou jullie u we wij zij ze hij hem haar mij me mijn jouw uw ons onze dat dit die een geen niet
wat wie hoe waarom waar wanneer welke is was waren bent heb hebt heeft had kan kun kunt kon moet moest
zou zal mag weet nog wel ook toch maar of als dan er hier daar even ff graag alsjeblieft alstublieft aub
svp bedankt dank goed prima oke oké ok ja nee neen hoi hallo stop laat naam voornaam achternaam roepnaam
familienaam meisjesnaam telefoon telefoonnummer nummer mobiel mail email e-mail mailadres adres account
profiel klant bestelling pakket gegevens veranderen wijzigen wijzig aanpassen verbeteren corrigeren fout
verkeerd juist klopt weer terug verder iets niets niks iemand niemand vergeten gewoon eigenlijk anders
zelfde later straks moment momentje veranderd gewijzigd aangepast omgedraaid onjuist kwijt mevrouw
meneer mijnheer heer en om voor met zonder naar bij nu nieuw nieuwe oude tja eh ehm uh you your yours it
its the a an this that these those my mine our us they them he she his her am are were be been have has
can could must should would shall not no none yes yeah yep nope what who how why where when which know
dunno idea sure please pls thanks thank name surname forename phone number mobile address profile
details customer order parcel change update correct wrong right again back something nothing anything
someone nobody forgot forgotten just actually same wait hello hi changed updated misspelt misspelled
mistyped incorrect mr mrs ms miss sir madam dr hey help and or but if then so here there for with
without to from into now new old um hmm i'm im don't dont doesn't isn't can't won't it's that's what's
"""
_NEVER_IN_A_NAME: Final = frozenset(_OTHER_WORDS.split())

_LEADS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "ik heet geen Jansen maar Janssen", "it isn't Smith but Smyth"
        r"\b(?:geen|niet|not|isn['’]?t)\s+(?:\S+\s+){1,4}?(?:maar|but)\s+(?P<name>.+)",
        # "het moet Janssen zijn", "mijn naam moet Anna de Boer worden"
        r"\bmoet(?:en)?\s+(?:(?:het|dat|nu|eigenlijk|wel|voortaan)\s+)*(?P<name>.+?)\s+(?:zijn|worden|heten)\b",
        r"\bmoet(?:en)?\s+(?:(?:nu|eigenlijk)\s+)*(?:zijn|worden)\s*:?\s+(?P<name>.+)",
        r"\bshould\s+(?:(?:now|actually|really)\s+)*(?:be|read|say)\s*:?\s+(?P<name>.+)",
        # "wijzig mijn naam naar …", "change my last name to …"
        r"\b(?:voor|achter|familie|roep)?naam\b.{0,60}?\b(?:naar|in)\s+(?P<name>.+)",
        r"\bname\b.{0,60}?\b(?:in)?to\s+(?P<name>.+)",
        r"\b(?:maak|zet)\s+er\s+(?P<name>.+?)\s+(?:van|neer|in)\b",
        r"\bnom\b.{0,40}?\b(?:en|est)\s+(?P<name>.+)",
        # "mijn achternaam is nu …", "my surname is now …", "naam wordt …"
        r"\b\w*na(?:am|me)s?\b(?:\s+(?:is|wordt|was|becomes|will\s+be|blijft))"
        r"(?:\s+(?:nu|voortaan|eigenlijk|officieel|dus|now|actually|officially|spelled|spelt))*\s*:?\s+"
        r"(?P<name>.+)",
        # "ik heet nu …", "I'm called …", "noem me …"
        r"\bheet(?:\s+(?:ik|nu|voortaan|eigenlijk|weer|sindsdien))*\s+(?P<name>.+)",
        r"\b(?:noem\s+me|noem\s+mij|call\s+me|called|i\s+go\s+by|je\s+m['’]appelle)(?:\s+(?:now|maar|voortaan))*"
        r"\s+(?P<name>.+)",
        r"\b(?:spelled|spelt|schrijf\s+je\s+als|gespeld\s+als)\s*:?\s+(?:as\s+)?(?P<name>.+)",
        # After a colon, or after "nieuwe achternaam"
        r"\b\w*na(?:am|me)\b\s*[:：=]\s*(?P<name>.+)",
        r"\b(?:nieuwe|new|correct|juiste)\s+(?:last\s+|first\s+)?\w*na(?:am|me)\s+(?P<name>.+)",
        r"(?:我叫|名字是|改成|改为)\s*(?P<name>.+)",
    )
)
_LEADS_WHEN_ASKED: Final = (
    re.compile(r"\b(?:from\s+\S+\s+to|van\s+\S+\s+naar)\s+(?P<name>.+)", re.IGNORECASE),
    # Only with its capital: "I'm fine".
    re.compile(r"\b(?:[Ii]['’]?m|[Ii]k\s+ben)\s+(?P<name>[^\W\d_a-z].*)"),
)
_TITLES: Final = re.compile(
    r"^(?:(?:nou|dan|het\s+is|het\s+wordt|dat\s+is|doe\s+maar|gewoon|it\s+is|it['’]s|that\s+is|that['’]s|make\s+it|"
    r"eh+m?|um+|ok(?:é|e|ay)?|ja|yes|nee|no)[\s,:]+)+",
    re.IGNORECASE,
)
_END: Final = re.compile(
    r"[.,;!?()\n。，！？]|\s+(?:graag|alsjeblieft|alstublieft|aub|svp|please|pls|thanks|thank|thx|bedankt|dank|ipv|"
    r"in\s+plaats|instead|rather|en\s+niet|and\s+not|niet|not|met\s+een|with|sinds|since|want|because|omdat|"
    r"geworden|now|nu|voortaan|aanpassen|wijzigen|veranderen|zetten|in\s+mijn|on\s+my|op\s+mijn|van\s+maken)"
    r"(?!\w).*$",
    re.IGNORECASE | re.DOTALL,
)
_POLITE: Final = re.compile(
    r"[\s,.]+(?:graag|alsjeblieft|alstublieft|aub|svp|please|pls|thanks|thx|bedankt)\W*$", re.IGNORECASE
)
_WORD: Final = re.compile(r"['’]?[^\W\d_]+(?:['’-][^\W\d_]+)*['’]?")
_LAST: Final = re.compile(
    r"\b(?:achternaam|familienaam|meisjesnaam|surname|(?:last|family|maiden|married)\s+name)\b", re.IGNORECASE
)
_FIRST: Final = re.compile(r"\b(?:voornaam|roepnaam|forename|(?:first|given)\s+name)\b", re.IGNORECASE)
_MARRIED: Final = re.compile(
    r"\b(?:getrouwd|trouwen|huwelijk|gescheiden|scheiding|married|marriage|divorced?)\b", re.IGNORECASE
)
_MOST_WORDS: Final = 6
_MOST_SMALL_WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class PersonName:
    """The parts that were said; None for one that was not."""

    first: str | None
    last: str | None


def find_name(text: str, *, is_asked: bool) -> PersonName | None:
    """The name that a text gives; None when it gives none.

    Args:
        text: What was typed, with whatever words around it.
        is_asked: Whether a name was asked for, so that it may stand alone; else the text has to say that what
            follows is one.

    >>> find_name("verander mijn naam in Noor de Wit", is_asked=False)
    PersonName(first='Noor', last='de Wit')
    >>> find_name("my surname is now O'Neill-Smith", is_asked=False)
    PersonName(first=None, last="O'Neill-Smith")
    >>> find_name("dat weet ik niet", is_asked=True) is None
    True
    """
    flat = " ".join(text.split())
    for lead in (*_LEADS, *_LEADS_WHEN_ASKED) if is_asked else _LEADS:
        found = lead.search(flat)
        words = None if found is None else _words(found["name"])
        if words:
            return _parts(words, flat)
    words = _bare_words(_TITLES.sub("", flat)) if is_asked else None
    return _parts(words, flat) if words else None


def _bare_words(said: str) -> list[str] | None:
    """The words of a name that stands alone, but for a "please"."""
    words = _name_words(_POLITE.sub("", said.strip(' "“”')).strip(' "“”.,!').split())
    if words is None or any(word != word.lower() for word in words):
        return words
    # Without a capital only so many words are likelier a name than a sentence.
    return words if len([word for word in words if word not in _PARTICLES]) <= _MOST_SMALL_WORDS else None


def _words(said: str) -> list[str] | None:
    """The words of a name that a sentence leads up to, whatever follows it."""
    return _name_words(_END.split(said.strip(' "“”'), maxsplit=1)[0].strip(' "“”').split())


def _name_words(words: list[str]) -> list[str] | None:
    """The words, when every one of them can be in a name."""
    if not 0 < len(words) <= _MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        return None
    plain = [word.lower().replace("’", "'") for word in words]
    if any(word in _NEVER_IN_A_NAME and word not in _PARTICLES for word in plain):
        return None
    return words if any(word not in _PARTICLES for word in plain) else None


def _parts(words: list[str], text: str) -> PersonName:
    if all(word == word.lower() for word in words):
        words = [word if word in _PARTICLES else _capital(word) for word in words]
    whole = " ".join(words)
    says_last, says_first = _LAST.search(text), _FIRST.search(text)
    if says_last and not says_first:
        return PersonName(None, whole)
    if says_first and not says_last:
        return PersonName(whole, None)
    if len(words) == 1:
        return PersonName(None, whole) if _MARRIED.search(text) else PersonName(whole, None)
    begins = (place for place, word in enumerate(words) if word.lower().replace("’", "'") in _PARTICLES)
    last_from = next(begins, 1)
    return PersonName(" ".join(words[:last_from]) or None, " ".join(words[last_from:]))


def _capital(word: str) -> str:
    return re.sub(r"(?:^|(?<=[-'’]))[^\W\d_]", lambda letter: letter.group().upper(), word)
