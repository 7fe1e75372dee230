"""Opening what every command needs, or leaving with a clear sentence: config, secrets, database."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.speech import tr
from bot.config import Config
from bot.config_file import load
from bot.faults import ConfigFaults
from bot.secrets import Secrets
from storage.database import Database, DatabaseTrouble
from storage.reports import Reports
from storage.work import Work

FAULTY = 2
"""Exit status for a faulty file or a wrong call; 1 is any other trouble."""

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


def leave(message: str, status: int = 1) -> typer.Exit:
    """Print a sentence to standard error; raise what this returns."""
    err.print(message, markup=False, soft_wrap=True)
    return typer.Exit(status)


def read_config(path: Path) -> Config:
    """The config, or exit status 2 with all its faults."""
    try:
        return load(path)
    except ConfigFaults as faults:
        raise leave(str(faults), FAULTY) from None


def open_database(config: Config) -> Database:
    """The database that the config (or WEILU_DATABASE_URL) names, migrated and sound."""
    database = Database(Secrets().database_url(config.storage.url))
    try:
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
