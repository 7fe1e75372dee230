"""`weilu rules replay`: recorded history through the rules in force and through proposed ones."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from bot.cli import replay_report
from bot.cli.leaving import FAULTY, leave, read_config
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, OnlyGroup, err, reading
from bot.cli.since import Since, length
from bot.cli.speech import tr
from bot.config import Config
from bot.shown import shown
from handlers.granted import granted
from handlers.history import PORTION, History, InForce, history
from handlers.rehearsing import Rehearsal
from handlers.replaying import Replay
from storage.reports import Reports

STOPPED = 130
"""Exit status after Ctrl-C, as a shell has it."""


def replay(
    *,
    config: ConfigPath = DEFAULT,
    since: Since = "30d",
    proposed: Annotated[
        Path | None,
        typer.Option(
            "--with",
            help=tr("改过的配置文件，与现在的比较", "an edited config, compared with this one"),
            metavar="FILE",
        ),
    ] = None,
    group: OnlyGroup = None,
    examples: Annotated[
        int,
        typer.Option(
            "--examples", min=0, max=1000, help=tr("每条规则举几个例子", "examples for each rule")
        ),
    ] = 3,
    as_json: AsJson = False,
) -> None:
    """Reads only. Without --with: what the rules as they are now would have found."""
    start = datetime.now(UTC) - length(since)
    new = read_config(_there(proposed)) if proposed else None
    with reading(config) as (current, reports):
        sides = [current.group, *([new.group] if new else [])]
        said = _history(reports, group, start, sides)
        operators = _operators(reports, current) | (_operators(reports, new) if new else set())
        given = granted(reports, current.account.name)
        before = Rehearsal(current.group, operators, given) if new else None
        after = Rehearsal((new or current).group, operators, given)
        run = Replay(before, after, start, examples)
        whole = _run(run, said)
    if as_json:
        plain = replay_report.plain(run, start, whole=whole)
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        replay_report.show(run, start, current.time_zone, whole=whole)
    if not whole:
        raise typer.Exit(STOPPED)


def _there(proposed: Path) -> Path:
    if not proposed.exists():
        name = shown(str(proposed))
        raise leave(
            tr(
                f"--with {name}：没有这个文件。把 config.yaml 另存为一份，改好后写它的名字。",
                f"--with {name}: no such file. Save config.yaml under another name, edit that, and"
                " name it here.",
            ),
            FAULTY,
        )
    return proposed


def _run(run: Replay, said: History) -> bool:
    """Hear everything, oldest first; False where Ctrl-C ended it before."""
    try:
        with _progress(said.total()) as tick:
            said.tell(run, tick)
    except KeyboardInterrupt:
        return False
    return True


def _progress(total: int) -> AbstractContextManager[Callable[[], None]]:
    """Counts on a terminal; elsewhere nothing is shown."""
    return _Bar(total) if err.is_terminal else nullcontext(_nothing)


class _Bar:
    """A bar that is told of every portion of messages: to be told of each would cost more."""

    def __init__(self, total: int) -> None:
        self._bar = Progress(console=err, transient=True)
        self._task = self._bar.add_task(tr("重放", "replaying"), total=total)
        self._heard = 0

    def __enter__(self) -> Callable[[], None]:
        self._bar.start()
        return self._tick

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _tick(self) -> None:
        self._heard += 1
        if self._heard % PORTION == 0:
            self._bar.update(self._task, completed=self._heard)


def _nothing() -> None:
    """No terminal, no progress."""


def _history(
    reports: Reports, name: str | None, start: datetime, sides: Sequence[InForce]
) -> History:
    """Of the groups that are meant and that one of the configs looks after."""
    known = [each.group for each in reports.groups()]
    meant = [each for each in known if name is None or name in (each.name, each.id)]
    if name is not None and not meant:
        raise leave(
            tr(f"没有见过群「{shown(name)}」。", f"No group “{shown(name)}” has been seen.")
        )
    found = history(reports, meant, start, *sides)
    if not found.groups:
        raise leave(
            tr(
                "没有可重放的：这里还没有记录过哪个群的消息。",
                "Nothing to replay: no message of a group has been recorded here yet.",
            )
        )
    return found


def _operators(reports: Reports, config: Config) -> set[str]:
    """Ids of those whom no rule touches."""
    named = {one.id for one in config.people()}
    return named | {one.id for one in reports.operators(config.account.name)}
