import re
from datetime import date, timedelta
from pathlib import Path
from textwrap import indent

from builders import said
from starter_bank import STARTER

from bot.config_file import parse
from bot.gateway.pictures import MOST_BYTES
from bot.texts import Language
from handlers import goal, goal_end
from handlers.attribute import COOLS
from handlers.orders import Order, order
from handlers.summing_up import STALE
from handlers.tagging import MOST
from storage.crowds import KNOWN
from storage.effects import LATE
from topics import balance, distance, reasons, shelf, worth
from topics.cast import Cast
from topics.fields import COLUMNS
from topics.goal import line
from topics.life import WORDS
from topics.liveliness import HoldBack, OnSilence
from topics.programme import Programme
from topics.sheets import MOST_ROWS, MOST_YAML_BYTES
from topics.summary import Summary
from topics.template import NOTES
from topics.usual import LEAST_WEEKS, WEEKS
from topics.worked import FEW

HOUSE = Path(__file__).parent.parent
CONSENTS = (
    "别点我",
    "可以点我",
    "别引用我",
    "可以引用我",
    "don't mention me",
    "you may mention me",
)
PAGE = (HOUSE / "docs" / "topics.md").read_text(encoding="utf-8")


def test_every_field():
    """The table names the fields in their order, in the words of the template."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "`" in line]

    assert [
        f"| {COLUMNS[name]} | `{name}` | {zh} | {en} |" for name, (zh, en) in NOTES.items()
    ] == rows


def test_every_status():
    """The life of a topic is told with the words for its statuses."""
    for status, zh in WORDS.items():
        assert f"{zh} {status}" in PAGE


def test_what_the_starter_bank_uses():
    """Its stages and goals are named, and how much there is of it."""
    for topic in STARTER:
        for word in (*topic.stages, *filter(None, [topic.goal])):
            assert f"`{word}`" in PAGE
    assert "more than 180 topics" in PAGE
    assert len(STARTER) > 180


def test_examples_of_programmes():
    """What stands there can be copied into config.yaml as it is."""
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    text = f"account: {{}}\ngroups: []\ndefaults:\n{indent(''.join(blocks), '  ')}"
    defaults = parse(text.encode(), "config.yaml").defaults

    assert ["早间话题", "冷场"] == list(defaults.programmes)
    assert defaults.goal is not None
    served = {(topic.goal, stage) for topic in STARTER for stage in topic.stages}
    assert {stage for _, stage in served} >= {*defaults.goal.stages}
    assert defaults.goal.kind in {topic.goal for topic in STARTER}
    told = line(defaults.goal, date(2026, 12, 8), 120, Language.ZH)
    assert f"`{told}`" in PAGE


def test_the_end_of_a_goal():
    """When members are asked, and how long they may answer."""
    assert (range(9, 12), (1, 2), 8) == (goal_end._MORNING, goal_end._ASKED_ON, goal_end._LAST)
    assert "9 点到 12 点，错过了就再后一天" in PAGE
    for word in ("前进", "留下", "结业", "move on", "stay", "alumnus"):
        assert f"`{word}`" in PAGE
        assert word in goal._CHOICES


def test_pictures():
    """How large a file may be."""
    assert f"{MOST_BYTES // 1024 // 1024} MB" in PAGE


def test_what_is_usual():
    """How far back it is looked, and what holds where nothing is written."""
    silence, back = OnSilence(), HoldBack()

    assert f"前{'零一二三四五六'[WEEKS]}周" in PAGE
    assert f"默认 {silence.below}%" in PAGE
    assert f"默认 {silence.start:%H:%M}–{silence.end:%H:%M}" in PAGE
    assert (timedelta(days=1), "默认一天" in PAGE) == (silence.apart, True)
    assert (timedelta(minutes=5), 3, LEAST_WEEKS) == (back.within, back.speakers, 2)
    assert "默认五分钟内至少三个人" in PAGE
    assert "没听满两周" in PAGE


def test_how_topics_are_chosen():
    """The points in the table are those that count, and what is said are the reasons."""
    chosen = PAGE.partition("## 怎么挑")[2].partition("## 效果")[0]
    held = {
        "差一个话题 2 分": balance._RATIO == 2,
        "last 30": balance._LATELY == 30,
        "紧挨着减 2 分，隔六个不减": (distance._POINTS, distance._FAR) == (-2, 6),
        "加 0.3 分": worth._CURIOSITY == 0.3,
        "节日和日子 1 分，季节和月份 0.3 分": (shelf._NOW_OR_NEVER, shelf._ALL_SEASON) == (1, 0.3),
        "各 0.5 分": shelf._SERVES == 0.5,
        "10 是 1.5 分，100 是 3 分": [shelf._weighs(weight) for weight in (10, 100)] == [1.5, 3],
        "还没有效果数据，给它机会": reasons.UNTRIED.zh in chosen,
    }

    assert dict.fromkeys(held, (True, True)) == {
        words: (words in chosen, holds) for words, holds in held.items()
    }


def test_casting():
    """What is said of mentions is what holds where nothing is written."""
    casting = PAGE.partition("## 点名")[2].partition("## 效果")[0]
    (written,) = re.findall(r"`cast: (\{people.*?\})`", casting)

    for each in ("{}", written):
        programmes = f"{{早: {{at: 每天 9:00, cast: {each}}}}}"
        text = f"account: {{}}\ngroups: []\ndefaults: {{programmes: {programmes}}}"
        assert Cast() == parse(text.encode(), "config.yaml").defaults.programmes["早"].cast
    assert ("三个月里" in casting, timedelta(days=90)) == (True, KNOWN)
    assert ("一人至多二十个" in casting, 20) == (True, MOST)
    for words in re.findall(r"^去?标签 @[^ ]+ [^ \n]+", casting, re.MULTILINE):
        assert isinstance(order(said(words), None), Order)


def test_what_came_of_it():
    """The lengths and limits of effects and summaries are those that hold."""
    effects = PAGE.partition("## 效果")[2]

    assert ("过后两分钟" in effects, timedelta(minutes=2)) == (True, LATE)
    assert ("一小时没人接就凉了" in effects, timedelta(hours=1)) == (True, COOLS)
    assert ("不写是三小时" in effects, timedelta(hours=3)) == (True, usual("window"))
    assert ("不到四次的" in effects, 4) == (True, FEW)
    assert ("不写是两句" in effects, 2) == (True, Summary().quotes)
    assert ("晚了一小时就不发" in effects, timedelta(hours=1)) == (True, STALE)
    for words in CONSENTS:
        assert f"`{words}`" in effects or f"（{words}）" in effects


def usual(name: str) -> object:
    """What a programme does where nothing is written."""
    return Programme.model_fields[name].default


def test_limits():
    """The limits are those that hold."""
    assert f"{MOST_ROWS:,} 行" in PAGE
    assert f"{MOST_YAML_BYTES >> 20} MiB" in PAGE
