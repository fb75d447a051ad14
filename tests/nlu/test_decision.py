from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import sparse

from nlu.decision import Decider, Trust, learn_decider
from nlu.kernel_ridge import KernelRidge
from nlu.meaning import Examples, HeldOutScores, MeaningModel, learn_meaning

INTENTS = ["deny", "out_of_scope", "track_order"]
TRUST = Trust(sharpness=5.0, keyword=3.0, rejection=(-3.0, 0.0, 0.0, 3.0, -2.0, -1.0))


@pytest.fixture
def decider() -> Decider:
    return Decider(INTENTS, TRUST)


def test_the_best_score_wins(decider: Decider) -> None:
    decision = decider.decide(np.array([-1.0, -1.0, 0.9]), [])

    assert decision.intent == "track_order"
    assert [intent for intent, _ in decision.ranking] == ["track_order", "deny"]
    assert 0.5 < decision.confidence <= 1.0


def test_a_keyword_decides_between_close_scores(decider: Decider) -> None:
    assert decider.decide(np.array([0.35, -1.0, 0.3]), ["track_order"]).intent == "track_order"
    assert decider.decide(np.array([0.35, -1.0, 0.3]), []).intent == "deny"


def test_weak_scores_are_rejected(decider: Decider) -> None:
    decision = decider.decide(np.array([-0.9, 0.4, -0.8]), [])

    assert decision.intent == "out_of_scope"
    assert decision.confidence == decision.rejection >= 0.6


def test_a_keyword_of_an_unknown_intent_changes_nothing(decider: Decider) -> None:
    scores = np.array([-1.0, -1.0, 0.9])

    assert decider.decide(scores, ["fly_to_mars"]) == decider.decide(scores, [])


def test_what_was_learned_survives_storing(decider: Decider) -> None:
    stored = json.loads(json.dumps(decider.as_document()))

    scores = np.array([0.1, -0.3, 0.2])
    assert Decider.from_document(stored).decide(scores, []) == decider.decide(scores, [])


def test_rejection_is_learned_from_real_strangers() -> None:
    labels = ["deny"] * 20 + ["track_order"] * 20 + ["out_of_scope"] * 20
    columns = np.array([INTENTS.index(label) for label in labels])
    seen = np.where(np.arange(3) == columns[:, None], 0.8, -0.8)
    seen[40:] = [-0.7, 0.1, -0.6]

    decider = learn_decider(INTENTS, labels, HeldOutScores(seen, np.full((60, 3), -0.7)), [[]] * 60)

    assert decider.decide(np.array([-0.8, -0.8, 0.8]), []).intent == "track_order"
    assert decider.decide(np.array([-0.7, 0.1, -0.6]), []).intent == "out_of_scope"


def test_rejection_is_learned_without_any_stranger_from_intents_left_out() -> None:
    labels = ["deny"] * 20 + ["track_order"] * 20
    seen = np.where(np.arange(2) == np.repeat([0, 1], 20)[:, None], 0.8, -0.8)

    decider = learn_decider(
        ["deny", "track_order"], labels, HeldOutScores(seen, np.full((40, 2), -0.7)), [[]] * 40
    )

    assert decider.decide(np.array([-0.8, 0.8]), []).intent == "track_order"
    assert decider.decide(np.array([-0.7, -0.75]), []).intent == "out_of_scope"


def test_scores_on_the_unseen_are_those_of_a_model_trained_without_them() -> None:
    random = np.random.default_rng(1)
    points = random.normal(size=(30, 4))
    targets = np.where(random.random((30, 2)) > 0.5, 1.0, -1.0)
    group = np.array([2, 5, 11, 28])
    rest = np.setdiff1d(np.arange(30), group)

    ((found, scores),) = KernelRidge(points @ points.T, targets, ridge=0.5).scores_without([group])

    without = KernelRidge(points[rest] @ points[rest].T, targets[rest], ridge=0.5)
    assert np.array_equal(found, group)
    assert np.allclose(scores, points[group] @ points[rest].T @ without.dual)


def examples() -> Examples:
    random = np.random.default_rng(2)
    directions = np.repeat(np.eye(3, 8), 20, axis=0) + 0.1 * random.normal(size=(60, 8))
    vectors = (directions / np.linalg.norm(directions, axis=1, keepdims=True)).astype(np.float32)
    subwords = sparse.csr_matrix((directions > 0.5).astype(np.float32))
    writers = ["ria", "kofi", "ana"] * 20
    return Examples(subwords, vectors, [intent for intent in INTENTS for _ in range(20)], writers)


def test_meaning_is_learned_stored_and_the_same_for_the_same_seed() -> None:
    given = examples()
    model, held_out = learn_meaning(given, seed=3)
    again, _ = learn_meaning(given, seed=3)

    scores = MeaningModel(model.intents, dict(model.arrays)).score(given.subwords, given.vectors)

    assert [model.intents[column] for column in scores.argmax(axis=1)] == list(given.intents)
    assert np.array_equal(again.score(given.subwords, given.vectors), scores)
    assert (held_out.unseen_writer.argmax(axis=1) == scores.argmax(axis=1)).all()


def test_an_intent_that_was_left_out_scores_low_everywhere_else() -> None:
    _, held_out = learn_meaning(examples())

    assert held_out.unseen_intent[0, 1:].max() < 0.2
