"""A bot as its users write it with python-wechaty 0.10.7, on Python 3.10; stores nothing.

Run as `python python_wechaty.py ENDPOINT TOKEN WORDS_FILE` in a folder of its own.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

ENDPOINT, TOKEN, WORDS = sys.argv[1:]
os.environ["WECHATY_PUPPET_SERVICE_TOKEN"] = TOKEN
os.environ["WECHATY_PUPPET_SERVICE_ENDPOINT"] = ENDPOINT

from wechaty import Message, Wechaty  # type: ignore[import-not-found] # noqa: E402 - as above

WORDS_LIST = json.loads(Path(WORDS).read_text(encoding="utf-8"))


class Bot(Wechaty):  # type: ignore[misc]
    """Answers keywords."""

    async def on_message(self, msg: Message) -> None:
        """Answer."""
        if not msg.is_self() and any(word in msg.text() for word in WORDS_LIST):
            await msg.say("请看群规")


asyncio.run(Bot().start())
