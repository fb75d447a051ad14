import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.assistant.redaction import redact


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("jan@voorbeeld.example", "‹e-mail›"),
        ("Mail naar Jan.De-Vries+fiets@mail.voorbeeld.co.uk, graag", "Mail naar ‹e-mail›, graag"),
        ("andré@société.example", "‹e-mail›"),
        ("我的邮箱是jan@voorbeeld.example谢谢", "我的邮箱是‹e-mail›谢谢"),
        ("bel 06-12345678", "bel ‹phone›"),
        ("06 12 34 56 78.", "‹phone›."),
        ("(033) 123 45 67", "‹phone›"),
        ("+31 6 12345678", "‹phone›"),
        ("0032 470 12 34 56", "‹phone›"),
        ("call 07700 900123 please", "call ‹phone› please"),
        ("+44 (0)20 7946 0958", "‹phone›"),
        ("01.23.45.67.89", "‹phone›"),
        ("我的电话是13800138000，谢谢", "我的电话是‹phone›，谢谢"),
        ("NL91ABNA0417164300", "‹account›"),
        ("nl91 abna 0417 1643 00", "‹account›"),
        ("GB82 WEST 1234 5698 7654 32", "‹account›"),
        ("NL91ABNA0417164301", "‹account›"),
        ("4111 1111 1111 1111", "‹account›"),
        ("482913", "‹••••••›"),
        (" 482 913. ", " ‹••••••›. "),
        ("de code is 482913!", "de code is ‹••••••›!"),
        ("Code: 482-913, toch?", "Code: ‹••••••›, toch?"),
    ],
)
def test_what_identifies_a_person_becomes_a_word(typed: str, sent: str) -> None:
    assert redact(typed) == sent


@pytest.mark.parametrize(
    "typed",
    [
        "DD1048213",
        "dd 1048213 en 1048214",
        "#1048213",
        "3811 AB 12",
        "SW1A 1AA",
        "€ 1.234.567,89",
        "besteld op 01-02-2024 10:30",
        "2024-05-06 12:30:45",
        "3SABCD012345678",
        "it10 days late for me",
        "maat 42, wiel 28 inch, 10 stuks",
        "a @ b",
        "123456 stuks",
        "mijn postcode 3811 AB",
        "artikelcode 482913",
        "code 4829134",
        "1048213",
        "@balie",
        "🚲🚲🚲",
    ],
)
def test_what_the_assistant_needs_stays(typed: str) -> None:
    assert redact(typed) == typed


@given(st.text(max_size=300))
def test_redacting_twice_is_redacting_once(text: str) -> None:
    once = redact(text)

    assert redact(once) == once


@given(st.text(alphabet="0123456789+-. ()@aA", max_size=2000))
def test_no_address_is_left(text: str) -> None:
    assert "a@a.aa" not in redact(f"{text} a@a.aa {text}")
