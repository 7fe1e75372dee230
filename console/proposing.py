"""A config that somebody is writing: held against the one on the disk and the one in force."""

import difflib
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path

from bot import config_edit
from bot.config import Config
from bot.config_file import LARGEST, parse
from bot.faults import ConfigFaults, Fault
from bot.frozen import frozen

_DRAFTS = 20
"""So many drafts are kept, the newest: one for each admin who is signed in."""
_MOST_LINES = 200
"""Of a difference so many lines are shown."""


@frozen
class Draft:
    """What somebody typed, and the digest of the file that they began from."""

    text: str
    began_from: str


class Drafts:
    """What each session has typed and not loaded yet, so that going to another page loses nothing.

    Kept in memory only.
    """

    def __init__(self) -> None:
        self._drafts: dict[str, Draft] = {}

    def keep(self, session: str, draft: Draft) -> None:
        """The newest of this session."""
        self._drafts.pop(session, None)
        self._drafts[session] = draft
        while len(self._drafts) > _DRAFTS:
            del self._drafts[next(iter(self._drafts))]

    def of(self, session: str) -> Draft | None:
        """What this session typed last."""
        return self._drafts.get(session)

    def drop(self, session: str) -> None:
        """It was loaded, or is not wanted any more."""
        self._drafts.pop(session, None)


@frozen
class Marked:
    """A fault with the line it is in, up to where it is and from there on."""

    fault: Fault
    before: str
    there: str


@frozen
class Checked:
    """What a draft comes to: its faults or its config, and what loading it would do to the file.

    `difference` are lines with `+`, `-`, ` ` or `@` before them, at most some; `more` and `less`
    count all that would come and go. `on_disk` is the digest of the file as it is now, from which a
    draft with the same text begins as well. `restart` names the parts that take effect after a
    restart only.
    """

    draft: Draft
    faults: tuple[Marked, ...]
    config: Config | None
    on_disk: str
    difference: tuple[str, ...]
    more: int
    less: int
    restart: tuple[str, ...]

    @property
    def lines(self) -> int:
        """How many lines the draft has."""
        return self.draft.text.count("\n") + 1

    @property
    def at_fault(self) -> frozenset[int]:
        """The numbers of the lines that are marked."""
        return frozenset(each.fault.line for each in self.faults)

    @property
    def changed_meanwhile(self) -> bool:
        """Whether somebody else has changed the file since."""
        return self.on_disk != self.draft.began_from

    @property
    def same(self) -> bool:
        """Whether the file holds exactly this."""
        return not (self.more or self.less)

    @property
    def changes(self) -> str:
        """What would change, in a few words for the audit trail."""
        return f"+{self.more} -{self.less} 行 lines"


def check(path: Path, draft: Draft, running: Config) -> Checked:
    """Takes as long as reading a config does: call it in a thread.

    Raises ConfigFaults where the file itself cannot be read.
    """
    now = config_edit.written(path)
    if draft.text == now.text:  # whatever it began from: loading it would change nothing
        draft = replace(draft, began_from=now.digest)
    config, faults = _parsed(path, draft.text)
    lines = draft.text.split("\n")
    difference = list(_difference(now.text, draft.text))
    return Checked(
        draft=draft,
        faults=tuple(_marked(each, lines) for each in faults),
        config=config,
        on_disk=now.digest,
        difference=tuple(difference[:_MOST_LINES]),
        more=sum(line[0] == "+" for line in difference),
        less=sum(line[0] == "-" for line in difference),
        restart=config.needs_restart(running) if config else (),
    )


class State(Enum):
    """How the file stands to what is in force."""

    IN_FORCE = "in force"
    WAITING = "waiting"
    """It was just written: the watcher takes it up after two looks."""
    RESTART = "restart"
    """In force but for the parts that are looked at when Weilu starts."""
    FAULTY = "faulty"
    """Nothing of it is taken up."""


class OnDisk:
    """The file as it was last read: it is parsed once for each state of it."""

    def __init__(self) -> None:
        self._last: tuple[str, Config | None] = ("", None)

    def state(self, path: Path, running: Config) -> State:
        """Takes a while after an edit: call it in a thread. Raises ConfigFaults if unreadable."""
        now = config_edit.written(path)
        digest, config = self._last
        if digest != now.digest:
            config, _ = _parsed(path, now.text)
            self._last = (now.digest, config)
        if config is None:
            return State.FAULTY
        if config == running:
            return State.IN_FORCE
        return State.RESTART if config.as_running(running) == running else State.WAITING


def _parsed(path: Path, text: str) -> tuple[Config | None, tuple[Fault, ...]]:
    content = text.encode(errors="replace")
    if len(content) > LARGEST:
        said = f"超过 {LARGEST // 1024} KiB，太大了 this is too large"
        return None, (Fault(str(path), 0, 0, "", said),)
    try:
        return parse(content, str(path), ready=False), ()
    except ConfigFaults as wrong:
        return None, wrong.faults


def _marked(fault: Fault, lines: list[str]) -> Marked:
    line = lines[fault.line - 1] if 0 < fault.line <= len(lines) else ""
    column = max(fault.column - 1, 0)
    return Marked(fault, line[:column], line[column:])


def _difference(before: str, after: str) -> Iterator[str]:
    found = difflib.unified_diff(before.split("\n"), after.split("\n"), n=1, lineterm="")
    for number, line in enumerate(found):
        if number > 1:  # the first two lines name files
            yield line
