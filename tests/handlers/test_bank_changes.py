from pathlib import Path

import pytest
from any_topics import asked
from builders import NOON, person
from desk import opens
from hall import Hall

from bot.events import MinutePassed
from bot.texts import Language
from handlers.bank_changes import edit, restatus, take_in, version, write
from handlers.scene import Scene
from handlers.verdicts import Verdict
from storage.values import Topic, TopicStatus
from topics.files import entries_in
from topics.importing import Import, weighed

TEA = asked("tea", title="一杯茶", text="今天的第一杯是什么？")
CLI = "weilu cli"


@pytest.fixture
def scene(hall: Hall) -> Scene:
    """One topic in the bank, 阿秀 is an operator."""
    opens(hall, "阿秀")
    hall.work.topics.put(TEA)
    return hall.scene(MinutePassed(at=NOON))


def told(verdict: Verdict) -> str:
    """What whoever decided reads."""
    return verdict.say(Language.ZH)


def deeds(scene: Scene) -> list[str]:
    """What the audit trail says, the oldest first."""
    return [deed.what for deed in scene.work.audit.list(scene.house.account)][::-1]


def planned(scene: Scene, text: str) -> Import:
    """What importing this CSV would do."""
    found = entries_in("a.csv", text.encode())
    return weighed(Path("a.csv"), found, scene.work.topics.all())


def test_a_field_is_changed_and_the_rest_stays(scene: Scene):
    """Its history says by whom, and so does the audit trail."""
    verdict = edit(scene, "tea", {"text": "喝了吗？", "tags": "早晨"}, version(TEA), CLI)
    topic = scene.work.topics.get("tea")
    (change,) = scene.work.topics.history("tea")

    assert verdict.done
    assert topic is not None
    assert ("一杯茶", "喝了吗？", ("早晨",)) == (topic.title, topic.text, topic.tags)
    assert ({"text", "tags"}, CLI) == (set(change.changed), change.by)
    assert ["话题 修改 topic edit"] == deeds(scene)


def test_nothing_changed_is_nothing_written(scene: Scene):
    """Who saves without a change leaves no trace."""
    verdict = edit(scene, "tea", {"title": "一杯茶"}, version(TEA), CLI)

    assert "「一杯茶」没有变化。" == told(verdict)
    assert [] == scene.work.topics.history("tea")


def test_two_people_do_not_overwrite_each_other(scene: Scene):
    """Who saves second is told, and the first stands."""
    was = version(TEA)
    edit(scene, "tea", {"text": "一"}, was, CLI)
    second = edit(scene, "tea", {"text": "二"}, was, CLI)

    assert not second.done
    assert "刚刚被别人改过" in told(second)
    assert "一" == _text(scene)


def _text(scene: Scene) -> str:
    topic = scene.work.topics.get("tea")
    assert topic is not None
    return topic.text


def test_what_is_wrong_changes_nothing(scene: Scene):
    """All or nothing, and the field is named."""
    verdict = edit(scene, "tea", {"text": "新", "weight": "101"}, version(TEA), CLI)

    assert "权重 weight" in told(verdict)
    assert TEA == scene.work.topics.get("tea")


def test_a_proposal_keeps_its_author(scene: Scene):
    """Whose it is follows from the member, not from a form."""
    scene.work.topics.keep([asked("mine", title="我的", proposer=person("小林"))], CLI, NOON)
    mine = scene.work.topics.get("mine")
    assert mine is not None
    edit(scene, "mine", {"author": "别人", "goal": "读完"}, version(mine), CLI)
    after = scene.work.topics.get("mine")

    assert after is not None
    assert ("小林", "读完") == (after.author, after.goal)


def test_a_new_topic_is_written(scene: Scene):
    """Known by its title; one like it is pointed out, the same one is refused."""
    near = write(scene, {"title": "第一杯", "text": TEA.text}, CLI)
    again = write(scene, {"title": "第一杯", "text": "？"}, CLI)

    assert "和「一杯茶」很像" in told(near)
    assert "话题库里已经有「第一杯」了。" == told(again)
    assert scene.work.topics.get("第一杯") is not None


