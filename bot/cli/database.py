"""`weilu db`: the database."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import frame
from bot.cli.leaving import leave, read_config
from bot.cli.opening import DEFAULT, ConfigPath, open_database, out
from bot.cli.speech import tr
from bot.secrets import Secrets
from storage.backup import backup as copy
from storage.database import Database, DatabaseTrouble

app = frame.new()


@app.command(help=tr("把数据库升级到这个版本", "migrate the database to this version"))
def upgrade(config: ConfigPath = DEFAULT) -> None:
    """Says from which version to which; nothing to do is fine."""
    database = Database(Secrets().database_url(read_config(config).storage.url))
    try:
        before = database.version()
        database.upgrade()
        after = database.version()
    except DatabaseTrouble as trouble:
        raise leave(str(trouble)) from None
    finally:
        database.close()
    if before == after:
        out.print(tr(f"数据库已是最新（{after}）。", f"The database is up to date ({after})."))
    else:
        start = before or tr("空", "empty")
        out.print(tr(f"数据库：{start} → {after}", f"The database: {start} → {after}"))


@app.command(help=tr("备份数据库，运行时也可以", "back the database up, while running too"))
def backup(
    file: Annotated[Path, typer.Argument(help=tr("备份到哪个文件", "the file to write"))],
    config: ConfigPath = DEFAULT,
) -> None:
    """A consistent copy in a new file; nothing is ever overwritten."""
    database = open_database(read_config(config), new=False)
    try:
        copy(database, file, datetime.now(UTC))
    except DatabaseTrouble as trouble:
        raise leave(str(trouble)) from None
    finally:
        database.close()
    size = f"{file.stat().st_size / 2**20:.1f} MB"
    out.print(
        tr(
            f"已备份到 {file}（{size}）。里面有成员的话，请保管好。",
            f"Backed up to {file} ({size}). It holds what members wrote: keep it safe.",
        ),
        markup=False,
        soft_wrap=True,
    )
