"""`weilu db`: the database."""

from bot.cli import frame
from bot.cli.opening import DEFAULT, ConfigPath, leave, out, read_config
from bot.cli.speech import tr
from bot.secrets import Secrets
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
