"""Choosing among a large bank for many groups, a plan of a year, and importing."""

import csv
import gc
import json
import sqlite3
import time
from collections import defaultdict
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks import topic_bank
from benchmarks.row import Figure, Row, Side, Target
from benchmarks.side import Figures, folder, options, serve
from benchmarks.topic_bank import DUE, NAME, WALL
from bot.events import Group, SlotDue
from handlers.choice import choice, course
from handlers.settings import GroupSettings
from storage.database import Database
from topics.files import entries
from topics.importing import weighed
from topics.liveliness import Ratio
from topics.planning import plan
from topics.programme import Programme
from topics.season import in_season
from topics.writing import written

_MODULE = "benchmarks.rows.topics"
_GROUPS = 500
_DAYS = 365

ROW = Row(
    "topics",
    (
        Side(
            "ours",
            f"a bank of that many topics in SQLite, {_GROUPS} groups with 200 measured posts each, "
            "a ratio of 2 to 1: one work looks everything up, chooses for each group and writes "
            f"the reasons; then {_DAYS} days planned for one group; then `weilu topics import` of "
            "the same topics from CSV into an empty bank (read, weighed, near-duplicates, kept)",
            _MODULE,
            argument="ours",
        ),
        Side(
            "bare loop",
            "the same rows by sqlite3: for each group the heaviest topic in season that it never "
            "had, in one loop over the bank; the same for each day of the year; csv and sqlite3 "
            "inserting the same rows",
            _MODULE,
            argument="bare",
        ),
    ),
    (
        Figure(
            f"choosing for {_GROUPS} groups that are due at once, processor time",
            "choosing",
            "s",
            Target(2, at_least=False, of_ratio=False),
            "bare loop",
        ),
        Figure(
            "a plan of a year for one group, processor time",
            "year",
            "s",
            Target(1, at_least=False, of_ratio=False),
            "bare loop",
        ),
        Figure(
            "importing, processor time",
            "importing",
            "s",
            Target(10, at_least=False, of_ratio=False),
            "bare loop",
        ),
    ),
    size=10_000,
    quick_size=5_000,
    rounds=3,
    warm_up=0,  # a process that has read nothing yet is what is measured
)

_DAILY = GroupSettings(
    programmes={NAME: Programme(cron="0 9 * * *", ratio=Ratio(universal=2, professional=1))}
)


def main() -> None:
    """Serve measurements."""
    gc.set_threshold(50_000, 20, 20)  # as the app does
    asked = options()
    bank = topic_bank.topics(asked.seed, asked.size)
    with folder() as place:
        past, sheet = place / "weilu.db", place / "topics.csv"
        groups = topic_bank.filled(past, asked.seed, bank, _GROUPS)
        sheet.write_bytes(written(bank, ".csv"))
        if asked.side == "ours":
            serve(lambda: _ours(past, groups) | {"importing": _imported(sheet, place)})
        else:
            serve(lambda: _bare(past) | {"importing": _inserted(sheet, place)})


def _ours(past: Path, groups: tuple[Group, ...]) -> Figures:
    database = Database(f"sqlite:///{past}")  # another each time: nothing is known beforehand
    due = [SlotDue(group=one, programme=NAME, wall=WALL, due_at=DUE, at=DUE) for one in groups]
    begun = time.process_time()
    with database.work() as work:
        work.prepare(due)
        for each in groups:
            best = choice(work, each, _DAILY, NAME, WALL, DUE)
            assert best  # noqa: S101 there is always one left
            best.why()
    choosing = time.process_time() - begun
    database.close()
    database = Database(f"sqlite:///{past}")
    begun = time.process_time()
    with database.work() as work:
        here = course(work, groups[0], _DAILY)
        planned = plan(work.topics.bank(), here, DUE, DUE + timedelta(days=_DAYS))
    year = time.process_time() - begun
    database.close()
    assert len({each.topic.key for each in planned if each.topic}) == _DAYS  # noqa: S101
    return {"choosing": choosing, "year": year}


def _imported(sheet: Path, place: Path) -> float:
    database = _empty(place)
    begun = time.process_time()
    found = entries(sheet)
    with database.work() as work:
        wanted = weighed(sheet, found, work.topics.all())
        work.topics.keep(wanted.topics, "benchmark", DUE)
        work.commit()
    seconds = time.process_time() - begun
    database.close()
    return seconds


def _bare(past: Path) -> Figures:
    day = DUE.astimezone(ZoneInfo("Asia/Shanghai")).date()
    begun = time.process_time()
    with closing(sqlite3.connect(past)) as connection:
        bank, used = _rows(connection)
        for mine in used.values():
            _heaviest(bank, mine, day)
    choosing = time.process_time() - begun
    begun = time.process_time()
    with closing(sqlite3.connect(past)) as connection:
        bank, used = _rows(connection)
        mine = next(iter(used.values()))
        for number in range(_DAYS):
            mine.add(_heaviest(bank, mine, day + timedelta(days=number)))
    return {"choosing": choosing, "year": time.process_time() - begun}


_Bank = list[tuple[str, int, tuple[str, ...]]]


def _rows(connection: sqlite3.Connection) -> tuple[_Bank, dict[int, set[str]]]:
    bank = [
        (key, weight, tuple(json.loads(season)))
        for key, weight, season in connection.execute("SELECT key, weight, season FROM topics")
    ]
    used = defaultdict(set)
    for group_id, key in connection.execute("SELECT group_id, topic_key FROM slots"):
        used[group_id].add(key)
    return bank, used


def _heaviest(bank: _Bank, used: set[str], day: date) -> str:
    fits: dict[tuple[str, ...], bool] = {}
    best, most = "", 0
    for key, weight, season in bank:
        if weight > most and key not in used:
            if season not in fits:
                fits[season] = in_season(season, day)
            if fits[season]:
                best, most = key, weight
    return best


def _inserted(sheet: Path, place: Path) -> float:
    database = _empty(place)
    database.close()
    names = "id, key, title, text, kind, category, tags, stages, goal, season, language, author"
    names += ", source, weight, status, link, picture"
    begun = time.process_time()
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.reader(file)][1:]
    with closing(sqlite3.connect(place / "empty.db")) as connection, connection:
        connection.executemany(
            f"INSERT INTO topics ({names}) VALUES ({', '.join('?' * 17)})",  # noqa: S608 our names
            (
                (
                    number,
                    *row[:4],
                    row[4],
                    *[""] * 3,
                    row[10],
                    "zh",
                    *[""] * 2,
                    1,
                    "approved",
                    "",
                    "",
                )
                for number, row in enumerate(rows)
            ),
        )
    return time.process_time() - begun


def _empty(place: Path) -> Database:
    file = place / "empty.db"
    file.unlink(missing_ok=True)
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    return database


if __name__ == "__main__":
    main()
