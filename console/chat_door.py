"""Lets in whoever says, in private to the bot, the code that their browser shows."""

import asyncio
import logging

from bot.deciding import Undecided
from bot.events import Event, Message
from console.access import Access
from console.sessions import Right, Sessions
from handlers.entering import code_in
from storage.values_of_order import OperatorRole

log = logging.getLogger(__name__)

_RIGHTS = {OperatorRole.ADMIN: Right.ADMIN, OperatorRole.OPERATOR: Right.OPERATOR}


class ChatDoor:
    """Give `heed` to whatever hears events; everybody but operators is passed over."""

    def __init__(self, sessions: Sessions, access: Access) -> None:
        self._sessions = sessions
        self._access = access
        self._tasks: set[asyncio.Task[None]] = set()

    def heed(self, event: Event) -> None:
        """Look whether this says a code that a browser shows."""
        code = code_in(event) if isinstance(event, Message) else ""
        if code and isinstance(event, Message) and self._sessions.is_asked(code):
            task = asyncio.create_task(self._let_in(event, code), name="console door")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _let_in(self, message: Message, code: str) -> None:
        try:
            verdict = await self._access.let_in(message.author, message.id)
        except Undecided:
            log.warning("没能登录控制台 a sign-in to the console failed")
            return
        role = verdict.values.get("role")
        if verdict.done and isinstance(role, OperatorRole):
            self._sessions.grant(code, _RIGHTS[role], message.author)
