"""Weilu as the client of a gateway under load: `python -m benchmarks.client ENDPOINT TOKEN WORDS`.

Its own composition root, rules and outbox on a SQLite file in the working folder; pace off, no
cool-down and the highest flood limit, so that every hit is answered.
"""

import asyncio
import gc
import json
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

from pydantic import SecretStr

from benchmarks.weilu import config
from bot.app import App, InForce
from bot.clock import SystemClock
from bot.gateway.settings import WechatySettings
from bot.gateway.wechaty.gateway import WechatyGateway
from handlers.settings import GroupSettings, ModerateSettings
from rules.flood import Flood
from rules.keywords import Keywords
from storage.database import Database


async def main() -> None:
    """Run until killed."""
    endpoint, token, words_file = sys.argv[1:]
    words = json.loads(Path(words_file).read_text("utf-8"))  # noqa: ASYNC240 - nothing runs yet
    settings = GroupSettings(
        rules=(
            Keywords(words=words, reason="这里不做广告"),
            Flood(limit=1_000, reason="让别人也说得上话"),
        ),
        moderate=ModerateSettings(cooldown=timedelta(0)),
    )
    in_force = InForce(config((), settings))
    database = Database(f"sqlite:///{Path.cwd() / 'weilu.db'}")
    database.upgrade()
    gateway = WechatyGateway(
        in_force.config.account.name,
        WechatySettings(endpoint=endpoint, tls=False),
        SecretStr(token),
        in_force.cares_for,
    )
    app = App(in_force, database=database, gateway=gateway, clock=SystemClock(), random=Random(1))
    async with app.running():
        gc.freeze()  # as `weilu run` does
        await app.until(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main())
