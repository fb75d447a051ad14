"""What lexica and keyword lists make of the same messages: ``python emotion_rivals.py TEXTS.json OUT.json``.

Runs in an environment of its own (``emotion_rivals.in``) and imports nothing of ours. Polarity knows three
tones only; to be compared on eight emotions, positive becomes joy, negative anger and the rest neutral,
which is the best single guess for customers. Thresholds are those of each package's own documentation.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

EMOTIONS = ("joy", "gratitude", "anger", "sadness", "fear", "confusion", "surprise", "neutral")
OF_TONE = {"positive": "joy", "negative": "anger", "neutral": "neutral"}
TONE_OF = {
    "joy": "positive",
    "gratitude": "positive",
    "anger": "negative",
    "sadness": "negative",
    "fear": "negative",
}
VADER_EDGE = 0.05
BLOB_EDGE = 0.1
SNOW_POSITIVE, SNOW_NEGATIVE = 0.6, 0.4
# NRC's eight plus two polarities, folded into ours.
NRC = {
    "joy": "joy",
    "anger": "anger",
    "disgust": "anger",
    "sadness": "sadness",
    "fear": "fear",
    "surprise": "surprise",
}
# As somebody would write it down in half an hour per language.
KEYWORDS = {
    "en": {
        "gratitude": "thank thanks thx ty cheers grateful appreciate",
        "anger": "angry furious ridiculous unacceptable disgrace useless terrible worst scam wtf 😡 🤬",
        "sadness": "sad disappointed unfortunately pity crying heartbroken upset 😢 😭",
        "fear": "afraid worried scared nervous anxious panic worry",
        "confusion": "confused confusing understand unclear lost huh",
        "surprise": "wow omg whoa unexpected surprised surprise 😮",
        "joy": "happy great love perfect awesome amazing fantastic brilliant yay super 😍 🥰 😊",
    },
    "nl": {
        "gratitude": "bedankt dank dankjewel dankuwel merci thanks",
        "anger": "boos woedend belachelijk schandalig onacceptabel waardeloos slecht klote oplichters 😡 🤬",
        "sadness": "jammer verdrietig teleurgesteld helaas huilen balen 😢 😭",
        "fear": "bang bezorgd zenuwachtig ongerust stress paniek",
        "confusion": "snap begrijp onduidelijk hoezo verward verwarrend",
        "surprise": "wow huh tjonge verrast verrassing onverwacht 😮",
        "joy": "blij geweldig super mooi fantastisch heerlijk perfect leuk 😍 🥰 😊",
    },
    "fr": {
        "gratitude": "merci remercie reconnaissant",
        "anger": "furieux inadmissible scandaleux honte inacceptable nul arnaque marre ridicule 😡 🤬",
        "sadness": "triste déçu déçue dommage malheureusement pleurer 😢 😭",
        "fear": "peur inquiet inquiète angoisse stress crains paniquée",
        "confusion": "comprends perdu perdue confus compliqué embrouillé",
        "surprise": "surprise surpris étonné incroyable ouah wow 😮",
        "joy": "contente content heureux ravi super génial parfait adore magnifique 😍 🥰 😊",
    },
    "zh": {
        "gratitude": "谢谢 感谢 多谢 謝謝 感謝 多謝",
        "anger": "生气 垃圾 骗子 投诉 太差 什么破 气死 无语 生氣 騙子 😡 🤬",
        "sadness": "难过 失望 伤心 可惜 哭 難過 傷心 😢 😭",
        "fear": "担心 害怕 怕 紧张 着急 擔心 緊張",
        "confusion": "不懂 不明白 哪个 什么意思 搞不清 看不懂 哪個",
        "surprise": "哇 没想到 居然 竟然 真的吗 沒想到 😮",
        "joy": "开心 喜欢 太棒 高兴 完美 開心 喜歡 哈哈 😍 🥰 😊",
    },
}

Judge = Callable[[str], str]


def main() -> None:
    """Judge every text with every rival that knows its language."""
    messages = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    judged: dict[str, list[str | None]] = {}
    for name, languages, judge in rivals():
        judged[name] = [judge(each["text"]) if each["language"] in languages else None for each in messages]
    judged["keyword list"] = [by_keywords(each["text"], each["language"]) for each in messages]
    Path(sys.argv[2]).write_text(json.dumps(judged), encoding="utf-8")


def rivals() -> Iterator[tuple[str, tuple[str, ...], Judge]]:
    """Name, languages, and what gives the emotion of a text."""
    import snownlp
    import textblob
    import textblob_fr
    import textblob_nl
    from nrclex import NRCLex
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()
    yield "VADER", ("en",), lambda text: by_edge(vader.polarity_scores(text)["compound"], VADER_EDGE)
    yield "TextBlob", ("en",), lambda text: by_edge(textblob.TextBlob(text).sentiment.polarity, BLOB_EDGE)
    for language, package in (("nl", textblob_nl), ("fr", textblob_fr)):
        analyzer = package.PatternAnalyzer()
        yield f"textblob-{language}", (language,), _pattern(analyzer)
    yield "SnowNLP", ("zh",), lambda text: by_snow(snownlp.SnowNLP(text).sentiments if text.strip() else 0.5)
    yield "NRCLex", ("en",), lambda text: by_nrc(NRCLex(), text)


def _pattern(analyzer: object) -> Judge:
    return lambda text: by_edge(analyzer.analyze(text)[0], BLOB_EDGE)  # type: ignore[attr-defined]


def by_edge(polarity: float, edge: float) -> str:
    """Joy above the edge, anger below its negative."""
    if polarity >= edge:
        return OF_TONE["positive"]
    return OF_TONE["negative"] if polarity <= -edge else OF_TONE["neutral"]


def by_snow(positive: float) -> str:
    """SnowNLP gives the probability that a text is positive."""
    if positive >= SNOW_POSITIVE:
        return OF_TONE["positive"]
    return OF_TONE["negative"] if positive <= SNOW_NEGATIVE else OF_TONE["neutral"]


def by_nrc(lexicon: object, text: str) -> str:
    """The emotion with the most words; neutral when there is none of ours."""
    lexicon.load_token_list(re.findall(r"[\w']+", text.lower()))  # type: ignore[attr-defined]
    scores = dict.fromkeys(EMOTIONS, 0)
    for name, count in lexicon.raw_emotion_scores.items():  # type: ignore[attr-defined]
        if name in NRC:
            scores[NRC[name]] += count
    best = max(scores, key=lambda emotion: scores[emotion])
    return best if scores[best] else "neutral"


def by_keywords(text: str, language: str) -> str:
    """The emotion with the most keywords; the first one named wins a tie."""
    lower = text.lower()
    words = set(re.findall(r"\w+", lower))
    best, most = "neutral", 0
    for emotion, keywords in KEYWORDS[language].items():
        hits = sum(
            (each in words) if each.isalpha() and language != "zh" else (each in lower)
            for each in keywords.split()
        )
        if hits > most:
            best, most = emotion, hits
    return best


if __name__ == "__main__":
    main()
