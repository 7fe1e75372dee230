"""Hostile words, from the event to the database, the screen, the log and the exports.

`WEILU_HOSTILE=10000` (and `WEILU_SEED`) makes it the full corpus.
"""

import asyncio
import json
import logging
import os
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from builders import group, person
from faults.command import weilu
from faults.hall import Hall
from faults.hostile import events
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import Priority, Say
from bot.events import Event, Message
from bot.shown import shown
from handlers.settings import GroupSettings
from rules.flood import Flood
from rules.keywords import Keywords
from storage.actions import read, written
from storage.columns import plain
from storage.database import Database

NUMBER = int(os.environ.get("WEILU_HOSTILE", "1000"))
SEED = int(os.environ.get("WEILU_SEED", "5"))
_ALLOWED = "\n\u200c\u200d"
ANYTHING = st.text(st.characters(), max_size=300)  # lone surrogates too


def unsafe(said: str) -> set[str]:
    """What a terminal might obey, or nobody can see."""
    return {
        letter
        for letter in said
        if letter not in _ALLOWED and unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"}
    }


@dataclass(frozen=True)
class Aftermath:
    """What was heard, where the database is, what was logged."""

    folder: Path
    heard: list[Event]
    recorded: set[str]
    log: str


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """Everything was heard, with rules, welcomes and commands in force in every group."""
    folder = tmp_path_factory.mktemp("hostile")
    log = StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    heard = list(events(SEED, NUMBER))
    with closing(Database(f"sqlite:///{folder / 'weilu.db'}")) as database:
        database.upgrade()
        hall = Hall(database)
        keywords = Keywords(words=("加微信", "领资料"), reason="不发广告")
        hall.settings = GroupSettings(rules=(keywords, Flood(limit=5, reason="慢一点")))
        for start in range(0, NUMBER, 500):
            asyncio.run(hall.hears(*heard[start : start + 500]))
        recorded = hall.recorded()
    logging.getLogger().removeHandler(handler)
    return Aftermath(folder, heard, recorded, log.getvalue())


@pytest.mark.timeout(300)
def test_everything_is_recorded(aftermath: Aftermath):
    """No event is skipped, every message in a group is there, and the log has nothing to say."""
    messages = {
        plain(event.id)
        for event in aftermath.heard
        if isinstance(event, Message) and event.group is not None
    }

    assert "" == aftermath.log
    assert messages == aftermath.recorded


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "command", ["report", "members show ๆ", "members show x", "outbox list --all", "topics next"]
)
def test_the_screen_obeys_nobody(aftermath: Aftermath, command: str):
    """No command prints a control, an escape, a bidi mark or half a letter of what was heard."""
    said = weilu(aftermath.folder, *command.split())

    assert b"Traceback" not in said.stderr
    assert set() == unsafe(said.stdout.decode("utf-8")) | unsafe(said.stderr.decode("utf-8"))


@pytest.mark.timeout(300)
def test_programs_can_read_the_exports(aftermath: Aftermath, tmp_path: Path):
    """What is printed as JSON, and what is exported of a person, is JSON in UTF-8."""
    with (
        closing(Database(f"sqlite:///{aftermath.folder / 'weilu.db'}")) as database,
        database.work() as work,
    ):
        for card in work.members.find("")[:50]:
            json.loads(json.dumps(work.members.export(card.member_id)).encode("utf-8"))
    for command in ("report --json", "outbox list --all --json"):
        json.loads(weilu(aftermath.folder, *command.split()).stdout.decode("utf-8"))


@given(text=ANYTHING, name=ANYTHING, key=ANYTHING)
def test_an_action_survives_the_table(text: str, name: str, key: str):
    """Whatever the words, an action is read from the table as it was written."""
    who = person(name)
    action = Say(
        key=key, why=name, priority=Priority.ANSWER, to=group(name), text=text, about=(who,)
    )

    assert action == read(written(action))


@given(text=ANYTHING)
def test_shown_is_harmless(text: str):
    """Whatever is shown is on one line, harmless, and can be encoded."""
    said = shown(text)

    assert set() == unsafe(said)
    assert "\n" not in said
    assert said.encode("utf-8")[:0] == b""


def test_the_corpus_is_seeded():
    """The same seed says the same things; another one others."""
    assert list(events(1, 50)) == list(events(1, 50))
    assert list(events(1, 50)) != list(events(2, 50))
