"""`weilu topics`: the bank."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track
from rich.table import Table
from rich.text import Text

from bot.cli import frame
from bot.cli.opening import DEFAULT, FAULTY, AsJson, ConfigPath, err, leave, out, reading, working
from bot.cli.speech import tr
from bot.shown import shown
from storage.values import Topic
from topics.bank import choose
from topics.files import TopicFaults, read

app = frame.new()
Everything = Annotated[
    bool, typer.Option("--all", help=tr("也列出不在用的话题", "topics out of use too"))
]


@app.command("import", help=tr("从文件导入话题（YAML、CSV、XLSX）", "import YAML, CSV or XLSX"))
def import_(
    file: Annotated[Path, typer.Argument(help=tr("话题文件", "the file"), show_default=False)],
    config: ConfigPath = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """All or nothing: a faulty file imports no topic, and every fault is named with its place."""
    try:
        topics = read(file)
    except TopicFaults as faults:
        raise leave(str(faults), FAULTY) from None
    with working(config) as (_, work):
        counted = track(topics, tr("导入", "importing"), console=err, transient=True)
        new = sum(work.topics.put(topic) for topic in counted)
        work.commit()
    counts = {"new": new, "updated": len(topics) - new}
    if as_json:
        typer.echo(json.dumps(counts))
        return
    out.print(
        tr(
            f"导入完成：新增 {new} 个话题，更新 {len(topics) - new} 个。",
            f"Imported: {new} new topics, {len(topics) - new} updated.",
        )
    )


@app.command("list", help=tr("列出话题", "list the topics"))
def list_(
    config: ConfigPath = DEFAULT,
    everything: Everything = False,
    as_json: AsJson = False,
) -> None:
    """The bank as a table, or as JSON with every field."""
    with reading(config) as (_, reports):
        topics = reports.topics(everything=everything)
    if as_json:
        typer.echo(json.dumps([asdict(topic) for topic in topics], ensure_ascii=False, indent=2))
        return
    if not topics:
        out.print(
            tr(
                "话题库还是空的：weilu topics import topics/starter.yaml",
                "The bank is empty: weilu topics import topics/starter.yaml",
            )
        )
        return
    out.print(_table(topics))


@app.command("next", help=tr("各群接下来会发哪个话题", "which topic comes next in each group"))
def next_(config: ConfigPath = DEFAULT, as_json: AsJson = False) -> None:
    """What each programme of each known group would post if it were due now."""
    rows = []
    with working(config) as (loaded, work):
        for known in work.groups.all(loaded.account.name):
            settings = loaded.group(known.group)
            for name, programme in settings.programmes.items() if settings else ():
                topic = choose(work.topics.unused(known.group), programme)
                title = topic.title if topic else None
                rows.append({"group": known.group.name, "programme": name, "topic": title})
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        title = row["topic"] or tr("没有合适的话题了", "no topic left that fits")
        out.print(shown(f"{row['group']} · {row['programme']}：{title}"), markup=False)
    if not rows:
        out.print(
            tr(
                "还没有见过配置里写到的群：先 weilu run。",
                "No group that the config names has been seen yet: weilu run first.",
            )
        )


def _table(topics: list[Topic]) -> Table:
    heads = (
        tr("代号", "key"),
        tr("标题", "title"),
        tr("类型", "kind"),
        tr("分类", "category"),
        tr("状态", "status"),
    )
    table = Table(*heads)
    for topic in topics:
        row = (topic.key, topic.title, topic.kind.value, topic.category, topic.status.value)
        table.add_row(*(Text(shown(cell)) for cell in row))
    return table
