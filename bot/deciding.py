"""A decision made outside the chat, on its way through the pipeline like an event."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from handlers.scene import Scene
from handlers.verdicts import Verdict


class Undecided(RuntimeError):  # noqa: N818 - it is told to whoever decided
    """The decision failed and was undone, or Weilu is stopping; the log says why."""


@dataclass(slots=True)
class Deciding:
    """`decide` is run with the surroundings of its batch; `told` gets the verdict once committed.

    If the batch is run again, so is the decision: the last verdict counts.
    """

    decide: Callable[[Scene], Verdict]
    told: "asyncio.Future[Verdict]"
    verdict: Verdict | None = None

    def go(self, scene: Scene) -> bool:
        """In the writer's thread: whether anything is to be done because of it."""
        self.verdict = None
        verdict = self.decide(scene)
        scene.work.outbox.put(verdict.actions, scene.now)
        self.verdict = verdict
        return bool(verdict.actions)

    def tell(self) -> None:
        """On the event loop, when nothing more comes of it: the verdict, or that there is none."""
        if self.told.done():
            return
        if self.verdict is None:
            self.told.set_exception(Undecided("没能记下 it was not recorded"))
        else:
            self.told.set_result(self.verdict)
