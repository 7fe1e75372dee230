"""`weilu topics`: the bank."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from bot.cli import frame, topic_files, topic_plan, topic_slots, topic_words
from bot.cli.deciding import CLI, scene_of
from bot.cli.leaving import leave
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, out, reading, working
from bot.cli.speech import tr
from bot.cli.topic_choice import Statuses, Tags, chosen, named
from bot.shown import shown
from handlers.bank_changes import restatus
from handlers.scene import Scene
from storage.values import Topic, TopicStatus
from storage.values_of_topics import TopicChange
from topics.fields import COLUMNS
from topics.life import WrongStep, moved

app = frame.new()
app.command("import", help=tr("从文件导入话题（YAML、CSV、XLSX）", "import YAML, CSV or XLSX"))(
    topic_files.import_
)
app.command("export", help=tr("把话题导出到文件", "export topics to a file"))(topic_files.export)
app.command("template", help=tr("写一个可填的模板", "write a template to fill in"))(
    topic_files.template_
)
topic_slots.register(app)
app.command("plan", help=tr("接下来两周各群会发什么、为什么", "what will be posted, and why"))(
    topic_plan.plan_
)
app.command("next", help=tr("各群接下来会发哪个话题", "which topic comes next in each group"))(
    topic_plan.next_
)
Everything = Annotated[
    bool, typer.Option("--all", help=tr("也列出不在用的话题", "topics out of use too"))
]
Keys = Annotated[
    list[str], typer.Argument(help=tr("代号或标题", "keys or titles"), show_default=False)
]
Key = Annotated[str, typer.Argument(help=tr("代号或标题", "its key or title"), show_default=False)]


@app.command("list", help=tr("列出话题", "list the topics"))
def list_(
    config: ConfigPath = DEFAULT,
    everything: Everything = False,
    status: Statuses = None,
    tag: Tags = None,
    as_json: AsJson = False,
) -> None:
    """The bank as a table, or as JSON with every field; what is in use, unless asked for more."""
    with reading(config) as (_, reports):
        topics = reports.topics(everything=everything or bool(status))
    some = chosen(topics, status, tag)
    if as_json:
        typer.echo(json.dumps([asdict(topic) for topic in some], ensure_ascii=False, indent=2))
    elif some:
        out.print(_table(some))
    elif topics:
        out.print(tr("没有这样的话题。", "There is no such topic."))
    else:
        out.print(
            tr(
                "话题库还是空的：weilu topics import topics/starter.yaml",
                "The bank is empty: weilu topics import topics/starter.yaml",
            )
        )


@app.command("show", help=tr("一个话题的全部，和它的历史", "all of a topic, and its history"))
def show(key: Key, config: ConfigPath = DEFAULT, as_json: AsJson = False) -> None:
    """Every field, then who changed what and when, by the clock of the config."""
    with working(config) as (loaded, work):
        (topic,) = named(work.topics.all(), [key])
        history = work.topics.history(topic.key)
    if as_json:
        told = asdict(topic) | {"history": [_plain(change) for change in history]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for name in COLUMNS:
        if value := getattr(topic, name):
            said = "、".join(value) if isinstance(value, tuple) else str(value)
            out.print(
                shown(f"{topic_words.field(name)}：{topic_words.value(name, said)}"), markup=False
            )
    for change in history:
        at = change.at.astimezone(loaded.time_zone)
        out.print(shown(f"{at:%Y-%m-%d %H:%M}  {_who(change)}  {_what(change)}"), markup=False)


@app.command("approve", help=tr("通过：可以发了", "may be posted"))
def approve(keys: Keys, config: ConfigPath = DEFAULT) -> None:
    """Proposals, and topics that have rested. All of those named, or none."""
    _move(keys, TopicStatus.APPROVED, config)


@app.command("rest", help=tr("休息：暂时不发", "not to be posted for a while"))
def rest(keys: Keys, config: ConfigPath = DEFAULT) -> None:
    """Until they are approved again. All of those named, or none."""
    _move(keys, TopicStatus.RESTING, config)


@app.command("retire", help=tr("停用：不再发了（不可恢复）", "never to be posted again"))
def retire(keys: Keys, config: ConfigPath = DEFAULT) -> None:
    """For good; a proposal that is declined as well. All of those named, or none."""
    _move(keys, TopicStatus.RETIRED, config)


def _move(keys: list[str], status: TopicStatus, config: ConfigPath) -> None:
    with working(config) as (loaded, work):
        topics = named(work.topics.all(), keys)
        _refuse_wrong_steps(topics, status)
        scene = scene_of(loaded, work)
        count = sum(_moved(topic, status, scene) for topic in topics if topic.status is not status)
        work.commit()
    word = topic_words.value("status", status)
    out.print(
        tr(
            f"{count} 个话题改成了「{word}」，{len(topics) - count} 个本来就是。",
            f"{count} topics are {word} now, {len(topics) - count} were before.",
        )
    )


def _moved(topic: Topic, status: TopicStatus, scene: Scene) -> bool:
    """As in the chat and in the console: whoever proposed it is thanked."""
    verdict = restatus(scene, topic.key, status, CLI)
    scene.work.outbox.put(verdict.actions, scene.now)
    return verdict.done


def _refuse_wrong_steps(topics: Sequence[Topic], status: TopicStatus) -> None:
    wrong = []
    for topic in topics:
        try:
            moved(topic.status, status)
        except WrongStep as step:
            wrong.append(shown(f"{topic.key} {topic.title}：{step}"))
    if wrong:
        raise leave("\n".join(wrong))


def _table(topics: list[Topic]) -> Table:
    key = Column(tr("代号", "key"), overflow="fold")  # what other commands take is never cut
    names = ("title", "kind", "category", "tags", "status")
    table = Table(key, *(topic_words.field(name) for name in names))
    for topic in topics:
        values = (topic.title, topic.kind, topic.category, "、".join(topic.tags), topic.status)
        words = map(topic_words.value, names, values)
        table.add_row(*(Text(shown(cell)) for cell in (topic.key, *words)))
    return table


def _who(change: TopicChange) -> str:
    by = change.by if isinstance(change.by, str) else change.by.name
    return by or tr("（已删除）", "(deleted)")


def _what(change: TopicChange) -> str:
    if not change.changed:
        return tr("加入", "added")
    steps = []
    for name, values in change.changed.items():
        was, now = (topic_words.value(name, str(each)) for each in values)
        steps.append(f"{topic_words.field(name)} {was} → {now}")
    return "；".join(steps)


def _plain(change: TopicChange) -> dict[str, object]:
    return {"at": change.at.isoformat(), "by": _who(change), "changed": dict(change.changed)}
