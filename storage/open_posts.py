"""Open posts: topics in groups whose window is open, asked for every message."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.events import Group
from storage.groups import Groups
from storage.tables import posts
from storage.transaction import AnyRow, Transaction
from storage.values import Post

_OPEN = (
    select(posts)
    .where(posts.c.until >= bindparam("at"))
    .order_by(posts.c.posted_at.desc(), posts.c.id.desc())
)
Open = tuple[datetime, Mapping[int, Sequence[AnyRow]]]
"""From when on it holds, and the rows of each group whose window was open then, newest first."""


def _by_group(rows: Iterable[AnyRow]) -> Mapping[int, Sequence[AnyRow]]:
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.group_id, []).append(row)
    return found


def _post(row: AnyRow, group: Group) -> Post:
    return Post(
        id=row.id,
        group=group,
        topic_key=row.topic_key,
        text=row.text,
        posted_at=row.posted_at,
        until=row.until,
        platform_message_id=row.platform_message_id,
    )


class OpenPosts:
    """Those of all groups, looked up once for a batch, and on SQLite for many."""

    def __init__(self, transaction: Transaction, groups: Groups) -> None:
        self._transaction = transaction
        self._groups = groups
        self._catch_up: Callable[[], None] | None = None
        self._active: dict[str, Open | None] = {}

    def before(self, catch_up: Callable[[], None]) -> None:
        """Call this before it is looked which are open: it may still make one so."""
        self._catch_up = catch_up

    def moved(self) -> None:
        """Some were posted, or some no longer: what was looked up is old."""
        self._transaction.set(self._active, "loaded", None)

    def active(self, group: Group, at: datetime) -> list[Post]:
        """Posts of the group that were posted by then and whose window is open; newest first."""
        if self._catch_up is not None:
            self._catch_up()
        loaded = self._active.get("loaded")
        if loaded is None or at < loaded[0]:
            loaded = self._load(at)
        group_id = self._groups.key_if_known(group) if loaded[1] else None
        here = loaded[1].get(group_id, ()) if group_id is not None else ()
        return [_post(row, group) for row in here if row.posted_at <= at <= row.until]

    def _load(self, at: datetime) -> Open:
        """One query serves a whole batch, and often many."""
        if "loaded" in self._active and self._active["loaded"] is None:  # moved in this very work
            loaded = (at, _by_group(self._transaction.read(_OPEN, {"at": at})))
        else:
            loaded = self._transaction.lasting(
                "open posts", _OPEN, lambda rows: (at, _by_group(rows)), {"at": at}
            )
            if at < loaded[0]:
                loaded = (at, _by_group(self._transaction.stored(_OPEN, {"at": at})))
        self._transaction.set(self._active, "loaded", loaded)
        return loaded
