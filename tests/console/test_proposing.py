from pathlib import Path

import pytest

from bot import config_file
from bot.config import Config
from console.proposing import Checked, Draft, Drafts, OnDisk, State, check

OLD = "account: {name: 围炉}\ngroups:\n  - match: {name: 读书会}\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A config file."""
    path = tmp_path / "config.yaml"
    path.write_text(OLD, "utf-8")
    return path


@pytest.fixture
def running(path: Path) -> Config:
    """What is in force."""
    return config_file.load(path)


def checked(path: Path, running: Config, text: str) -> Checked:
    """A draft, begun long ago."""
    return check(path, Draft(text, "before"), running)


def test_what_would_change(path: Path, running: Config):
    """Line by line, against the file as it is now."""
    found = checked(path, running, OLD.replace("读书会", "跑步") + "language: en\n")

    assert (2, 1, False, ()) == (found.more, found.less, found.same, found.restart)
    assert [
        "@@ -2,3 +2,4 @@",
        " groups:",
        "-  - match: {name: 读书会}",
        "+  - match: {name: 跑步}",
        "+language: en",
        " ",
    ] == list(found.difference)
    assert found.changed_meanwhile


def test_the_same_text(path: Path, running: Config):
    """Nothing differs, nothing is at fault, and nobody has changed anything that matters."""
    found = checked(path, running, OLD)

    assert (True, (), frozenset()) == (found.same, found.difference, found.at_fault)
    assert not found.changed_meanwhile


def test_a_fault_in_its_line(path: Path, running: Config):
    """The line is parted where the fault is."""
    found = checked(path, running, OLD.replace("match", "mitch"))
    (first, *_) = found.faults

    assert None is found.config
    assert 3 in found.at_fault
    assert OLD.split("\n")[2].replace("match", "mitch") == first.before + first.there


def test_a_text_that_is_too_large(path: Path, running: Config):
    """It is not even read."""
    (fault,) = checked(path, running, "#" * (config_file.LARGEST + 1)).faults

    assert "太大" in fault.fault.message


def test_what_is_looked_at_once(path: Path, running: Config):
    """The account, the gateway, the database and the console."""
    more = "storage: {url: 'sqlite:///x.db'}\nconsole: {port: 1}\nlanguage: en\n"

    assert ("storage", "console") == checked(path, running, OLD + more).restart


def test_how_the_file_stands_to_what_is_in_force(path: Path, running: Config):
    """In force; written but not taken up; faulty; in force but for what takes a restart."""
    on_disk = OnDisk()
    states = [on_disk.state(path, running)]
    restart = OLD + "console: {port: 1}\n"
    for text in (OLD + "language: en\n", OLD + "langage: en\n", restart, OLD):
        path.write_text(text, "utf-8")
        states.append(on_disk.state(path, running))

    assert [
        State.IN_FORCE,
        State.WAITING,
        State.FAULTY,
        State.RESTART,
        State.IN_FORCE,
    ] == states


def test_the_newest_drafts_are_kept():
    """Each of its own session, and not without bound."""
    drafts = Drafts()
    for number in range(50):
        drafts.keep(str(number), Draft(str(number), ""))
    drafts.keep("30", Draft("新", ""))

    assert (None, Draft("31", ""), Draft("新", "")) == tuple(map(drafts.of, ("29", "31", "30")))
    drafts.drop("30")
    assert None is drafts.of("30")
