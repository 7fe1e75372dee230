"""Messages: each heard once, found again when somebody quotes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from bot.events import Group, Identity, Message, MessageRecalled, Quote
from storage.columns import plain
from storage.groups import Groups
from storage.members import Members
from storage.quotes import Quotes, begins, fits
from storage.recent import Recent
from storage.statements import among, portions
from storage.tables import cases, messages
from storage.transaction import Transaction
from storage.values import Heard

_INSERT = insert(messages)
# By platform id alone, and the group is compared afterwards: an id is in one group, or in very few.
_HEARD = select(messages.c.group_id, messages.c.platform_id, messages.c.id).where(
    among(messages.c.platform_id, "ids")
)
_HEARD_ONE = select(messages.c.group_id, messages.c.platform_id, messages.c.id).where(
    messages.c.platform_id == bindparam("id"), messages.c.group_id == bindparam("group")
)
# What its author took back is not kept.
_RECALL = (
    update(messages)
    .where(
        messages.c.group_id == bindparam("group"), messages.c.platform_id == bindparam("recalled")
    )
    .values(recalled_at=bindparam("moment"), text=None)
)
_ERASE = (
    update(messages)
    .where(
        among(messages.c.group_id, "groups"),
        messages.c.at < bindparam("before"),
        messages.c.text.is_not(None),
    )
    .values(text=None)
)
_ERASE_EXCERPTS = (
    update(cases)
    .where(
        among(cases.c.group_id, "groups"),
        cases.c.at < bindparam("before"),
        (cases.c.excerpt != "") | (cases.c.detail != ""),
    )
    .values(excerpt="", detail="")
)
_OF_MEMBER = select(func.count(), func.min(messages.c.at)).where(
    messages.c.author_id == bindparam("member"), messages.c.group_id == bindparam("group")
)


class Messages:
    """What was said in managed groups."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._new = transaction.buffer(_INSERT)
        self._heard: dict[tuple[int, str], int] = {}
        self._recent = Recent(transaction)
        self._quotes = Quotes(transaction)
        self._last_quoted: tuple[tuple[int, Group, datetime], Quote, Heard | None] | None = None

    def add(self, message: Message, keep_text: bool) -> int | None:  # noqa: FBT001
        """Record a message; our own key of it, or None if it was heard already.

        A private message raises ValueError: those are never recorded. A text is left out where the
        author is forgotten; the name of a forgotten person is taken out of it. For the text of a
        card, which has none, stands its title; its length stays 0.
        """
        if message.group is None:
            raise ValueError("私聊从不记录 private messages are never recorded")
        group_id = self._groups.key(message.group, message.at)
        if self.was_heard(group_id, message.id):
            return None
        author_id = self._members.id_of(message.author, message.at)
        return self.put(message, group_id, author_id, keep_text=keep_text)

    def was_heard(self, group_id: int, platform_id: str) -> bool:
        """Whether a message of that id was recorded in the group."""
        key = (group_id, plain(platform_id))
        known = self._heard.get(key)
        return bool(self._id_of(key) if known is None else known)

    def put(
        self, message: Message, group_id: int, author_id: int | None, *, keep_text: bool
    ) -> int:
        """The same as `add`, of a message that was not heard, by the keys of group and author."""
        message_id = self._transaction.next_id()
        platform_id, text = plain(message.id), message.text
        kept = None
        if keep_text and author_id is not None:
            kept = text or message.title
            if message.mentions:
                kept = self._bare(message, kept)
        self._new(
            {
                "id": message_id,
                "group_id": group_id,
                "platform_id": platform_id,
                "author_id": author_id,
                "at": message.at,
                "kind": int(message.kind),
                "length": len(text),
                "text": kept,
                "ours": message.ours,
            }
        )
        self._transaction.set(self._heard, (group_id, platform_id), message_id)
        self._recent.add(message_id, group_id, message)
        self._groups.heard(group_id)
        return message_id

    def id_of(self, group: Group, platform_id: str) -> int | None:
        """Our own key of a message that was recorded, None if it was not."""
        group_id = self._groups.key_if_known(group)
        return (self._id_of((group_id, plain(platform_id))) or None) if group_id else None

    def quoted(self, group: Group, quote: Quote, before: datetime) -> Heard | None:
        """The message that was quoted: by its id, else the newest that name and text fit.

        Where the text is not kept, its length stands in for it. Several handlers ask this about
        one message: it is looked up once.
        """
        asked = (id(quote), group, before)  # the quote is kept, so that its id stays its own
        if self._last_quoted is None or self._last_quoted[0] != asked:
            self._last_quoted = (asked, quote, self._find_quoted(group, quote, before))
        return self._last_quoted[2]

    def was_said(self, group: Group, quote: Quote, before: datetime) -> bool:
        """Whether what is quoted was said in this group, as far as that is known."""
        if quote.message_id:
            return self.quoted(group, quote, before) is not None
        group_id = self._groups.key_if_known(group)
        if group_id is None:
            return False
        lately = (said for _, said in self._recent.before(group_id, quote, before))
        return any(begins(quote, said.text, len(said.text)) for said in lately) or (
            self._quotes.was_said((group, group_id), quote, before)
        )

    def recall(self, event: MessageRecalled) -> None:
        """A message was taken back: its text goes, that there was one stays."""
        group_id = self._groups.key_if_known(event.group)
        self._transaction.write(
            _RECALL, {"group": group_id, "recalled": event.id, "moment": event.at}
        )

    def erase_texts(self, before: Mapping[Group, datetime]) -> int:
        """Erase each group's texts from before its moment, with excerpts of cases; how many."""
        rows = self._groups.keys_by(before)
        self._transaction.write(_ERASE_EXCERPTS, rows)
        return self._transaction.write(_ERASE, rows)

    def of_member(self, group: Group, identity: Identity) -> tuple[int, datetime | None]:
        """How many messages of theirs were heard in the group, and when the first."""
        count, first = self._transaction.read(
            _OF_MEMBER,
            {
                "group": self._groups.key_if_known(group),
                "member": self._members.id_if_known(identity),
            },
        )[0]
        return count, first

    def bare(self, message_id: int | None, text: str) -> str:
        """A text from a message of this work, without the names of the forgotten it mentions."""
        recent = self._recent.get(message_id)
        return text if recent is None else self._bare(recent, text)

    def prepare(self, wanted: Iterable[Message]) -> None:
        """Look up together which of these were heard; their groups have been looked up before."""
        known = self._groups.key_if_known
        keys = {
            (group_id, plain(message.id))
            for message in wanted
            if message.group is not None and (group_id := known(message.group)) is not None
        }
        for some in portions(keys):
            self._look(some)

    def _look(self, keys: list[tuple[int, str]]) -> None:
        if len(keys) == 1:
            group_id, platform_id = keys[0]
            rows = self._transaction.stored(_HEARD_ONE, {"id": platform_id, "group": group_id})
        else:
            rows = self._transaction.stored(_HEARD, {"ids": list({each for _, each in keys})})
        looked_for = dict.fromkeys(keys, 0)
        for row in rows:
            if (key := (row.group_id, row.platform_id)) in looked_for:
                looked_for[key] = row.id
        self._transaction.learn(self._heard, looked_for)

    def _id_of(self, key: tuple[int, str]) -> int:
        """Our own key, 0 if it was not heard."""
        if key not in self._heard:
            if self._groups.is_new(key[0]):
                return 0
            self._look([key])
        return self._heard[key]

    def _bare(self, message: Message, text: str) -> str:
        """A text from this message without the names of the forgotten whom it mentions."""
        if self._transaction.anybody_forgotten:
            for each in message.mentions:
                if each.name and self._members.is_forgotten(each):
                    text = text.replace(f"@{each.name}", "@…")
        return text

    def _find_quoted(self, group: Group, quote: Quote, before: datetime) -> Heard | None:
        group_id = self._groups.key_if_known(group)
        if group_id is None:
            return None
        return self._quoted_now(group_id, quote, before) or self._quotes.find(
            (group, group_id), quote, before, but=self._recent
        )

    def _quoted_now(self, group_id: int, quote: Quote, before: datetime) -> Heard | None:
        """Among what this very work has recorded."""
        for message_id, said in self._recent.before(group_id, quote, before):
            if (
                said.id == quote.message_id
                if quote.message_id
                else said.author.name == quote.name and fits(quote, said.text, len(said.text))
            ):
                author = None if self._members.is_forgotten(said.author) else said.author
                return Heard(message_id, said.id, author, said.at, said.ours)
        return None
