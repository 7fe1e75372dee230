"""Echoes: our own messages heard back, and the actions they prove."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions import Say
from bot.events import Identity, Message
from storage.actions import read
from storage.groups import Groups
from storage.outbox_rows import BY_MESSAGE, RECENT, SAID, Move, outbox_row
from storage.transaction import AnyRow, Transaction
from storage.values import OutboxRow, OutboxState, Settlement

_NOWHERE = -1  # the key of a group that was never seen


class _Said:
    """A row that may have been said already; what it says is read once, for all that was heard."""

    __slots__ = ("mentions", "row", "words")

    def __init__(self, row: AnyRow) -> None:
        self.row = row
        action = read(row.action)
        self.words = ""
        self.mentions: set[Identity] = set()
        if isinstance(action, Say):
            self.words = action.text.strip()
            self.mentions.update(action.mentions)


class Echoes:
    """What was heard of ourselves; looked up together, as there are as many as answers."""

    def __init__(
        self,
        transaction: Transaction,
        groups: Groups,
        move_all: Callable[[Iterable[Move]], None],
    ) -> None:
        self._transaction = transaction
        self._groups = groups
        self._move_all = move_all
        self._heard: dict[str, tuple[Message, ...]] = {}
        self._early: set[int] = set()

    def hear_early(self, messages: Sequence[Message]) -> None:
        """These will be heard in this work: what they prove, they prove already."""
        self._prove(messages)
        self._early.update(map(id, messages))

    def hear(self, message: Message) -> None:
        """It proves something when `prove` is called."""
        if id(message) in self._early:
            return
        self._transaction.set(self._heard, "now", (*self._heard.get("now", ()), message))

    def let_go(self) -> None:
        """The work is over: nothing is moved any more."""
        self._move_all = deque[Move](maxlen=0).extend
        self._heard.clear()

    def prove(self) -> None:
        """Every action that was heard of is done."""
        if heard := self._heard.get("now"):
            self._transaction.set(self._heard, "now", ())
            self._prove(heard)

    def prove_by(self, messages: Sequence[Message]) -> list[OutboxRow | None]:
        """The action, done by now, that each message proves: by its id, or else by its words."""
        proven, heard_at = self._prove(messages)
        return [_done(proven.get(each.id), each.id, heard_at.get(each.id)) for each in messages]

    def _prove(
        self, messages: Sequence[Message]
    ) -> tuple[Mapping[str, AnyRow], Mapping[str, datetime]]:
        """By a message's id: what it proves, as it was, and when it was heard if that is news."""
        account = messages[0].author.account
        where = {"account": account, "messages": [message.id for message in messages]}
        known = self._transaction.read(BY_MESSAGE, where)
        proven = {row.platform_message_id: row for row in known}
        said = self._on_the_way([each for each in messages if each.id not in proven])
        heard_at: dict[str, datetime] = {}
        for message in messages:
            row = proven.get(message.id) or self._same_words(message, said)
            if row is not None:
                proven[message.id] = row
                if row.state != OutboxState.DONE.value:
                    heard_at.setdefault(message.id, message.at)
        self._move_all(
            Move(proven[id_], Settlement(OutboxState.DONE, message_id=id_), at)
            for id_, at in heard_at.items()
        )
        return proven, heard_at

    def _on_the_way(self, messages: Sequence[Message]) -> Mapping[int | None, list[_Said]]:
        """What may have been said with these messages, the oldest first, by group."""
        places = {self._place(message) for message in messages} - {_NOWHERE}
        if not places:
            return {}
        where = {
            "account": messages[0].author.account,
            "groups": [place for place in places if place is not None],
            "private": None in places,
            "limit": RECENT * len(places),
        }
        said: dict[int | None, list[_Said]] = {}
        for row in reversed(self._transaction.read(SAID, where)):
            said.setdefault(row.group_id, []).append(_Said(row))
        return said

    def _same_words(
        self, message: Message, said: Mapping[int | None, list[_Said]]
    ) -> AnyRow | None:
        """The action on its way there that said this; mentions may stand before it.

        Of several with the same words (welcomes) it is the oldest that mentions the same people;
        where none does, the platform may have told other ids, and it is the oldest.
        """
        there = said.get(self._place(message), [])
        text = message.text.strip()
        meant = set(message.mentions)
        found: _Said | None = None
        for each in there:
            if each.words and text.endswith(each.words):
                if each.mentions == meant:
                    found = each
                    break
                found = found or each
        if found is None:
            return None
        there.remove(found)
        return found.row

    def _place(self, message: Message) -> int | None:
        """The group's key, None in private."""
        if message.group is None:
            return None
        known = self._groups.key_if_known(message.group)
        return _NOWHERE if known is None else known


def _done(row: AnyRow | None, message_id: str, heard_at: datetime | None) -> OutboxRow | None:
    """The action as it is now."""
    if row is None:
        return None
    action = outbox_row(row)
    if heard_at is None:
        return action
    return replace(
        action,
        state=OutboxState.DONE,
        settled_at=heard_at,
        platform_message_id=message_id,
    )
