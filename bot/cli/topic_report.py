"""`weilu report topics`: what the posts of each group brought about, and what works there."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import typer

from bot.cli.leaving import leave
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, OnlyGroup, out, reading
from bot.cli.since import Since, length
from bot.cli.speech import language, tr
from bot.events import Group
from bot.shown import shown
from handlers.effects_told import lines
from handlers.settings import GroupSettings
from topics.worked import Tally, Worked, differ, worked


def report_topics(
    *,
    config: ConfigPath = DEFAULT,
    since: Since = "180d",
    group: OnlyGroup = None,
    as_json: AsJson = False,
) -> None:
    """Group by group: best and flattest topics, kinds, tags, hours; small samples said plainly.

    Groups without programmes and posts are left out unless one is asked for.
    """
    start = datetime.now(UTC) - length(since)
    with reading(config) as (loaded, reports):
        known = [one.group for one in reports.groups() if one.managed]
        wanted = [one for one in known if group is None or group in (one.name, one.id)]
        every = [
            (one, settings, worked(reports.effects(one, start), settings.time_zone))
            for one in wanted
            for settings in [loaded.group(one) or GroupSettings()]
        ]
    found = [
        (one, settings.time_zone, each)
        for one, settings, each in every
        if each is not None or settings.programmes or group is not None
    ]
    if group is not None and not wanted:
        raise leave(
            tr(f"没有见过群「{shown(group)}」。", f"No group “{shown(group)}” has been seen.")
        )
    if as_json:
        plain = [_plain(one, each) for one, _, each in found]
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    for one, zone, each in found:
        for place, line in enumerate(lines(one, each, zone)):
            words = shown(line.say(language()))
            out.print(words, markup=False, soft_wrap=True, style=None if place else "bold")
    if not found:
        out.print(
            tr(
                "还没有见过有节目的群：先 weilu run。",
                "No group with programmes has been seen yet: weilu run first.",
            )
        )


def _plain(group: Group, found: Worked | None) -> dict[str, Any]:
    if found is None:
        return {"group": group.name, "posts": 0}
    return {
        "group": group.name,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        **_counts(found.all),
        "answered": found.answered,
        "first_timers": found.first_timers,
        "first_after": found.first_after.total_seconds() if found.first_after else None,
        "drift": found.drift,
        **{
            name: [{"name": each.name, **_counts(each)} for each in getattr(found, name)]
            for name in ("topics", "tags", "hours")
        },
        "kinds": _pair("universal", "professional", found),
        "casting": _pair("cast", "uncast", found),
    }


def _pair(one: str, other: str, found: Worked) -> dict[str, Any]:
    sides: dict[str, Tally] = {name: getattr(found, name) for name in (one, other)}
    return {
        **{name: _counts(each) for name, each in sides.items()},
        "differ": differ(*sides.values()),
    }


def _counts(tally: Tally) -> dict[str, Any]:
    counts = {name: value for name, value in asdict(tally).items() if name not in ("name", "error")}
    return {**counts, "few": tally.few}
