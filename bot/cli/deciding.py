"""Decisions taken at the machine: the same functions as in the chat and the console."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.leaving import leave
from bot.cli.opening import out, working
from bot.cli.speech import language
from bot.config import Config
from bot.gateway.base import Capability
from bot.shown import shown
from handlers.scene import Scene
from handlers.verdicts import Verdict
from storage.work import Work

CLI = "weilu cli"
"""Who acts, where it is the command line."""


def scene_of(loaded: Config, work: Work) -> Scene:
    """The surroundings of a decision that is taken at the machine, now."""
    known = [each.group for each in work.groups.all(loaded.account.name)]
    return Scene(
        work=work,
        house=loaded.house(known),
        group=None,
        now=datetime.now(UTC),
        me=None,
        # Else the outbox says so.
        capabilities=frozenset({Capability.SPEAK_IN_PRIVATE, Capability.SEND_PICTURE}),
        settings=loaded.group,
    )


def decide(config: Path, decision: Callable[[Scene], Verdict]) -> None:
    """Commit the decision with what follows from it, and tell its verdict; leaves if it is a no."""
    with working(config) as (loaded, work):
        scene = scene_of(loaded, work)
        verdict = decision(scene)
        work.outbox.put(verdict.actions, scene.now)
        work.commit()
        told = shown(verdict.say(language()))
    if not verdict.done:
        raise leave(told)
    out.print(told, markup=False)
