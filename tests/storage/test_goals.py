from builders import NOON, group, later, person

from storage.values_of_programmes import Choice
from storage.work import Work


def test_what_was_told_last_counts(work: Work):
    """Each group and each goal has its own count; of two at one moment the later one counts."""
    work.goals.tell(group(), "活着", 12, person("阿秀"), NOON)
    work.goals.tell(group(), "活着", 30, "cli", later(hours=1))
    work.goals.tell(group(), "活着", 28, "cli", later(hours=1))

    assert 28 == work.goals.reached(group(), "活着")
    assert [None, None] == [
        work.goals.reached(group(), "跑步"),
        work.goals.reached(group("跑步群"), "活着"),
    ]


def test_the_last_word_counts(work: Work):
    """A member has one choice a goal, and may change their mind."""
    for who, choice in (("小林", Choice.STAY), ("阿青", Choice.ALUMNUS), ("小林", Choice.MOVE_ON)):
        assert work.goals.choose(group(), "活着", person(who), choice, NOON)

    assert {person("小林"): Choice.MOVE_ON, person("阿青"): Choice.ALUMNUS} == dict(
        work.goals.choices(group(), "活着")
    )
    assert {} == work.goals.choices(group(), "跑步")


def test_who_was_forgotten_chose_nothing(work: Work):
    """Their choice is gone, they cannot make another; what they told stays, by nobody."""
    lin = person("小林")
    work.goals.choose(group(), "活着", lin, Choice.STAY, NOON)
    work.goals.tell(group(), "活着", 12, lin, NOON)
    member_id = work.members.id_if_known(lin)
    assert member_id is not None
    work.members.forget(member_id, NOON)

    assert not work.goals.choose(group(), "活着", lin, Choice.STAY, later(hours=1))
    assert ({}, 12) == (
        dict(work.goals.choices(group(), "活着")),
        work.goals.reached(group(), "活着"),
    )
