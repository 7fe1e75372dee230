"""`weilu topics import`, `export` and `template`: the bank as files."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import topic_words
from bot.cli.deciding import CLI
from bot.cli.leaving import FAULTY, leave
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, out, reading, working
from bot.cli.speech import tr
from bot.cli.topic_choice import Statuses, Tags, chosen
from bot.shown import shown
from storage.work import Work
from topics.files import Entry, TopicFaults, entries
from topics.importing import Alike, Import, weighed
from topics.template import template
from topics.writing import Unwritable, written

_MOST = 10
"""So many changed or similar topics are listed; the rest is counted."""

NewFile = Annotated[
    Path,
    typer.Argument(
        help=tr("新文件：.yaml、.csv 或 .xlsx", "a new file: .yaml, .csv or .xlsx"),
        show_default=False,
    ),
]


def import_(
    file: Annotated[Path, typer.Argument(help=tr("话题文件", "the file"), show_default=False)],
    config: ConfigPath = DEFAULT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=tr("只看会怎样，什么也不改", "look, change nothing"))
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=tr("不再询问", "do not ask"))] = False,
    as_json: AsJson = False,
) -> None:
    """All or nothing: a faulty file imports no topic, and every fault is named with its place."""
    try:
        found = entries(file)
        if dry_run or _asks(yes=yes or as_json):
            with working(config) as (_, work):
                plan = weighed(file, found, work.topics.all())
            _tell(plan, as_json=as_json)
            if dry_run or not plan.topics:
                return
            if not typer.confirm(tr("导入吗？", "Import?")):
                raise leave(tr("什么也没有动。", "Nothing was touched."))
            _import(file, found, config, plan)
        else:
            _tell(_import(file, found, config), as_json=as_json)
    except TopicFaults as faults:
        raise leave(str(faults), FAULTY) from None
    if not as_json:
        out.print(tr("导入完成。", "Imported."))


def export(
    file: NewFile,
    config: ConfigPath = DEFAULT,
    status: Statuses = None,
    tag: Tags = None,
) -> None:
    """What is exported can be edited and imported again: topics are known by their keys."""
    with reading(config) as (_, reports):
        topics = chosen(reports.topics(everything=True), status, tag)
    if not topics:
        raise leave(tr("没有可以导出的话题。", "There is no topic to export."))
    try:
        _write(file, written(topics, file.suffix))
    except Unwritable as trouble:
        raise leave(str(trouble), FAULTY) from None
    said = tr(f"已把 {len(topics)} 个话题写到", f"{len(topics)} topics written to")
    out.print(f"{said} {shown(str(file))}", markup=False)


def template_(file: NewFile) -> None:
    """Headings, two examples, and what each column is for."""
    try:
        _write(file, template(file.suffix))
    except Unwritable as trouble:
        raise leave(str(trouble), FAULTY) from None
    said = tr(
        f"模板已写到 {file}：填好后 weilu topics import {file}",
        f"The template is {file}: fill it in, then weilu topics import {file}",
    )
    out.print(shown(said), markup=False)


def _asks(*, yes: bool) -> bool:
    return not yes and sys.stdin.isatty()


def _import(
    file: Path, found: tuple[Entry, ...], config: Path, expected: Import | None = None
) -> Import:
    """Do it, unless the bank is another one by now than was looked at."""
    with working(config) as (_, work):
        plan = weighed(file, found, work.topics.all())
        if expected is not None and plan != expected:
            raise leave(
                tr(
                    "话题库刚刚被别人改动，什么也没有导入：请再来一次。",
                    "Somebody has just changed the bank, nothing was imported: please try again.",
                )
            )
        _keep(work, plan)
    return plan


def _keep(work: Work, plan: Import) -> None:
    work.topics.keep(plan.topics, CLI, datetime.now(UTC))
    work.commit()


def _tell(plan: Import, *, as_json: bool) -> None:
    """What an import does, in a few lines or as JSON."""
    if as_json:
        typer.echo(json.dumps(_json(plan), ensure_ascii=False))
        return
    new, changed, same = len(plan.new), len(plan.changed), plan.unchanged
    out.print(
        tr(
            f"新增 {new} 个话题，更新 {changed} 个，{same} 个不变。",
            f"{new} new topics, {changed} updated, {same} unchanged.",
        )
    )
    _list([_changed(each.after.title, each.names) for each in plan.changed])
    if plan.alike:
        out.print(
            tr(
                f"{len(plan.alike)} 个和别的话题很像，看看是不是重了：",
                f"{len(plan.alike)} are much like another topic; are they the same?",
            ),
            style="yellow",
        )
    _list([_likened(each) for each in plan.alike])


def _likened(each: Alike) -> str:
    place = tr(f"第 {each.line} 行", f"line {each.line}")
    other = f"「{each.other.title}」（{each.other.key}）"
    return f"{place}「{each.topic.title}」≈{other}：{each.likeness.value}"


def _changed(title: str, names: tuple[str, ...]) -> str:
    fields = "、".join(map(topic_words.field, names))
    return f"{tr('更新', 'updated')}「{title}」：{fields}"


def _list(lines: list[str]) -> None:
    for line in lines[:_MOST]:
        out.print(f"  {shown(line)}", markup=False)
    if len(lines) > _MOST:
        rest = len(lines) - _MOST
        out.print(tr(f"  另有 {rest} 个", f"  and {rest} more"))


def _json(plan: Import) -> dict[str, object]:
    return {
        "new": len(plan.new),
        "updated": len(plan.changed),
        "unchanged": plan.unchanged,
        "alike": [
            {
                "line": each.line,
                "key": each.topic.key,
                "other": each.other.key,
                "likeness": each.likeness.name.lower(),
            }
            for each in plan.alike
        ],
    }


def _write(file: Path, content: bytes) -> None:
    """Into a file that is not there yet."""
    try:
        with file.open("xb") as opened:
            opened.write(content)
    except OSError as trouble:
        raise leave(
            tr(
                f"写不了 {file}：{trouble.strerror}。换一个不存在的文件名。",
                f"Cannot write {file}: {trouble.strerror}. Name a file that does not exist.",
            )
        ) from None
