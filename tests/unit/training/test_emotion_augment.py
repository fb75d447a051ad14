"""Rewriting a message changes how it is typed, not what it says."""

from __future__ import annotations

import random

from training.emotion.augment import Augmenter, drop_accents, drop_marks, join, mistype


def test_accents_go_and_letters_stay() -> None:
    assert drop_accents("Été à Noël, ça ira") == "Ete a Noel, ca ira"


def test_marks_go_unless_they_are_the_message() -> None:
    assert drop_marks("Wat?! Nee...") == "Wat Nee"
    assert drop_marks("???") == "???"


def test_a_slip_changes_one_word_by_at_most_one_letter() -> None:
    text = "waar blijft mijn pakket"

    slips = [mistype(text, rng=random.Random(seed)) for seed in range(50)]

    assert all(abs(len(slip) - len(text)) <= 1 for slip in slips)
    assert all(sum(a != b for a, b in zip(slip.split(), text.split(), strict=True)) <= 1 for slip in slips)
    assert len(set(slips)) > 10


def test_a_short_message_gets_no_slip() -> None:
    assert mistype("ja ok", rng=random.Random(1)) == "ja ok"


def test_joined_messages_both_stand_in_the_result() -> None:
    joined = join("Geweldig!", "Mijn bestelling is 1047733", rng=random.Random(3))

    assert "Geweldig" in joined
    assert "1047733" in joined


def test_the_same_seed_rewrites_the_same_way() -> None:
    augmenter = Augmenter({"zh": ["我想换货"]}, {ord("谢"): ord("謝")}, {ord("謝"): ord("谢")})

    first, second = (
        [augmenter.rewrite("谢谢你们！", "zh", random.Random(seed)) for seed in range(20)] for _ in range(2)
    )

    assert first == second
    assert {"谢谢你们！", "謝謝你们！"} <= set(first)