def test_a_new_topic_needs_title_and_text(scene: Scene):
    """Both are asked for at once."""
    verdict = write(scene, {"goal": "读完"}, CLI)

    assert "缺少标题" in told(verdict)
    assert "缺少内容" in told(verdict)


@pytest.mark.parametrize(
    ("was", "to", "done"),
    [
        (TopicStatus.APPROVED, TopicStatus.RESTING, True),
        (TopicStatus.RESTING, TopicStatus.APPROVED, True),
        (TopicStatus.APPROVED, TopicStatus.RETIRED, True),
        (TopicStatus.APPROVED, TopicStatus.APPROVED, True),
        (TopicStatus.RETIRED, TopicStatus.APPROVED, False),
        (TopicStatus.APPROVED, TopicStatus.PROPOSED, False),
        (TopicStatus.PROPOSED, TopicStatus.APPROVED, True),
        (TopicStatus.PROPOSED, TopicStatus.RETIRED, True),
    ],
)
def test_the_life_of_a_topic(scene: Scene, was: TopicStatus, to: TopicStatus, *, done: bool):
    """One step at a time, and retired is final."""
    scene.work.topics.put(asked("walk", title="走路", status=was))
    verdict = restatus(scene, "walk", to, CLI)
    topic = scene.work.topics.get("walk")

    assert topic is not None
    assert (done, to if done else was) == (verdict.done, topic.status)


def test_an_import_is_what_was_looked_at(scene: Scene):
    """New and changed ones, in one step of the history each."""
    plan = planned(scene, "title,text\n一杯茶,换了\n走路,走了吗？\n")
    verdict = take_in(scene, plan, CLI)

    assert "导入完成：新增 1 个，更新 1 个，0 个不变。" == told(verdict)
    assert "换了" == _text(scene)


@pytest.mark.parametrize("meanwhile", ["edited", "added", "retired"])
def test_an_import_of_an_old_preview_is_refused(scene: Scene, meanwhile: str):
    """Somebody else was quicker: nothing is imported."""
    plan = planned(scene, "title,text\n一杯茶,换了\n走路,走了吗？\n")
    if meanwhile == "edited":
        edit(scene, "tea", {"text": "一"}, version(TEA), CLI)
    elif meanwhile == "added":
        write(scene, {"title": "走路", "text": "去哪？"}, CLI)
    else:
        restatus(scene, "tea", TopicStatus.RETIRED, CLI)
    before = scene.work.topics.all()
    verdict = take_in(scene, plan, CLI)

    assert "什么也没有导入" in told(verdict)
    assert before == scene.work.topics.all()


def test_another_change_of_the_bank_is_no_hindrance(scene: Scene):
    """Only what the import is about has to be as it was."""
    plan = planned(scene, "title,text\n走路,走了吗？\n")
    edit(scene, "tea", {"text": "一"}, version(TEA), CLI)

    assert take_in(scene, plan, CLI).done


def test_who_is_no_operator_changes_nothing(scene: Scene):
    """It is asked here, whoever calls."""
    by, plan = person("小林"), planned(scene, "title,text\n走路,走了吗？\n")
    before = scene.work.topics.all()
    verdicts = [
        edit(scene, "tea", {"text": "一"}, version(TEA), by),
        write(scene, {"title": "走路", "text": "去哪？"}, by),
        restatus(scene, "tea", TopicStatus.RETIRED, by),
        take_in(scene, plan, by),
    ]

    assert [False] * 4 == [verdict.done for verdict in verdicts]
    assert before == scene.work.topics.all()


def test_a_topic_that_is_gone(scene: Scene):
    """Whoever proposed it was forgotten meanwhile."""
    topic: Topic = asked("gone", title="没了")

    assert not edit(scene, "gone", {}, version(topic), CLI).done
    assert not restatus(scene, "gone", TopicStatus.RETIRED, CLI).done
