"""What can be set, called or go wrong is written down."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import balie
from balie.kernel.errors import BalieError
from balie.settings import PROJECT_ROOT, Settings

DOCS = PROJECT_ROOT / "docs"


def read(*names: str) -> str:
    return "\n".join((PROJECT_ROOT / name).read_text("utf-8") for name in names)


def error_codes() -> Iterator[str]:
    for module in pkgutil.walk_packages(balie.__path__, "balie."):
        importlib.import_module(module.name)
    waiting = [BalieError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if "code" in vars(error) and error is not BalieError:
            yield error.code


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_is_documented(setting: str) -> None:
    assert f"BALIE_{setting.upper()}" in read("docs/settings.md")


@pytest.mark.parametrize("code", sorted(set(error_codes())))
def test_every_error_code_is_documented(code: str) -> None:
    assert f"`{code}`" in read("docs/api.md", "docs/errors.md")


def test_every_make_target_is_explained() -> None:
    makefile = read("Makefile")
    targets = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE))
    explained = set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, re.MULTILINE))

    assert targets == explained


def test_links_between_documents_lead_somewhere() -> None:
    pages = [PROJECT_ROOT / "README.md", PROJECT_ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]
    dead = [
        f"{page.relative_to(PROJECT_ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text("utf-8"))
        if not target.startswith(("http", "mailto:", "…")) and not (page.parent / target).exists()
    ]

    assert dead == []


def test_no_document_names_a_place_of_one_machine() -> None:
    pages = [PROJECT_ROOT / "README.md", PROJECT_ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]

    assert [page for page in pages if re.search(r"/(work|root|home)/", page.read_text("utf-8"))] == []
