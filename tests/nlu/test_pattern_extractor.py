import pytest

from nlu.pattern_extractor import find_patterns


def found(text: str) -> "list[tuple[str, str]]":
    return [(each["entity"], each["value"]) for each in find_patterns(text)]


@pytest.mark.parametrize(
    "text",
    [
        "1048213",
        "DD1048213",
        "dd 1048213",
        "DD-1048213",
        "waar is DD1048213?",
        "我的订单DD1048213在哪里",
        "ＤＤ１０４８２１３",
    ],
)
def test_an_order_number_is_found_and_normalised(text: str) -> None:
    assert found(text) == [("order_number", "DD1048213")]


@pytest.mark.parametrize(
    "text", ["104821", "10482130", "+31 6 12345678", "NL91ABNA0417164300", "ADD1048213x", ""]
)
def test_other_numbers_are_no_order_numbers(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["3811 MG", "3811mg", "3811 mg", "3811-MG", "ik woon op 3811MG in Amersfoort"]
)
def test_a_postcode_is_found_and_normalised(text: str) -> None:
    assert found(text) == [("postcode", "3811 MG")]


@pytest.mark.parametrize(
    "text", ["in 2024 is het", "1000 km", "0811 MG", "3811 SS", "3811 MGH", "maat 4200 of zo"]
)
def test_years_amounts_and_letters_that_no_postcode_has_are_left(text: str) -> None:
    assert found(text) == []


def test_places_are_those_of_the_message_as_typed() -> None:
    text = "😀 order dd 1048213 naar 3811 MG"

    assert [text[each["start"] : each["end"]] for each in find_patterns(text)] == ["dd 1048213", "3811 MG"]
