import pytest
from builders import ACCOUNT, NOON, group, joined, later, person
from desk import asks, hears, opens, orders, whispers
from hall import Hall

from handlers.tagging import LONGEST, MOST, tag, tags_in, untag
from handlers.verdicts import NO_RIGHT

LIN = person("小林")


@pytest.fixture
def desk(hall: Hall) -> Hall:
    """阿秀 operates; 小林 is in 读书会."""
    opens(hall, "阿秀")
    hall.happens(joined("小林"))
    return hall


def tags(hall: Hall) -> tuple[str, ...]:
    """What 小林 is known for."""
    return hall.work.tags.of_member(group(), LIN)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("产品、增长", ("产品", "增长")),
        (" #产品 #增长，产品", ("产品", "增长")),
        ("product, growth/AI", ("product", "growth", "AI")),
        ("产\u200b品", ("产品",)),
        ("、，", ()),
    ],
)
def test_how_tags_are_written(words: str, found: tuple[str, ...]):
    """Between any of the usual signs, each once, without what is unseen."""
    assert found == tags_in(words)


def test_tagging(desk: Hall):
    """Given and taken off in the chat; the operator reads what is true then."""
    answers = hears(
        desk,
        orders("标签 小林 产品、增长"),
        orders("标签 小林"),
        orders("去标签 小林 增长"),
        orders("去标签 小林 增长"),
        orders("untag 小林@读书会 产品"),
    )

    head, back = "小林 在「读书会」的标签：", "。本人写「我的记录」看得到。要去掉就写：去标签 小林 "
    assert [
        f"{head}产品、增长{back}增长",
        f"{head}产品、增长{back}增长",
        f"{head}产品{back}产品",
        "小林 在「读书会」没有这样的标签，有：产品",
        "小林 在「读书会」没有标签。",
    ] == answers
    assert () == tags(desk)
    assert ["去标签 untag", "去标签 untag", "标签 tag"] == [
        each.what for each in desk.work.audit.list(ACCOUNT)
    ][:3]


def test_in_a_group_of_members(desk: Hall):
    """With a mention of us and of whom it is about; the answer is private."""
    (action,) = desk.happens(asks("标签 @小林 产品", "阿秀", LIN))

    assert person("阿秀") == action.to  # type: ignore[union-attr]
    assert ("产品",) == tags(desk)


def test_what_is_missing(desk: Hall):
    """An order that lacks something says what, and how it is written."""
    assert [
        "请写明是谁，例如：标签 @小林 产品、增长",
        "请写上哪个标签，例如：去标签 @小林 产品",
    ] == hears(desk, orders("标签"), orders("去标签 小林"))


def test_too_much(desk: Hall):
    """A tag is a word, and a person has a few."""
    long, many = "长" * (LONGEST + 1), tuple(f"标签{number}" for number in range(MOST + 1))
    scene = desk.scene(joined("小林"))

    assert not tag(scene, group(), LIN, (long,), "cli").done
    assert not tag(scene, group(), LIN, many, "cli").done
    assert tag(scene, group(), LIN, many[:MOST], "cli").done
    assert not tag(scene, group(), LIN, many[MOST:], "cli").done


def test_who_may(desk: Hall):
    """Operators alone; members are not even answered."""
    scene = desk.scene(joined("小林"))

    assert [] == hears(desk, orders("标签 小林 产品", by="小林"))
    for decide in (tag, untag):
        assert NO_RIGHT == decide(scene, group(), LIN, ("产品",), LIN).words
    assert () == tags(desk)


def test_their_own_record(desk: Hall):
    """A member reads what they are known for."""
    before, *_ = hears(desk, whispers("我的记录"))
    desk.work.tags.add(group(), LIN, ["产品"], "cli", NOON)
    desk.now = later(minutes=5)
    (after,) = hears(desk, whispers("我的记录", at=desk.now))

    assert ("标签" in before, "给你的标签：产品。" in after) == (False, True)
