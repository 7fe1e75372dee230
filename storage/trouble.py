"""What can be wrong with the database, as a sentence for a person."""

from sqlalchemy.exc import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
    SQLAlchemyError,
)


class DatabaseTrouble(Exception):  # noqa: N818 the contract's word, and what it is
    """The database cannot do what was asked.

    The message says what is wrong and what to do, Chinese first; it never holds a password.
    """


class DatabaseUnavailable(DatabaseTrouble):
    """It cannot be done now (locked, full, read-only, connection lost); trying later may help."""


class DatabaseBroken(DatabaseTrouble):
    """Nothing can be done with this database as it is (damaged, not migrated, no database)."""


_SENTENCES = (
    (
        "database is locked",
        (
            "数据库正被另一个程序占用，稍后再试，或停掉那个程序。 "
            "Another program holds the database: try again later, or stop that program."
        ),
    ),
    (
        "readonly database",
        (
            "数据库文件是只读的，请检查文件和文件夹的权限。 "
            "The database file is read-only: check the permissions of the file and its folder."
        ),
    ),
    (
        "file is not a database",
        (
            "这个文件不是 SQLite 数据库，请检查 storage.url。 "
            "This file is not a SQLite database: check storage.url."
        ),
    ),
    (
        "malformed",
        (
            "数据库文件已损坏，请从备份恢复。 "
            "The database file is damaged: restore it from a backup."
        ),
    ),
    (
        "unable to open database file",
        (
            "打不开数据库文件，请检查文件夹是否存在、是否可写。 "
            "The database file cannot be opened: check its folder and the permissions there."
        ),
    ),
    (
        "disk is full",
        ("磁盘已满，请腾出空间。 The disk is full: make room."),
    ),
    (
        "disk i/o error",
        (
            "读写数据库文件失败：磁盘可能已满、超过配额或损坏，请检查。 "
            "The database file cannot be read or written: the disk may be full, over quota or "
            "damaged."
        ),
    ),
    (
        "no such table",
        (
            "数据库还没有建表，请先运行 weilu db upgrade。 "
            "The database has no tables yet: run `weilu db upgrade` first."
        ),
    ),
    (
        "does not exist",
        (
            "数据库或其中的表不存在，请检查 storage.url，再运行 weilu db upgrade。 "
            "The database or a table in it does not exist: check storage.url, then run "
            "`weilu db upgrade`."
        ),
    ),
    (
        "password authentication failed",
        (
            "数据库拒绝了用户名或密码，请检查 WEILU_DATABASE_URL。 "
            "The database refused the user name or password: check WEILU_DATABASE_URL."
        ),
    ),
    (
        "connection",
        (
            "连不上数据库，请确认它在运行、地址正确。 "
            "The database cannot be reached: make sure that it runs and that the address is right."
        ),
    ),
)
_FOR_GOOD = {"file is not a database", "malformed", "no such table"}
_CLASH = (
    "这些行与数据库里已有的冲突（可能另一个进程已写过，或有人刚被删除），本次未写入。 "
    "These rows clash with what is stored (another process may have written them, or somebody "
    "has just been forgotten); nothing was written this time."
)


def in_words(error: SQLAlchemyError) -> DatabaseTrouble:
    """The sentence for an error of the library; the error itself belongs beside it as the cause."""
    if isinstance(error, IntegrityError):
        return DatabaseTrouble(_CLASH)
    # The last one: the connection was cut a moment ago, and this is said of all that comes after.
    later = isinstance(error, OperationalError | InterfaceError | PendingRollbackError)
    trouble = DatabaseUnavailable if later else DatabaseTrouble
    said = str(error).lower()
    for sign, sentence in _SENTENCES:
        if sign in said:
            return (DatabaseBroken if sign in _FOR_GOOD else trouble)(sentence)
    kind = type(getattr(error, "orig", None) or error).__name__
    return trouble(f"数据库出错（{kind}）。 The database failed ({kind}).")
