import pytest

from balie.assistant.evaluation import macro_f1, matthews_coefficient, report_intents


def test_a_perfect_assistant_scores_one_everywhere() -> None:
    labels = ["track_order", "get_refund", "out_of_scope"]

    report = report_intents(labels, labels)

    assert (report.accuracy, report.macro_f1, report.mcc) == (1.0, 1.0, 1.0)
    assert (report.in_scope_accuracy, report.out_of_scope_recall) == (1.0, 1.0)
    assert report.confusions == ()


def test_rejecting_everything_is_good_for_one_figure_only() -> None:
    labels = ["track_order", "get_refund", "out_of_scope"]

    report = report_intents(labels, ["out_of_scope"] * 3)

    assert (report.in_scope_accuracy, report.out_of_scope_recall, report.mcc) == (0.0, 1.0, 0.0)


def test_figures_without_messages_of_their_kind_are_absent() -> None:
    assert report_intents(["greet"], ["greet"]).out_of_scope_recall is None
    assert report_intents(["out_of_scope"], ["greet"]).in_scope_accuracy is None


def test_the_matthews_coefficient_agrees_with_a_worked_example() -> None:
    # Two classes, TP 6, TN 3, FP 1, FN 2: (6*3 - 1*2) / sqrt(7*8*4*5).
    labels = ["a"] * 8 + ["b"] * 4
    predictions = ["a"] * 6 + ["b"] * 2 + ["b"] * 3 + ["a"]

    assert matthews_coefficient(labels, predictions) == pytest.approx(16 / (7 * 8 * 4 * 5) ** 0.5)


def test_macro_f1_weighs_rare_intents_like_frequent_ones() -> None:
    labels = ["a"] * 9 + ["b"]

    assert macro_f1(labels, ["a"] * 10) == pytest.approx((18 / 19 + 0) / 2)


def test_confusions_come_most_frequent_first() -> None:
    report = report_intents(["a", "a", "b"], ["b", "b", "a"])

    assert report.confusions == (("a", "b", 2), ("b", "a", 1))


@pytest.mark.parametrize(("labels", "predictions"), [([], []), (["a"], [])])
def test_an_evaluation_without_messages_is_refused(labels: list[str], predictions: list[str]) -> None:
    with pytest.raises(ValueError, match="one prediction for each"):
        report_intents(labels, predictions)
