"""Counting after the kills: the database against what the far side saw."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from faults.bot_process import OUT
from faults.counting_order import order, seen_of_order
from faults.traffic import ADVERT
from faults.trial import Trial
from sqlalchemy import Connection, NullPool, create_engine, text

from bot.actions import Remove, Say
from storage.actions import read
from storage.values import OutboxState

NOT_DONE = {
    OutboxState.PENDING,
    OutboxState.EXPIRED,
    OutboxState.REFUSED,
    OutboxState.CANCELLED,
}
_SPOILED = "an event was skipped"


@dataclass(frozen=True)
class Count:
    """`wrong` must hold nothing; `seen` says how much there was to go wrong."""

    wrong: dict[str, list[str]]
    seen: dict[str, int]

    @property
    def is_clean(self) -> bool:
        """Nothing lost, nothing twice, nothing misreported."""
        return not any(self.wrong.values())

    def table(self) -> str:
        """For a person."""
        wrong = [(what, f"{len(found):>9} {found[:5] or ''}") for what, found in self.wrong.items()]
        rows = [*self.seen.items(), ("— must be 0 —", ""), *wrong]
        return "\n".join(f"{what:52}{number:>9}" for what, number in rows)


def count(trial: Trial) -> Count:
    """Everything there is to count."""
    engine = create_engine(trial.url, poolclass=NullPool)
    with engine.connect() as connection:
        wrong = (
            _messages(connection, trial)
            | _judged(connection)
            | _actions(connection, trial)
            | _slots(connection, trial.every)
            | order(connection, trial.far)
            | _words(trial)
        )
        return Count(wrong, _seen(connection, trial))


def _all(connection: Connection, statement: str) -> list[Any]:
    return list(connection.execute(text(statement)))


def _one(connection: Connection, statement: str) -> int:
    number: int = connection.execute(text(statement)).scalar_one()
    return number


def _messages(connection: Connection, trial: Trial) -> dict[str, list[str]]:
    stored = Counter(row.platform_id for row in _all(connection, "SELECT * FROM messages"))
    return {
        "committed and lost": sorted(trial.far.committed - stored.keys()),
        "messages recorded twice": [id_ for id_, times in stored.items() if times > 1],
        "messages nobody sent": sorted(stored.keys() - trial.far.delivered),
    }


def _judged(connection: Connection) -> dict[str, list[str]]:
    """What happened and what follows from it are there together or not at all."""
    adverts = _ids(connection, f"messages WHERE text LIKE '%{ADVERT}' AND NOT ours")
    leavers = _ids(connection, f"messages WHERE text LIKE '{OUT}%' AND NOT ours")
    judged = _all(connection, "SELECT message_id FROM cases WHERE rule = 'keywords'")
    with_case = Counter(str(row.message_id) for row in judged)
    reminded = _all(connection, "SELECT number FROM cases WHERE reminded AND NOT strike")
    keys = {read(row.action).key for row in _all(connection, "SELECT action FROM outbox")}
    reminders = {key for key in keys if key.startswith("remind:")}
    removals = {key for key in keys if key.startswith("out:")}
    return {
        "advertisements without a case, or the other way": sorted(
            adverts.keys() ^ with_case.keys()
        ),
        "messages with two cases": [id_ for id_, times in with_case.items() if times > 1],
        "reminders not staged with their case": sorted(
            reminders ^ {f"remind:{row.number}" for row in reminded}
        ),
        "removals not staged with their message": sorted(
            removals ^ {f"out:{id_}" for id_ in leavers.values()}
        ),
    }


def _ids(connection: Connection, where: str) -> dict[str, str]:
    """Our id and the platform's of some messages."""
    rows = _all(connection, f"SELECT id, platform_id FROM {where}")  # noqa: S608 our own words
    return {str(row.id): row.platform_id for row in rows}


def _actions(connection: Connection, trial: Trial) -> dict[str, list[str]]:
    times = trial.far.times_done()
    words = Counter((a.to, a.text, a.mentions) for a in trial.far.done if isinstance(a, Say))
    rows = _all(connection, "SELECT action, state, account FROM outbox")
    ours = [row for row in rows if row.account == trial.account]
    states = {read(row.action).key: OutboxState(row.state) for row in ours}
    return {
        "done twice (same action)": [key for key, number in times.items() if number > 1],
        "done twice (same words, same place)": [
            text_[:20] for (_, text_, _), number in words.items() if number > 1
        ],
        "done without being committed": sorted(times.keys() - states.keys()),
        "said to be done and never done": [
            key
            for key, state in states.items()
            if state is OutboxState.DONE and not times[key] and key not in trial.far.so_already
        ],
        "done and said not to be": [
            key for key, state in states.items() if state in NOT_DONE and times[key]
        ],
        "removals left in doubt": [
            key
            for key, state in states.items()
            if key.startswith("out:") and state not in {OutboxState.DONE, OutboxState.PENDING}
        ],
        "in the hands of a dead process": [
            key for key, state in states.items() if state is OutboxState.CLAIMED
        ],
    }


def _slots(connection: Connection, every: timedelta) -> dict[str, list[str]]:
    rows = _all(connection, "SELECT group_id, wall, state FROM slots ORDER BY group_id, wall")
    walls: dict[int, list[datetime]] = {}
    for row in rows:
        walls.setdefault(row.group_id, []).append(datetime.fromisoformat(row.wall))
    gaps = [
        f"{before} … {after}"
        for of_group in walls.values()
        for before, after in pairwise(of_group)
        if after - before != every
    ]
    without_post = """
        SELECT slots.id FROM slots LEFT JOIN posts ON posts.slot_id = slots.id
        WHERE slots.state NOT IN ('skipped', 'held') AND posts.id IS NULL
    """
    used_twice = """
        SELECT posts.group_id, posts.topic_key FROM posts JOIN slots ON slots.id = posts.slot_id
        WHERE slots.state != 'skipped'
        GROUP BY posts.group_id, posts.topic_key HAVING count(*) > 1
    """
    return {
        "slots lost between two others": gaps,
        "slots at odds with their post": [str(row) for row in _all(connection, without_post)],
        "topics posted twice in one group": [str(row) for row in _all(connection, used_twice)],
    }


def _words(trial: Trial) -> dict[str, list[str]]:
    said = trial.log.read_text(encoding="utf-8", errors="replace") if trial.log.exists() else ""
    lines = said.splitlines()
    return {
        "events skipped as faulty": [line for line in lines if _SPOILED in line],
        "tracebacks": [line for line in lines if "Traceback" in line],
    }


def _seen(connection: Connection, trial: Trial) -> dict[str, int]:
    rows = _all(connection, "SELECT action, state FROM outbox")
    states = Counter(row.state for row in rows)
    doubtful = {read(r.action).key for r in rows if r.state == OutboxState.UNCONFIRMED}
    said = len(trial.far.done)
    removed = sum(isinstance(action, Remove) for action in trial.far.done)
    posts = sum(action.key.startswith("post:") for action in trial.far.done)
    return {
        "messages delivered to a living process": len(trial.far.delivered),
        "messages said to be committed": len(trial.far.committed),
        "messages in the database": _one(connection, "SELECT count(*) FROM messages"),
        "actions done at the far side": said,
        "  of these removals": removed,
        "  of these posts": posts,
        "  in so many places": len(trial.far.places()),
        **seen_of_order(connection, trial.far.done),
        "slots": _one(connection, "SELECT count(*) FROM slots"),
        "unconfirmed, and yet done": len(doubtful & trial.far.times_done().keys()),
        **{f"outbox rows {state}": number for state, number in sorted(states.items())},
    }
