from builders import NOON, group, later, person

from storage.work import Work


def test_a_programme_rests(work: Work):
    """Only that one, only there, until somebody says otherwise; said twice it is one pause."""
    assert work.pauses.pause(group(), "午间", person("阿运"), NOON)
    assert not work.pauses.pause(group(), "午间", "甲", later(hours=1))
    paused = work.pauses.paused(group(), "午间")

    assert paused is not None
    assert ("午间", "阿运", NOON) == (paused.programme, paused.by, paused.since)
    assert work.pauses.paused(group(), "晚间") is None
    assert work.pauses.paused(group("跑步"), "午间") is None
    assert work.pauses.resume(group(), "午间", "甲", later(hours=2))
    assert not work.pauses.resume(group(), "午间", "甲", later(hours=2))
    assert work.pauses.paused(group(), "午间") is None


def test_everything_rests(work: Work):
    """A pause of the group counts for each programme, and ends by itself only."""
    assert work.pauses.pause(group(), "", "甲", NOON)
    assert work.pauses.pause(group(), "午间", "甲", NOON)

    assert "" == getattr(work.pauses.paused(group(), "午间"), "programme", None)
    assert not work.pauses.resume(group("没人"), "", "甲", NOON)
    assert work.pauses.resume(group(), "", "甲", NOON)
    assert "午间" == getattr(work.pauses.paused(group(), "午间"), "programme", None)


def test_who_paused_is_forgotten(work: Work):
    """The pause stays; by whom is not known any more."""
    who = person("阿运")
    work.pauses.pause(group(), "", who, NOON)
    member_id = work.members.id_if_known(who)
    assert member_id is not None
    work.members.forget(member_id, NOON)

    assert [""] == [each.by for each in work.pauses.of(group())]
