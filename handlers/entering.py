"""Signing in to the console by the chat: an operator says the code that their browser shows."""

import re

from bot.actions import Action, Priority, Say
from bot.events import Identity, Message
from bot.texts import Text
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.verdicts import NO_RIGHT, Verdict
from handlers.wording import say

LET_IN = Text(
    zh="好了，显示这个码的浏览器已经用你的身份登录控制台。不是你自己打开的，就回到那里退出，"
    "并告诉管理员。",
    en="Done: the browser that shows this code is signed in to the console as you. If you did not"
    " open it yourself, sign out there and tell an admin.",
)
_WORDS = re.compile(
    r"\s*(?:登录|登入|sign ?in|log ?in)[\s:：]*([0-9]{6})\s*[。.!！]?\s*", re.IGNORECASE
)
_DID = "登录控制台 sign in"


def code_in(message: Message) -> str:
    """The code that a private message says, empty if it says none."""
    if message.group is not None or message.ours:
        return ""
    found = _WORDS.fullmatch(message.text)
    return found[1] if found else ""


def enter(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    """Said by an operator it is for the console to answer; None if the message is something else.

    Nobody else learns that there is a console.
    """
    if not code_in(message) or role_of(scene, message.author) is None:
        return None
    return ()


def let_in(scene: Scene, who: Identity, cause: str) -> Verdict:
    """Whether somebody who said a code may come in; then they are told, and it is written down."""
    role = role_of(scene, who)
    if role is None:
        return Verdict(done=False, words=NO_RIGHT)
    scene.work.audit.note(scene.house.account, who, _DID, who, role.value, scene.now)
    answer = Say(
        key=f"console:{cause}",
        why="登录控制台 signed in to the console",
        priority=Priority.ANSWER,
        about=(who,),
        to=who,
        text=say(LET_IN, scene.house.language),
    )
    return Verdict(True, LET_IN, {"role": role}, (answer,))
