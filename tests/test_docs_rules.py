"""docs/rules.md: every rule has its section, and every example in it is true."""

import re
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, group, later, person, said
from pictures import code
from pydantic_core import PydanticUndefined
from ruamel.yaml import YAML

from bot.duration import parse, show
from bot.events import Kind, Message
from rules.base import Earlier, Past, Rule
from rules.discovery import all_rules
from rules.kinds import NAMES
from rules.likeness import likeness_of

PAGE = (Path(__file__).parent.parent / "docs" / "rules.md").read_text(encoding="utf-8")
RULES = all_rules()
ROW = re.compile(r"^\| `([^`]*)` \| (?:`([^`]*)` )?\|$", re.MULTILINE)
SETTING = re.compile(r"^\| `(\w+)` \| (?:`([^`]*)`|必写 required|无 none) \| .+ \|$", re.MULTILINE)


def section(key: str) -> str:
    """What stands under a heading."""
    return re.split(r"^## ", PAGE.split(f"\n## {key}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def example(key: str) -> Rule:
    """The rule as the section's YAML sets it."""
    (block,) = re.findall(r"```yaml\n(.*?)```", section(key), re.DOTALL)
    written = YAML(typ="safe", pure=True).load(block)
    return RULES[key].model_validate(written[key])


def rows(key: str) -> list[tuple[str, str]]:
    """The examples of a section: what happens, and what is found (or nothing)."""
    return ROW.findall(section(key).split("碰到 found |", 1)[1])


def test_a_heading_each():
    """The headings are the keys of the rules, no more and no fewer."""
    assert sorted(RULES) == sorted(re.findall(r"^## (.+)$", PAGE, re.MULTILINE))


@pytest.mark.parametrize("key", RULES)
def test_both_languages(key: str):
    """A section names the rule as members read it, in Chinese and in English."""
    told, title = section(key).lower(), RULES[key].title

    assert f"**{title.zh}**" in told
    assert f"**{title.en}**" in told


@pytest.mark.parametrize("key", RULES)
def test_the_settings(key: str):
    """The table lists the reason and exactly the rule's own fields, with their defaults."""
    written = dict(SETTING.findall(section(key)))
    fields = {
        field.alias or name: default(field.default)
        for name, field in RULES[key].model_fields.items()
        if name == "reason" or name not in Rule.model_fields
    }

    assert fields == {name: value.replace(r"\|", "|") for name, value in written.items()}


def default(value: object) -> str:
    """A default as people write it; nothing where there is none."""
    if value is PydanticUndefined or value == () or value is None:
        return ""
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return show(value) if isinstance(value, timedelta) else str(value)


@pytest.mark.parametrize(("text", "found"), rows("keywords"))
def test_keywords(text: str, found: str):
    """The text is judged as the table says, and the place is that of the words."""
    finding = example("keywords").judge(said(text), Past())

    assert found == (text[slice(*finding.span)] if finding else "")


@pytest.mark.parametrize(("seconds", "found"), rows("flood"))
def test_flood(seconds: str, found: str):
    """The last message is judged as the table says."""
    *past, last = (later(seconds=int(each)) for each in seconds.split())
    finding = example("flood").judge(said("在吗", at=last), Past(past))

    assert found == (finding.detail.split("，")[0] if finding else "")


@pytest.mark.parametrize(("texts", "found"), rows("repeats"))
def test_repeats(texts: str, found: str):
    """The last of what one member says, a minute apart, is judged as the table says."""
    *before, last = texts.split(" / ")
    past = Past(texts=[each for text in before if (each := earlier(said(text)))])
    finding = example("repeats").judge(said(last, at=later(minutes=len(before))), past)

    assert found == (finding.detail.split("，")[0] if finding else "")


@pytest.mark.parametrize(("texts", "found"), rows("coordinated"))
def test_coordinated(texts: str, found: str):
    """The last of what some say in some groups, a minute apart, is judged as the table says."""
    *before, last = (
        said(text, who, group=group(where), at=later(minutes=minute))
        for minute, each in enumerate(texts.split(" / "))
        for who, where, text in re.findall("(.+?)@(.+?)：(.+)", each)
    )
    past = Past(others=[each for message in before if (each := earlier(message))])
    finding = example("coordinated").judge(last, past)

    assert found == (finding.detail.split("在")[0].partition("内 ")[2].strip() if finding else "")


def earlier(message: Message) -> Earlier | None:
    """What remains of a message, if anything."""
    likeness = likeness_of(message)
    if likeness is None or message.group is None:
        return None
    return Earlier(message.author, message.group, message.at, likeness)


@pytest.mark.parametrize(("message", "found"), rows("newcomer"))
def test_newcomer(message: str, found: str):
    """The text of somebody who joined so long ago and said so much is judged as the table says."""
    standing, text = message.split("：", 1)
    past = Past()
    if numbers := re.fullmatch(r"入群 (\w+)，说过 (\d+) 条", standing):
        past = Past(joined_at=NOON - parse(numbers[1]), messages=int(numbers[2]))
    finding = example("newcomer").judge(said(text), past)

    assert found == (finding.detail.split(" ")[0] if finding else "")


@pytest.mark.parametrize(("moment", "found"), rows("quiet_hours"))
def test_quiet_hours(moment: str, found: str):
    """Speaking at this time of the week is judged as the table says; noon is on a Friday."""
    day, wall = moment.split()
    shanghai = ZoneInfo("Asia/Shanghai")
    date = later(days="一二三四五六日".index(day[1]) - NOON.weekday())
    at = datetime.combine(date.date(), time.fromisoformat(wall), shanghai)
    finding = example("quiet_hours").judge(said("有人吗", at=at), Past(zone=shanghai))

    assert found == (finding.detail.split("，")[0] if finding else "")


@pytest.mark.parametrize(("name", "found"), rows("nickname"))
def test_nickname(name: str, found: str):
    """Somebody of this name speaks."""
    finding = example("nickname").judge(said("大家好", name), Past())

    assert found == (finding.detail.split("「")[0] if finding else "")


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [(key, *row) for key in ("patterns", "links") for row in rows(key)],
)
def test_places(key: str, text: str, found: str):
    """The text is judged as the table says, and the place is that of the words."""
    finding = example(key).judge(said(text), Past())

    assert found == (text[slice(*finding.span)] if finding else "")


@pytest.mark.parametrize(("text", "found"), rows("contact_bait"))
def test_contact_bait(text: str, found: str):
    """A text is judged by its place, a picture with a code by what is told of it."""
    message = said(text)
    if text.startswith("二维码 "):
        message = said("", kind=Kind.IMAGE, picture=code(text.split()[1]))
    finding = example("contact_bait").judge(message, Past())

    told = finding.detail.split(" ")[0] if finding and message.picture else ""
    assert found == (told or (text[slice(*finding.span)] if finding else ""))


@pytest.mark.parametrize(("kind", "found"), rows("kinds"))
def test_kinds(kind: str, found: str):
    """A message of this kind is judged as the table says."""
    named = {name: each for each, text in NAMES.items() for name in (text.zh, text.en)}
    finding = example("kinds").judge(said("", kind=named[kind]), Past())

    assert found == (finding.detail.split(" ")[0] if finding else "")


@pytest.mark.parametrize(("size", "found"), rows("length"))
def test_length(size: str, found: str):
    """A text of so many characters in so many lines is judged as the table says."""
    characters, lines = map(int, size.split())
    text = "字\n" * (lines - 1)
    finding = example("length").judge(said(text + "字" * (characters - len(text))), Past())

    assert found == (finding.detail.split("，")[0] if finding else "")


@pytest.mark.parametrize(("text", "found"), rows("mentions"))
def test_mentions(text: str, found: str):
    """A text that mentions those it names is judged as the table says."""
    mentions = tuple(dict.fromkeys(map(person, re.findall(r"@(\w+) ", text))))
    finding = example("mentions").judge(said(text, mentions=mentions), Past())

    assert found == (re.split("，| every", finding.detail)[0] if finding else "")


def test_the_examples_are_seen():
    """The tables are found, and hold what is in order as well as what is not."""
    for key in RULES:
        outcomes = [bool(found) for _, found in rows(key)]
        assert len(outcomes) >= 4
        assert {True, False} == set(outcomes)
