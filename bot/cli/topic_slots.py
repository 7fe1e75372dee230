"""`weilu topics slots, skip, pin, move, …`: the same decisions as in the chat, at the machine."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Column, Table
from rich.text import Text as Rich

from bot.cli import words
from bot.cli.deciding import CLI, decide, scene_of
from bot.cli.leaving import leave
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, out, working
from bot.cli.speech import language, tr
from bot.events import Group
from bot.frozen import frozen
from bot.shown import shown
from bot.texts import Text
from handlers import arranging, topic_places
from handlers.coming import places, zone_of
from handlers.delivering import number_of
from handlers.scene import Scene
from handlers.topic_lists import ZONE
from handlers.topic_places import Place
from handlers.verdicts import Verdict
from storage.values import Slot, Topic
from topics.moments import moment

OfGroup = Annotated[
    str | None,
    typer.Option(
        "--group",
        "-g",
        help=tr("哪个群；只有一个有节目时可不写", "which group; not needed where only one has any"),
        show_default=False,
    ),
]
Programme = Annotated[
    str, typer.Option("--programme", "-p", help=tr("哪个节目", "which programme"))
]
Number = Annotated[
    int, typer.Argument(help=tr("编号，见 slots", "its number, see slots"), show_default=False)
]
Title = Annotated[str, typer.Argument(help=tr("标题或代号", "a title or key"), show_default=False)]
Perhaps = Annotated[
    str | None, typer.Argument(help=tr("标题或代号", "a title or key"), show_default=False)
]
When = Annotated[
    str, typer.Argument(help=tr("如 明天 9:00", "like “tomorrow 9:00”"), show_default=False)
]
OfSlot = Annotated[
    int, typer.Option("--slot", "-s", help=tr("编号；不写就是下一个", "its number; else the next"))
]
_MOST = 50
T = TypeVar("T", Slot, Topic, list[Place])


@frozen
class _Desk:
    """The surroundings of a decision, and what is asked of them."""

    scene: Scene

    def place(self, name: str | None) -> Place:
        """The group of that name, or the only one with a programme."""
        every = places(self.scene)
        if name:
            named = [place for place in every if name in (place[0].name, place[0].id)]
            return _found(named or topic_places.which(every))[0]
        some, _ = topic_places.where("", None, self.scene)
        return _found(some)[0]

    def slot(self, number: int) -> Slot:
        """The newest with that number."""
        return _found(topic_places.slot(number, self.scene))

    def topic(self, title: str) -> Topic:
        """By its key or title."""
        return _found(topic_places.topic(title, self.scene))


def register(app: typer.Typer) -> None:
    """Add these commands to `weilu topics`."""
    for name, zh, en, command in _COMMANDS:
        app.command(name, help=tr(zh, en))(command)


def slots(config: ConfigPath = DEFAULT, group: OfGroup = None, as_json: AsJson = False) -> None:
    """The newest due times, what became of each, and why."""
    with _desk(config) as desk:
        of = desk.place(group)[0] if group else None
        some = desk.scene.work.slots.list(of, _MOST)
        titles = {topic.key: topic.title for topic in desk.scene.work.topics.all()}
        rows = [_plain(slot, titles, desk.scene) for slot in some]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif rows:
        out.print(_table(some, rows))
    else:
        out.print(tr("还没有到过点。", "Nothing has been due yet."))


def skip(config: ConfigPath = DEFAULT, group: OfGroup = None, programme: Programme = "") -> None:
    """The next due time is left out."""
    _decide(config, lambda desk: arranging.skip(desk.scene, *desk.place(group), CLI, programme))


def pin(
    title: Title, config: ConfigPath = DEFAULT, group: OfGroup = None, programme: Programme = ""
) -> None:
    """The next due time gets this topic."""
    _decide(
        config,
        lambda desk: arranging.pin(
            desk.scene, *desk.place(group), desk.topic(title), CLI, programme
        ),
    )


def move(
    when: When,
    config: ConfigPath = DEFAULT,
    group: OfGroup = None,
    programme: Programme = "",
    slot: OfSlot = 0,
) -> None:
    """The next due time, or a post that waits, becomes due at another moment."""

    def decide(desk: _Desk) -> Verdict:
        if slot:
            found = desk.slot(slot)
            to = _moment(when, desk.scene, found.group, found.programme)
            return arranging.move_slot(desk.scene, found, to, CLI)
        place, settings = desk.place(group)
        to = _moment(when, desk.scene, place, programme)
        return arranging.move(desk.scene, place, settings, to, CLI, programme)

    _decide(config, decide)


def pause(config: ConfigPath = DEFAULT, group: OfGroup = None, programme: Programme = "") -> None:
    """Nothing is posted until it is resumed."""
    _decide(config, lambda desk: arranging.pause(desk.scene, *desk.place(group), CLI, programme))


def resume(config: ConfigPath = DEFAULT, group: OfGroup = None, programme: Programme = "") -> None:
    """Topics are posted again."""
    _decide(config, lambda desk: arranging.resume(desk.scene, *desk.place(group), CLI, programme))


def now(
    title: Perhaps = None,
    config: ConfigPath = DEFAULT,
    group: OfGroup = None,
    programme: Programme = "",
) -> None:
    """A post at once, of this topic or of the best one."""
    _decide(
        config,
        lambda desk: arranging.post_now(
            desk.scene,
            *desk.place(group),
            CLI,
            programme,
            desk.topic(title) if title else None,
        ),
    )


def cancel(number: Number, config: ConfigPath = DEFAULT) -> None:
    """A post that waits never will be."""
    _decide(config, lambda desk: arranging.cancel(desk.scene, desk.slot(number), CLI))


def resend(number: Number, config: ConfigPath = DEFAULT) -> None:
    """What failed, was skipped or is in doubt is posted after all: look into the group first."""
    _decide(config, lambda desk: arranging.resend(desk.scene, desk.slot(number), CLI))


_COMMANDS: tuple[tuple[str, str, str, Callable[..., None]], ...] = (
    ("slots", "每次到点的状态", "what became of each due time", slots),
    ("skip", "下一次不发", "leave the next one out", skip),
    ("pin", "下一次发指定的话题", "choose the next topic", pin),
    ("move", "移到别的时间", "move a post to another time", move),
    ("pause", "暂停", "post nothing for a while", pause),
    ("resume", "恢复", "go on posting", resume),
    ("now", "现在就发一个", "post one now", now),
    ("cancel", "取消还没发的", "cancel a post that waits", cancel),
    ("resend", "重发一次", "send a post again", resend),
)


@contextmanager
def _desk(config: Path) -> Iterator[_Desk]:
    with working(config) as (loaded, work):
        yield _Desk(scene_of(loaded, work))


def _decide(config: Path, decision: Callable[[_Desk], Verdict]) -> None:
    decide(config, lambda scene: decision(_Desk(scene)))


def _moment(when: str, scene: Scene, group: Group, programme: str) -> datetime:
    settings = scene.settings(group)
    try:
        return moment(when, scene.now, zone_of(settings, programme) if settings else ZONE)
    except ValueError as fault:
        raise leave(str(fault)) from None


def _plain(slot: Slot, titles: Mapping[str, str], scene: Scene) -> dict[str, object]:
    settings = scene.settings(slot.group)
    zone = zone_of(settings, slot.programme) if settings else ZONE
    return {
        "number": number_of(slot),
        "group": slot.group.name,
        "programme": slot.programme,
        "due_at": slot.due_at.astimezone(zone).isoformat(timespec="minutes"),
        "topic": slot.topic_key,
        "title": titles.get(slot.topic_key, ""),
        "state": slot.state.value,
        "reason": slot.reason,
        "why": slot.why,
    }


def _table(some: list[Slot], rows: list[dict[str, object]]) -> Table:
    number = Column("#", min_width=5)
    heads = (
        tr("时间", "when"),
        tr("群", "group"),
        tr("节目", "programme"),
        tr("话题", "topic"),
        tr("状态", "state"),
        tr("原因", "reason"),
    )
    table = Table(number, *(Column(head, overflow="fold") for head in heads))
    for slot, row in zip(some, rows, strict=True):
        when = str(row["due_at"])[:16].replace("T", " ")
        state = words.slot(slot.state)
        named = (number_of(slot), when, slot.group.name, slot.programme, str(row["title"]))
        table.add_row(*(Rich(shown(cell)) for cell in (*named, state, slot.reason or slot.why)))
    return table


def _found(found: T | Text) -> T:
    if isinstance(found, Text):
        raise leave(_say(found))
    return found


def _say(text: Text) -> str:
    return shown(text.say(language()))
