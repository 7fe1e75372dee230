from dataclasses import replace
from pathlib import Path

import pytest
from any_topics import asked, topics
from builders import person
from hypothesis import given, settings

from storage.values import Topic, TopicStatus
from topics.duplicates import Likeness
from topics.files import TopicFaults, entries
from topics.importing import Import, weighed
from topics.writing import written

TEA = asked("tea", title="一杯茶", text="今天的第一杯是什么？", tags=("早晨",), weight=5)


def plan(folder: Path, text: str, *bank: Topic) -> Import:
    """What importing a sheet with this text would do."""
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    return weighed(path, entries(path), bank)


def test_new_and_unchanged(tmp_path: Path):
    """What is not there is new; what is there as it is stays."""
    found = plan(
        tmp_path,
        "代号,标题,内容,标签,权重\ntea,一杯茶,今天的第一杯是什么？,早晨,5\nb,题,问？,,\n",
        TEA,
    )

    assert Import((Topic(key="b", title="题", text="问？"),), (), 1, ()) == found


def test_only_what_the_file_has_changes(tmp_path: Path):
    """A column that is not there keeps what is; an empty cell empties; no status is no change."""
    resting = replace(TEA, status=TopicStatus.RESTING, category="日常")
    found = plan(tmp_path, "代号,标题,内容,标签,状态\nTEA,两杯茶,今天的第一杯是什么？,,\n", resting)

    (changed,) = found.changed
    assert replace(resting, title="两杯茶", tags=()) == changed.after
    assert ("title", "tags") == changed.names
    assert (changed.after,) == found.topics


def test_without_a_key_the_title_tells(tmp_path: Path):
    """A sheet without keys updates the topics that are called the same, and doubles none."""
    found = plan(tmp_path, "标题,内容\n一杯茶,现在的第一杯呢？\n", TEA)

    assert replace(TEA, text="现在的第一杯呢？") == found.changed[0].after
    assert () == found.new


def test_the_same_topic_twice(tmp_path: Path):
    """By its key and by its title is twice."""
    with pytest.raises(TopicFaults, match="与第 2 行是同一个话题") as caught:
        plan(tmp_path, "代号,标题,内容\ntea,新名,问？\n,一杯茶,问？\n", TEA)

    assert [(3, 2, "title")] == [(f.line, f.column, f.path) for f in caught.value.faults]


def test_wrong_steps_are_faults(tmp_path: Path):
    """A retired topic cannot be brought back by a file; the fault is at its status."""
    retired = replace(TEA, status=TopicStatus.RETIRED)

    with pytest.raises(TopicFaults, match="停用后不再改") as caught:
        plan(tmp_path, "代号,标题,内容,状态\na,甲,问？,可用\ntea,一杯茶,问？,可用\n", retired)
    assert [(3, 4, "status")] == [(f.line, f.column, f.path) for f in caught.value.faults]


def test_whose_proposal_it_was_stays(tmp_path: Path):
    """A file cannot take a member's credit away."""
    proposed = replace(TEA, author="阿秀", proposer=person("阿秀"))

    found = plan(tmp_path, "代号,标题,内容,作者\ntea,一杯茶,问？,别人\n", proposed)
    assert ("阿秀", person("阿秀")) == (
        found.changed[0].after.author,
        found.changed[0].after.proposer,
    )


def test_near_duplicates(tmp_path: Path):
    """New topics and new words are held against the bank and the file; old ones are not."""
    ask = "你今天喝的第一杯是什么，在哪里喝的，和谁一起"
    bank = asked("a", text=f"{ask}？"), asked("b", text=f"{ask}呢？"), asked("c")
    found = plan(
        tmp_path,
        "代号,标题,内容\n"
        f"n,新的,{ask}啊？\n"
        f"c,题目c,完全不同的另外一个问题是什么呢？\n"
        f"m,新的,另一个问题有没有人想答？\n",
        *bank,
    )

    assert [(2, "n", Likeness.TEXT), (4, "m", Likeness.TITLE)] == [
        (each.line, each.topic.key, each.likeness) for each in found.alike
    ]
    assert "n" == found.alike[1].other.key


@settings(max_examples=20)
@given(topics())
def test_an_export_changes_nothing(tmp_path_factory: pytest.TempPathFactory, some: list[Topic]):
    """Imported again as it is, an export is no news, in every form."""
    for form in (".yaml", ".csv", ".xlsx"):
        path = tmp_path_factory.getbasetemp() / f"same{form}"
        path.write_bytes(written(some, form))
        found = weighed(path, entries(path), some)
        assert (0, 0, len(some)) == (len(found.new), len(found.changed), found.unchanged)
