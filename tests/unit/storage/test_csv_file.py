from __future__ import annotations

from pathlib import Path

import pytest

from balie.storage.csv_file import MAX_LINES_PER_RECORD, CsvFile, CsvRecord
from balie.storage.errors import CsvColumnsError, CsvUnreadableError


def read(path: Path) -> list[CsvRecord]:
    return [record for record, _ in CsvFile(path).records()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "customers.csv"


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separator_is_found_out_from_the_header(path: Path, separator: str) -> None:
    path.write_text(f"name{separator}city\nSanne{separator}Ede\n")

    assert [record.values for record in read(path)] == [{"name": "Sanne", "city": "Ede"}]


@pytest.mark.parametrize(
    ("written_as", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("latin-1", "cp1252"),
        ("cp1252", "cp1252"),
    ],
)
def test_encoding_is_found_out_from_the_bytes(path: Path, written_as: str, found: str) -> None:
    path.write_text("name;city\nZoë;Curaçao\n", encoding=written_as)

    file = CsvFile(path)

    assert file.encoding == found
    assert [record.values for record, _ in file.records()] == [{"name": "Zoë", "city": "Curaçao"}]


def test_one_accent_in_the_last_of_many_lines_decides_the_encoding(path: Path) -> None:
    path.write_bytes(b"name;city\n" + b"Sanne;Ede\n" * 200_000 + "Zoë;Ede\n".encode("latin-1"))

    *_, last = read(path)

    assert last.values["name"] == "Zoë"


def test_header_is_read_with_any_case_and_spaces(path: Path) -> None:
    path.write_text('"Order Number";First-Name\n1;Sanne\n')

    assert CsvFile(path).columns == ("order_number", "first_name")


def test_line_numbers_count_the_header_and_blank_lines(path: Path) -> None:
    path.write_text("name\nSanne\n\n\nTom\n")

    assert [(record.line, record.values["name"]) for record in read(path)] == [(2, "Sanne"), (5, "Tom")]


def test_quoted_text_may_run_over_lines_and_hold_separators(path: Path) -> None:
    path.write_bytes(b'name;note\r\nSanne;"one; two\r\nand ""three"""\r\nTom;x\r\n')

    first, second = read(path)

    assert first.values["note"] == 'one; two\r\nand "three"'
    assert (second.line, second.values) == (4, {"name": "Tom", "note": "x"})


def test_inch_mark_inside_a_value_opens_no_quotation(path: Path) -> None:
    path.write_text('name;size\ntyre 28" black;28"\nbell;one\n')

    assert [record.values["size"] for record in read(path)] == ['28"', "one"]


def test_quotation_that_never_ends_spoils_one_line_only(path: Path) -> None:
    path.write_text('name;note\nSanne;"oops\n' + "Tom;fine\n" * (MAX_LINES_PER_RECORD * 2))

    broken, *others = read(path)

    assert broken.line == 2
    assert broken.problem == "a quotation mark is opened and never closed"
    assert [record.problem for record in others] == [None] * (MAX_LINES_PER_RECORD * 2)
    assert others[0].line == 3


def test_quotation_that_never_ends_in_the_last_line_is_reported(path: Path) -> None:
    path.write_text('name;note\nTom;fine\nSanne;"oops')

    fine, broken = read(path)

    assert fine.problem is None
    assert broken.problem == "a quotation mark is opened and never closed"


def test_line_with_too_few_fields_says_how_many_there_should_be(path: Path) -> None:
    path.write_text("name;city;country\nSanne;Ede\n")

    [record] = read(path)

    assert record.problem == "it has 2 fields, the header has 3"
    assert record.values == {"name": "Sanne", "city": "Ede"}


def test_nul_character_spoils_its_line(path: Path) -> None:
    path.write_bytes(b"name;city\nSan\x00ne;Ede\nTom;Goes\n")

    broken, fine = read(path)

    assert broken.problem == "there is a NUL character in it"
    assert fine.problem is None


def test_line_without_end_is_reported_and_the_next_one_read(path: Path) -> None:
    path.write_text("name;city\n" + "x" * 1_000_000 + "\nTom;Goes\n")

    broken, fine = read(path)

    assert broken.problem == "it is longer than any line should be"
    assert (fine.line, fine.values["name"]) == (3, "Tom")


def test_progress_ends_with_all_bytes_read(path: Path) -> None:
    path.write_text("name\n" + "Sanne\n" * 50_000)
    file = CsvFile(path)

    *_, (_, bytes_read) = file.records()

    assert bytes_read == file.bytes_total


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"\n;;\n", "its first line names no columns"),
        (b"name\n\x81\x8d\x8f\n", "it is neither UTF-8, UTF-16 nor Latin-1 text"),
    ],
)
def test_file_that_is_no_csv_is_refused_with_the_reason(path: Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)

    with pytest.raises(CsvUnreadableError) as caught:
        CsvFile(path)

    assert caught.value.reason == reason


def test_missing_file_is_refused_by_name(path: Path) -> None:
    with pytest.raises(CsvUnreadableError, match=r"customers\.csv cannot be read"):
        CsvFile(path)


def test_missing_columns_are_all_named_with_what_is_there(path: Path) -> None:
    path.write_text("name;city\n")

    with pytest.raises(CsvColumnsError) as caught:
        CsvFile(path).check_columns(required=("name", "email", "language"))

    assert caught.value.missing == ("email", "language")
    assert str(caught.value) == (
        "customers.csv has no column email, language; its first line names: name, city."
    )


def test_column_that_is_there_twice_is_refused(path: Path) -> None:
    path.write_text("name;city;Name\n")

    with pytest.raises(CsvColumnsError, match="has name twice"):
        CsvFile(path)
