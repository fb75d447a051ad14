from pathlib import Path

import pytest

from balie.content.errors import ContentBrokenError, ResponseNotFoundError
from balie.content.library import load_library
from balie.settings import PROJECT_ROOT
from tests.unit.content.support import Shop


def test_the_shipped_content_loads() -> None:
    library = load_library(PROJECT_ROOT / "data")

    assert set(library.articles) == set(library.intents)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("topic: [\n", 2),
        ("topic: x\narticles:\n  - intent: a: b\n", 3),
        ("topic: x\narticles:\n  - intent: a\n    title: {nl: t}\n    answer: {nl: a}\n    colour: red\n", 6),
        ("topic: x\narticles:\n  - intent: a\n    title: {nl: t}\n    answer: {nl: '  '}\n", 5),
    ],
)
def test_a_broken_file_is_named_with_its_line(shop: Shop, text: str, line: int) -> None:
    path = shop.write() / "faq" / "all.yml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ContentBrokenError) as caught:
        load_library(shop.folder)

    assert (caught.value.path, caught.value.line) == (path, line)


def test_a_latin_1_file_is_refused(shop: Shop) -> None:
    path = shop.write() / "faq" / "all.yml"
    path.write_bytes("topic: één".encode("latin-1"))

    with pytest.raises(ContentBrokenError):
        load_library(shop.folder)


def test_a_response_that_nobody_wrote_is_not_found(shop: Shop) -> None:
    library = load_library(shop.write())

    with pytest.raises(ResponseNotFoundError):
        library.get_response("utter_never_written")


def test_a_folder_without_replies_is_fine(shop: Shop) -> None:
    assert load_library(shop.write()).replies == {}


def test_every_topic_file_is_read(shop: Shop, tmp_path: Path) -> None:
    folder = shop.write()
    (folder / "faq" / "more.yml").write_text("topic: more\narticles: []\n", encoding="utf-8")

    assert [file.content.topic for file in load_library(folder).topics] == ["all", "more"]
