"""The kinds of columns: keys, times and words, the same on SQLite and PostgreSQL."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

Key = BigInteger().with_variant(Integer, "sqlite")
"""A 63-bit number; on SQLite the row id itself, so that rows lie in the order of their keys."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400
_ZONELESS = "时间缺少时区 a time without a time zone cannot be stored"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def plain(text: str) -> str:
    """The text as it can be stored everywhere.

    PostgreSQL refuses NUL, and half a surrogate pair cannot be encoded; both become U+FFFD, so
    that a hostile name or message is recorded like any other.
    """
    # What can be printed holds neither; asking that takes a tenth of looking for them.
    return text if text.isprintable() else _UNSTORABLE.sub("\ufffd", text)


def _words(value: str | None) -> str | None:
    return value if value is None or value.isprintable() else plain(value)


def _moment(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError(_ZONELESS)
    return value


def _microseconds(value: datetime | None) -> int | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(_ZONELESS)
    since = value - _EPOCH
    return (since.days * _DAY + since.seconds) * 1_000_000 + since.microseconds


def _from_microseconds(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text that may hold anything a chat can send; what cannot be stored is replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Make it storable."""
        return _words(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:  # noqa: ARG002
        """The same without two calls around it: it is asked for each value that is stored."""
        return _words


class Moment(TypeDecorator[datetime]):
    """An instant: aware and in UTC on the way in and out.

    PostgreSQL keeps a timestamp with time zone, SQLite whole microseconds since 1970, which sort.
    A time without a zone is a fault of ours and raises ValueError.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column underneath."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Integer())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To the database."""
        return _microseconds(value) if dialect.name == "sqlite" else _moment(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database."""
        return _from_microseconds(value) if dialect.name == "sqlite" else _in_utc(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """To the database, without two calls around it."""
        return _microseconds if dialect.name == "sqlite" else _moment

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:  # noqa: ARG002
        """From the database, likewise."""
        return _from_microseconds if dialect.name == "sqlite" else _in_utc
