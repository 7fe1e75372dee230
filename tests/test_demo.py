import asyncio
import io
from collections import Counter
from datetime import time
from importlib.resources import files
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot import config_file
from bot.demo import play
from bot.demo_script import OWNER, SCRIPT, TOPICS, WEILU, Comes, Goes, Says, Whispers
from storage.database import Database
from storage.values import OutboxState, SlotState
from storage.values_of_order import CaseState
from storage.values_of_reports import GroupSummary

SAID = [beat for beat in SCRIPT if isinstance(beat, Says)]
ADVERTISEMENT = next(beat for beat in SAID if "加微信" in beat.text)
TELEPHONE = next(beat for beat in SAID if "13800001234" in beat.text)
FLOOD = [beat for beat in SAID if beat.at.startswith("12:10:")]
LIMIT = 8


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[GroupSummary, str, Path]:
    """The day played once: its summary, what was on the screen, the database that was kept."""
    path = tmp_path_factory.mktemp("demo") / "day.db"
    screen = io.StringIO()
    (summary,) = asyncio.run(play(Console(file=screen, width=80, color_system=None), path))
    return summary, screen.getvalue(), path


def _answers() -> list[Says]:
    """What was said within three hours of the post, but for what was judged or a command."""
    flooding = FLOOD[LIMIT:]
    within = [beat for beat in SAID if time(9) < time.fromisoformat(beat.at) <= time(12)]
    return [beat for beat in within if beat is not ADVERTISEMENT and beat not in flooding]


def test_every_message_was_recorded_once(day: tuple[GroupSummary, str, Path]) -> None:
    """The speakers are those of the script, with as many messages each."""
    summary, _, _ = day
    spoken = {speaker.name: speaker.count for speaker in summary.speakers if speaker.name != WEILU}
    assert Counter(beat.who for beat in SAID) == Counter(spoken)


def test_who_came_and_went(day: tuple[GroupSummary, str, Path]) -> None:
    """The newcomer and the one removed."""
    summary, _, _ = day
    came = tuple(beat.who for beat in SCRIPT if isinstance(beat, Comes))
    went = tuple(beat.who for beat in SCRIPT if isinstance(beat, Goes))
    assert (came, went) == (summary.joined, summary.left)


def test_the_offences_became_cases(day: tuple[GroupSummary, str, Path]) -> None:
    """The advertisement, each message over the limit (the second not told again), a telephone."""
    summary, _, _ = day
    over = [("flood", FLOOD[0].who, number == 0) for number in range(len(FLOOD) - LIMIT)]
    telephone = ("引流", TELEPHONE.who, True)
    assert [("广告", ADVERTISEMENT.who, True), *over, telephone] == [
        (case.rule, case.member.name if case.member else "", case.reminded)
        for case in sorted(summary.cases, key=lambda case: case.number)
    ]


def test_what_followed(day: tuple[GroupSummary, str, Path]) -> None:
    """A warning for the advertisement, reminders for the others."""
    summary, _, _ = day
    followed = {case.rule: case.consequence for case in summary.cases}
    assert {"广告": "warn", "flood": "remind", "引流": "remind"} == followed


def test_the_appeal_was_decided(day: tuple[GroupSummary, str, Path]) -> None:
    """The case that the member objected to is taken back by the owner, and she is told why."""
    summary, screen, _ = day
    appeal, decision = (beat.text for beat in SCRIPT if isinstance(beat, Whispers))
    number = int(appeal.split()[1])
    (case,) = [case for case in summary.cases if case.number == number]
    assert ("引流", CaseState.OVERTURNED, OWNER) == (case.rule, case.state, case.decided_by)
    assert case.decided_why == decision.split(maxsplit=2)[2]
    assert f"案件 {number} 已经撤销" in screen
    others = {case.state for case in summary.cases if case.number != number}
    assert {CaseState.OPEN} == others


def test_the_topic_was_posted_and_answered(day: tuple[GroupSummary, str, Path]) -> None:
    """At nine, the heaviest topic; everything said within its window is an answer."""
    summary, screen, _ = day
    (post,) = summary.posts
    answers = _answers()
    assert (
        TOPICS[0].title,
        SlotState.CONFIRMED,
        len(answers),
        len({beat.who for beat in answers}),
    ) == (
        post.topic_title,
        post.state,
        post.answers,
        post.people,
    )
    assert TOPICS[0].title in screen


def test_who_turned_to_whom(day: tuple[GroupSummary, str, Path]) -> None:
    """Mentions and replies of the script are edges between members."""
    summary, _, _ = day
    edges = {(edge.from_name, edge.to_name): edge.count for edge in summary.edges}
    for beat in SAID:
        if beat.quote and beat.quote != WEILU:
            assert edges[beat.who, beat.quote] >= 1
    assert edges["小林", "小满"] >= 2


def test_everything_that_was_decided_was_done(day: tuple[GroupSummary, str, Path]) -> None:
    """Nothing waits, expired or was refused."""
    summary, _, _ = day
    assert {OutboxState.DONE} == {state for state, count in summary.outbox if count}


def test_it_reads_well_in_eighty_columns(day: tuple[GroupSummary, str, Path]) -> None:
    """No line is too wide or holds an escape; welcome, reminder, topic and reasons are there."""
    _, screen, _ = day
    assert "\x1b" not in screen
    assert all(cell_len(line) <= 80 for line in screen.splitlines())
    for words in ("欢迎来到", "案件 1", "【", OWNER, "早间话题"):
        assert words in screen


def test_a_kept_database_can_be_opened_and_is_not_written_into(
    day: tuple[GroupSummary, str, Path],
) -> None:
    """It is a sound database; playing into it again is refused."""
    _, _, path = day
    database = Database(f"sqlite:///{path}")
    database.check()
    database.close()


async def test_it_plays_into_no_file_that_exists(tmp_path: Path) -> None:
    """Whatever is there stays as it is."""
    there = tmp_path / "weilu.db"
    there.write_text("真的记录")
    with pytest.raises(FileExistsError, match="已存在"):
        await play(Console(file=io.StringIO()), there)
    assert "真的记录" == there.read_text()


def test_it_plays_by_the_shipped_config() -> None:
    """Its pace, defaults and group are those of config.yaml as it is shipped."""
    ours = config_file.parse((files("bot") / "demo.yaml").read_bytes(), "demo.yaml")
    shipped = config_file.load(Path(__file__).parents[1] / "config.yaml")
    assert (shipped.account, shipped.pace, shipped.defaults, shipped.groups[0]) == (
        ours.account,
        ours.pace,
        ours.defaults,
        ours.groups[0],
    )
