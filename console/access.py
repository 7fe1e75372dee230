"""What the console may ask of the running house: to read, to decide, to look at the sandbox.

No page has logic of its own: reading goes through the read side of `storage`, deciding through the
functions that chat and command line call as well.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from bot.clock import Clock
from bot.config import Config
from bot.events import Group, Identity
from bot.room import Room
from console.sessions import Right, Session
from console.sharing import Sharing
from handlers.entering import let_in
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.settings import GroupSettings, House
from handlers.verdicts import NO_RIGHT, Verdict
from storage.database import Database
from storage.reports import Reports
from storage.values_of_order import Doer, OperatorRole

T = TypeVar("T")

_READERS = 2
"""So many pages are read at once: more would only take the interpreter from the pipeline."""


class InForce(Protocol):
    """What of the config a page asks for."""

    config: Config
    refused: str
    """What was wrong with the last edit of the config; empty once a good one is in force."""

    def group(self, group: Group) -> GroupSettings | None:
        """What is in force in a group; None: left alone."""
        ...

    def house(self) -> House:
        """What is true of the whole account."""
        ...


Decision = Callable[[Scene, Doer], Verdict]
"""What somebody decides: with the surroundings, and as whom it is written down."""
Decide = Callable[[Callable[[Scene], Verdict]], Awaitable[Verdict]]
"""Runs a decision as the pipeline runs an event: in one transaction, with what follows from it."""


class Access:
    """One running Weilu, as its console sees it. `room` is the sandbox, None on a real account.

    `config_file` is where its config was read from; None: it cannot be edited here. Once it is
    `closing`, whatever takes long gives up.
    """

    def __init__(
        self,
        *,
        database: Database,
        in_force: InForce,
        decide: Decide,
        clock: Clock,
        room: Room | None = None,
        config_file: Path | None = None,
    ) -> None:
        self.in_force = in_force
        self.room = room
        self.config_file = config_file
        self.closing = threading.Event()
        self.sharing = Sharing()
        self._database = database
        self._decide = decide
        self._clock = clock
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="weilu-console")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="weilu-replay")

    def now(self) -> datetime:
        """The house's present, which the sandbox can move: aware, in UTC."""
        return self._clock.now()

    async def read(self, look: Callable[[Reports], T]) -> T:
        """What `look` finds, on one state of the database, in a thread of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._look, look)

    async def read_aside(self, look: Callable[[Reports], T]) -> T:
        """The same for what takes long: no page waits for it, and one follows the other."""
        return await asyncio.get_running_loop().run_in_executor(self._aside, self._look, look)

    def _look(self, look: Callable[[Reports], T]) -> T:
        with self._database.reading() as reports:
            return look(reports)

    def scene(self, reports: Reports) -> Scene:
        """The surroundings in which handlers read, at this moment; what they change is lost."""
        house = self.in_force.house()
        state = reports.stores.accounts.get(house.account)
        return Scene(
            work=reports.stores,
            house=house,
            group=None,
            now=self.now(),
            me=state.me if state else None,
            capabilities=frozenset(),
            settings=self.in_force.group,
        )

    async def decide(
        self, session: Session, decision: Decision, right: Right = Right.OPERATOR
    ) -> Verdict:
        """Decide as whoever is signed in, once it is committed; what they may is asked again here.

        Somebody who was an operator when they signed in, and is none now, is refused.
        """

        def allowed(scene: Scene) -> Verdict:
            if right_now(session, scene) < right:
                return Verdict(done=False, words=NO_RIGHT)
            return decision(scene, session.doer)

        verdict = await self._decide(allowed)
        self.sharing.forget()
        return verdict

    async def let_in(self, who: Identity, cause: str) -> Verdict:
        """Whether somebody who said a browser's code in private may come in."""
        return await self._decide(partial(let_in, who=who, cause=cause))

    def close(self) -> None:
        """Finish the pages in hand; nothing can be read after this."""
        self.closing.set()
        self._readers.shutdown()
        self._aside.shutdown()


def right_now(session: Session, scene: Scene) -> Right:
    """What somebody signed in may do at this moment."""
    if session.identity is None:
        return session.right
    role = role_of(scene, session.identity)
    if role is None:
        return Right.NONE
    held = Right.ADMIN if role is OperatorRole.ADMIN else Right.OPERATOR
    return min(held, session.right)
