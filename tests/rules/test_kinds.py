import pytest
from builders import said

from bot.events import Kind
from rules.base import Finding, Past
from rules.kinds import NAMES, Kinds

REASON = "这里只聊天"


def judge(kind: Kind, *names: str) -> Finding | None:
    """Judge a message of a kind where those named are not wanted."""
    return Kinds(reason=REASON, kinds=names).judge(said("", kind=kind), Past())


def test_an_unwanted_kind():
    """The message itself is the offence, not a place in it."""
    assert Finding("kinds", (0, 0), "发了名片 a message of the kind “contact”") == judge(
        Kind.CONTACT, "名片"
    )


def test_what_is_not_named_is_fine():
    """Text and what the config did not name pass."""
    assert judge(Kind.TEXT, "名片", "红包") is None
    assert judge(Kind.IMAGE, "名片", "红包") is None


@pytest.mark.parametrize("kind", NAMES)
def test_both_languages(kind: Kind):
    """Every kind is known by its Chinese and by its English name, capitals or not."""
    for name in (NAMES[kind].zh, NAMES[kind].en, NAMES[kind].en.upper()):
        assert judge(kind, name) is not None


def test_names_are_names():
    """No two kinds share a name, and what the platform says itself has none."""
    names = [name for text in NAMES.values() for name in (text.zh, text.en)]

    assert len(names) == len(set(names))
    assert set(Kind) - set(NAMES) == {Kind.UNKNOWN, Kind.GROUP_NOTE, Kind.RECALLED}


@pytest.mark.parametrize("kinds", [[], ["名片夹"], [3], [None], ["text"] * 99])
def test_others_are_refused(kinds: list[object]):
    """No kinds, unknown ones and far too many are refused."""
    with pytest.raises(ValueError):
        Kinds.model_validate({"reason": REASON, "kinds": kinds})


def test_the_error_tells_the_names():
    """Whoever wrote a wrong name reads which there are."""
    with pytest.raises(ValueError, match="小程序 mini_program"):
        Kinds(reason=REASON, kinds=("小程式",))


def test_written_as_names():
    """A dumped rule holds names that can be read again."""
    rule = Kinds(reason=REASON, kinds=("名片", "file"))

    assert ["contact", "file"] == rule.model_dump(mode="json")["kinds"]
    assert rule == Kinds.model_validate(rule.model_dump(mode="json", by_alias=True))
