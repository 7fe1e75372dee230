"""Opening what every command needs, or leaving with a clear sentence: secrets, database."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.leaving import leave, read_config
from bot.cli.speech import tr
from bot.config import Config
from bot.secrets import Secrets
from storage.database import Database, DatabaseTrouble
from storage.reports import Reports
from storage.work import Work

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

ConfigPath = Annotated[
    Path, typer.Option("--config", "-c", help=tr("配置文件", "the config file"), metavar="FILE")
]
AsJson = Annotated[
    bool, typer.Option("--json", help=tr("输出 JSON，给程序读", "print JSON, for programs"))
]
OnlyGroup = Annotated[
    str | None, typer.Option("--group", "-g", help=tr("只看这个群", "only this group"))
]
DEFAULT = Path("config.yaml")


def open_database(config: Config, *, new: bool = True) -> Database:
    """The database that the config (or WEILU_DATABASE_URL) names, migrated and sound.

    Where there is none, a `new` one is made: nobody need know of tables before the first
    `weilu run`. One of an older version is left to `weilu db upgrade`: another process may use it.
    """
    database = Database(Secrets().database_url(config.storage.url))
    try:
        if new and database.version() is None:
            database.upgrade()
        database.check()
    except DatabaseTrouble as trouble:
        database.close()
        raise leave(str(trouble)) from None
    return database


@contextlib.contextmanager
def _opened(config: Path) -> Iterator[tuple[Config, Database]]:
    loaded = read_config(config)
    database = open_database(loaded)
    try:
        yield loaded, database
    except DatabaseTrouble as trouble:
        raise leave(str(trouble)) from None
    finally:
        database.close()


@contextlib.contextmanager
def working(config: Path) -> Iterator[tuple[Config, Work]]:
    """One transaction on the database of a config; commit it yourself."""
    with _opened(config) as (loaded, database), database.work() as work:
        yield loaded, work


@contextlib.contextmanager
def reading(config: Path) -> Iterator[tuple[Config, Reports]]:
    """The read side of the database of a config."""
    with _opened(config) as (loaded, database), database.reading() as reports:
        yield loaded, reports


@contextlib.contextmanager
def glancing(config: Config) -> Iterator[Reports | None]:
    """The read side of the database if there is one that fits this program; None if not."""
    database = Database(Secrets().database_url(config.storage.url))
    try:
        if database.version() != database.head():
            yield None
            return
        with database.reading() as reports:
            yield reports
    except DatabaseTrouble as trouble:
        raise leave(str(trouble)) from None
    finally:
        database.close()
