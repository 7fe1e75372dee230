import json
from datetime import UTC

import pytest
from builders import ACCOUNT, group, person
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import Action, Announce, Invite, Mute, Priority, Recall, Remove, Say
from bot.events import Group, Identity
from storage.actions import dump, people, read, written

words = st.text(max_size=8)
identities = st.builds(Identity, words, words, words)
groups = st.builds(Group, words, words, words)
carried = {
    "key": words,
    "why": words,
    "priority": st.sampled_from(Priority),
    "expires_at": st.none() | st.datetimes(timezones=st.just(UTC)),
    "about": st.lists(identities, max_size=2).map(tuple),
}
actions = st.one_of(
    st.builds(
        Say,
        **carried,
        to=groups | identities,
        text=words,
        mentions=st.lists(identities, max_size=2).map(tuple),
        quotes=words,
    ),
    st.builds(Remove, **carried, group=groups, member=identities),
    st.builds(Announce, **carried, group=groups, text=words),
    st.builds(Recall, **carried, group=groups, message_id=words),
    st.builds(Invite, **carried, group=groups, member=identities),
    st.builds(
        Mute,
        **carried,
        group=groups,
        member=identities,
        until=st.none() | st.datetimes(timezones=st.just(UTC)),
    ),
)


@settings(max_examples=60)
@given(actions)
def test_an_action_comes_back(action: Action):
    """What is dumped is JSON and loads as the same action, names and priority included."""
    back = read(json.dumps(dump(action)))

    assert repr(action.about) == repr(back.about)
    assert action == back
    assert type(action.priority) is type(back.priority)
    assert action == read(written(action))
    assert json.dumps(dump(action), ensure_ascii=False) == written(action)


def test_a_person_is_not_taken_for_a_group():
    """A private word stays private, though a group and an identity look alike."""
    say = Say(key="k", why="w", priority=Priority.ANSWER, to=Identity(ACCOUNT, "x", "y"), text="t")
    back = read(json.dumps(dump(say)))

    assert isinstance(back, Say)
    assert isinstance(back.to, Identity)


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"is": "Shout"},
        {"is": "Group", "account": "a", "id": "b", "name": "c"},
        {"is": "Recall", "key": "k"},
        {"is": "Say", "key": "k", "why": "w", "priority": 1, "to": {"is": "Path"}, "text": "t"},
    ],
)
def test_what_is_no_action_is_refused(plain: dict[str, object]):
    """A row that somebody edited by hand fails instead of acting wrongly."""
    with pytest.raises(ValueError):
        read(json.dumps(plain))


def test_people_are_found_wherever_they_stand():
    """Those an action is about, mentions, speaks to, or removes."""
    lin, wu, he = person("小林"), person("小吴"), person("小何")
    say = Say(
        key="k", why="", priority=Priority.ANSWER, to=lin, text="", mentions=(wu,), about=(he,)
    )
    remove = Remove(key="k", why="", priority=Priority.ANSWER, group=group(), member=lin)

    assert {lin, wu, he} == people(say)
    assert {lin} == people(remove)
