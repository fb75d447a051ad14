from __future__ import annotations

from balie.recommendations.acceptance import Figures, reason_to_refuse

GOOD = Figures(
    baskets=500, ndcg_at_10=0.2, recall_at_10=0.3, spread=0.01, popular_ndcg_at_10=0.1, learned_from=10_000
)


def changed(**values: float) -> Figures:
    return Figures.from_document({**GOOD.as_document(), **values})


def test_the_first_list_that_beats_what_everybody_buys_is_served() -> None:
    assert reason_to_refuse(GOOD, None) is None


def test_a_list_that_is_worse_than_what_everybody_buys_is_refused_with_both_figures() -> None:
    reason = reason_to_refuse(changed(ndcg_at_10=0.05), None)

    assert reason == ("It is worse than what everybody buys: NDCG@10 0.0500 against 0.1000, on 500 baskets.")


def test_a_list_that_is_worse_than_the_served_one_is_refused() -> None:
    reason = reason_to_refuse(changed(ndcg_at_10=0.15), GOOD)

    assert reason is not None
    assert reason.startswith("It is worse than the served one")


def test_a_list_does_not_lose_to_the_served_one_by_chance() -> None:
    assert reason_to_refuse(changed(ndcg_at_10=0.19), GOOD) is None


def test_a_list_that_lacks_much_of_what_the_served_one_knew_is_refused() -> None:
    reason = reason_to_refuse(changed(learned_from=5_000, ndcg_at_10=0.3), GOOD)

    assert reason is not None
    assert "much of the data is gone" in reason


def test_too_few_baskets_say_nothing_about_a_list() -> None:
    assert reason_to_refuse(changed(baskets=41, ndcg_at_10=0.0), GOOD) is None


def test_nothing_learned_is_nothing_to_serve() -> None:
    assert reason_to_refuse(Figures(), None) is not None


def test_figures_come_back_as_they_were_stored() -> None:
    assert Figures.from_document(GOOD.as_document()) == GOOD
    assert Figures.from_document({"of_another_time": 3}) == Figures()
