"""Databases of earlier versions of Weilu, with data in them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from builders import ACCOUNT, NOON
from sqlalchemy import NullPool, create_engine, insert, update

import storage
from storage.tables import cases, counters, groups, identities, members, messages


def upgrade_to(url: str, revision: str) -> None:
    """Bring an empty database up to a revision and no further."""
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).parent / "migrations"))
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def live_at_first(url: str, count: int = 3) -> None:
    """What revision 0001 would have recorded: 小林 in 读书会, with so many cases."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            insert(groups).values(
                id=1,
                account=ACCOUNT,
                platform_id="读书会@room",
                name="读书会",
                managed=True,
                messages=count,
                first_seen=NOON,
            )
        )
        connection.execute(insert(members).values(id=1, first_seen=NOON))
        connection.execute(
            insert(identities).values(
                account=ACCOUNT, platform_id="id-小林", member_id=1, name="小林", first_seen=NOON
            )
        )
        for number in range(1, count + 1):
            connection.execute(
                insert(messages).values(
                    id=number,
                    group_id=1,
                    platform_id=f"m{number}",
                    author_id=1,
                    at=NOON,
                    kind=7,
                    length=4,
                    text="快加微信",
                    ours=False,
                )
            )
            connection.execute(
                insert(cases).values(
                    number=number,
                    group_id=1,
                    member_id=1,
                    message_id=number,
                    platform_message_id=f"m{number}",
                    rule="keywords",
                    reason="这里不做广告",
                    detail="命中",
                    span_start=0,
                    span_end=4,
                    excerpt="快加微信",
                    consequence="remind",
                    at=NOON,
                    reminded=True,
                )
            )
        for name, value in (("groups", 1), ("members", 1), ("cases", count)):
            connection.execute(update(counters).where(counters.c.name == name).values(value=value))
