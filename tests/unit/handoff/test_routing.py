from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from balie.handoff.routing import AgentLoad, Wanted, choose_agent
from tests.support.handoffs import NOW

LANGUAGES = ("nl", "en", "fr")
TOPICS = ("returns", "warranty")

subsets = st.lists(st.sampled_from(LANGUAGES), unique=True, min_size=1)
agents = st.builds(
    AgentLoad,
    agent_id=st.integers(1, 1000),
    languages=subsets,
    topics=st.lists(st.sampled_from(TOPICS), unique=True),
    teams=st.lists(st.sampled_from(("service", "workshop")), unique=True, min_size=1),
    capacity=st.integers(0, 5),
    is_online=st.booleans(),
    busy=st.integers(0, 7),
    last_given_at=st.none() | st.integers(0, 600).map(lambda minutes: NOW - timedelta(minutes=minutes)),
)
desks = st.lists(agents, max_size=8, unique_by=lambda load: load.agent_id)
wishes = st.builds(
    Wanted,
    team=st.sampled_from(("service", "workshop")),
    language=st.sampled_from(LANGUAGES),
    topic=st.none() | st.sampled_from(TOPICS),
    not_agents=st.lists(st.integers(1, 1000), max_size=3),
)


def agent(agent_id: int, **more: Any) -> AgentLoad:
    usual = {
        "languages": ("nl", "en"),
        "topics": (),
        "teams": ("service",),
        "capacity": 4,
        "is_online": True,
        "busy": 0,
    }
    return AgentLoad(agent_id, **{**usual, **more})


WANTED = Wanted("service", "nl")


def test_the_one_with_the_largest_share_of_their_room_left_gets_the_next() -> None:
    small, large = agent(1, capacity=2, busy=1), agent(2, capacity=8, busy=2)
    assert choose_agent(WANTED, [small, large]) == 2


def test_among_equals_whoever_has_waited_longest_for_a_customer() -> None:
    just_now = agent(1, last_given_at=NOW)
    an_hour_ago = agent(2, last_given_at=NOW - timedelta(hours=1))
    assert choose_agent(WANTED, [just_now, an_hour_ago]) == 2
    assert choose_agent(WANTED, [just_now, an_hour_ago, agent(3)]) == 3


def test_a_speaker_who_is_busy_is_waited_for() -> None:
    speaker, other = agent(1, languages=("fr",), busy=4), agent(2)
    assert choose_agent(Wanted("service", "fr"), [speaker, other]) is None


def test_a_language_that_nobody_speaks_is_answered_by_anybody() -> None:
    assert choose_agent(Wanted("service", "zh"), [agent(1)]) == 1


def test_an_expert_with_room_comes_first_and_is_not_waited_for() -> None:
    expert = agent(1, topics=("warranty",), busy=3)
    wanted = Wanted("service", "nl", "warranty")
    other = agent(2, topics=("returns",))
    assert choose_agent(wanted, [expert, other]) == 1
    assert choose_agent(wanted, [agent(1, topics=("warranty",), busy=4), other]) == 2


def test_nobody_is_asked_twice_who_declined() -> None:
    assert choose_agent(Wanted("service", "nl", None, {1}), [agent(1)]) is None


def test_whoever_takes_no_conversations_at_all_is_not_asked() -> None:
    assert choose_agent(WANTED, [agent(1, capacity=0)]) is None


@given(wishes, desks)
def test_whoever_is_chosen_is_of_the_team_has_room_and_has_not_declined(
    wanted: Wanted, desk: list[AgentLoad]
) -> None:
    chosen = next((load for load in desk if load.agent_id == choose_agent(wanted, desk)), None)
    if chosen is None:
        return
    assert wanted.team in chosen.teams
    assert chosen.is_online
    assert chosen.busy < chosen.capacity
    assert chosen.agent_id not in wanted.not_agents
    speaks = any(wanted.language in load.languages for load in desk if wanted.team in load.teams)
    assert wanted.language in chosen.languages or not speaks


@given(wishes, desks)
def test_somebody_who_speaks_the_language_and_has_room_is_never_passed_over_for_nobody(
    wanted: Wanted, desk: list[AgentLoad]
) -> None:
    could = [
        load
        for load in desk
        if wanted.team in load.teams
        and wanted.language in load.languages
        and load.has_room
        and load.agent_id not in wanted.not_agents
    ]
    assert (choose_agent(wanted, desk) is not None) or not could


@given(wishes, desks, st.randoms(use_true_random=False))
def test_the_order_of_the_list_does_not_matter(wanted: Wanted, desk: list[AgentLoad], random: Any) -> None:
    shuffled = list(desk)
    random.shuffle(shuffled)
    assert choose_agent(wanted, shuffled) == choose_agent(wanted, desk)
