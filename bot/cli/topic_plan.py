"""`weilu topics plan` and `weilu topics next`: what will be posted where and when, and why that."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.leaving import leave
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, OnlyGroup, out, reading
from bot.cli.speech import language, tr
from bot.shown import shown
from bot.texts import Language, Text
from handlers.choice import course
from storage.values_of_topics import Bank
from topics.planning import HORIZONS, SKIPPED, Course, Planned, plan
from topics.reasons import told

Days = Annotated[
    int, typer.Option("--days", min=1, max=366, help=tr("往后几天", "so many days ahead"))
]
_WEEKDAYS = tr("周一 周二 周三 周四 周五 周六 周日", "Mon Tue Wed Thu Fri Sat Sun").split()
_UNKNOWN = tr(
    "* 这一年的放假安排还没有公布：节日按法定日期、工作日按周一到周五估计。",
    "* The public holidays of that year have not been published: estimated by law and weekday.",
)
_ON_SILENCE = tr(
    "on_silence 的节目群里冷清时才发，不在这里面。",
    "What on_silence posts when a group is quiet cannot be foreseen.",
)


def plan_(
    *,
    config: ConfigPath = DEFAULT,
    days: Days = 14,
    group: OnlyGroup = None,
    as_json: AsJson = False,
) -> None:
    """Each due time of each programme with its topic and the reasons, by the group's own clock.

    What is measured, pinned, skipped or imported meanwhile changes what comes after it.
    """
    now = datetime.now(UTC)
    with _courses(config, group) as (bank, courses):
        found = [
            each for one in courses for each in plan(bank, one, now, now + timedelta(days=days))
        ]
    _show(found, courses, as_json=as_json)


def next_(
    *, config: ConfigPath = DEFAULT, group: OnlyGroup = None, as_json: AsJson = False
) -> None:
    """The next due time of each programme that is not to be skipped, as in the plan."""
    now = datetime.now(UTC)
    with _courses(config, group) as (bank, courses):
        found = [each for one in courses for each in _first(bank, one, now)]
    _show(found, courses, as_json=as_json)


def _first(bank: Bank, one: Course, now: datetime) -> list[Planned]:
    first: dict[str, Planned] = {}
    for horizon in HORIZONS:
        for each in plan(bank, one, now, now + horizon):
            if each.note is not SKIPPED:
                first.setdefault(each.programme, each)
        if len(first) == len(one.programmes):
            break
    return list(first.values())


@contextlib.contextmanager
def _courses(config: Path, wanted: str | None) -> Iterator[tuple[Bank, list[Course]]]:
    """The bank, and the groups that have programmes; leaves where there is no such group."""
    with reading(config) as (loaded, reports):
        work = reports.stores
        known = [each.group for each in work.groups.all(loaded.account.name)]
        some = [each for each in known if wanted is None or wanted in (each.name, each.id)]
        if wanted is not None and not some:
            raise leave(
                tr(f"没有见过群「{shown(wanted)}」。", f"No group “{shown(wanted)}” has been seen.")
            )
        placed = [(each, settings) for each in some if (settings := loaded.group(each))]
        yield (
            work.topics.bank(),
            [course(work, each, settings) for each, settings in placed if settings.programmes],
        )


def _show(found: Sequence[Planned], courses: Sequence[Course], *, as_json: bool) -> None:
    zones = {
        (one.group, name): zone for one in courses for name, (_, zone) in one.programmes.items()
    }
    rows = [(each, each.at.astimezone(zones[each.group, each.programme])) for each in found]
    if as_json:
        plain = [_plain(each, at) for each, at in rows]
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    for group, some in groupby(rows, lambda row: row[0].group):
        out.print(shown(group.name), markup=False, style="bold")
        for each, at in some:
            _print(each, at)
    if not all(each.known for each in found):
        out.print(_UNKNOWN, markup=False)
    if any(programme.on_silence for one in courses for programme, _ in one.programmes.values()):
        out.print(_ON_SILENCE, markup=False)
    if not courses:
        out.print(
            tr(
                "还没有见过有节目的群：先在配置里写 programmes，再 weilu run。",
                "No group with programmes has been seen yet: write some, then weilu run.",
            )
        )
    elif not found:
        out.print(tr("这段时间没有到点的节目。", "No programme is due in this time."))


def _print(each: Planned, at: datetime) -> None:
    when = f"{at:%m-%d} {_WEEKDAYS[at.weekday()]} {at:%H:%M}{'' if each.known else '*'}"
    title = f"《{each.topic.title}》" if each.topic else ""
    note = f"（{_said(each.note)}）" if each.note else ""
    out.print(shown(f"  {when}  {each.programme}  {title}{note}"), markup=False, soft_wrap=True)
    if each.reasons:
        out.print(shown(f"      {_why(each)}"), markup=False, soft_wrap=True, style="dim")


def _plain(each: Planned, at: datetime) -> dict[str, Any]:
    return {
        "group": each.group.name,
        "programme": each.programme,
        "wall": each.wall,
        "at": at.isoformat(),
        "topic": each.topic.title if each.topic else None,
        "key": each.topic.key if each.topic else None,
        "why": [
            {"points": round(reason.points, 2), "zh": reason.say(), "en": reason.say(Language.EN)}
            for reason in each.reasons
        ],
        "note": _said(each.note) if each.note else "",
        "holidays_known": each.known,
    }


def _why(each: Planned) -> str:
    return told(each.reasons, language())


def _said(text: Text) -> str:
    return text.say(language())
