"""Hears what members want once a common goal is over, and whoever asks how far it is."""

import re

from bot.actions import Action
from bot.events import Event, Group, Message
from handlers.goal_end import takes_answers
from handlers.phrases import Phrase
from handlers.scene import Reply, Scene
from handlers.settings import GroupSettings
from storage.values_of_programmes import Choice

_CHOICES = {
    **dict.fromkeys(("前进", "move on"), Choice.MOVE_ON),
    **dict.fromkeys(("留下", "stay"), Choice.STAY),
    **dict.fromkeys(("结业", "alumnus", "alumna"), Choice.ALUMNUS),
}
_LONGEST = 100
"""Characters of what may be meant for us, the mention included."""
_SHORT = 12
"""Characters of an answer that nobody is mentioned in."""
_OF_GOALS = re.compile("目标|goal", re.IGNORECASE)
AROUND = "「」『』“”\"'。.！!～~ \n"


def pursue(event: Event, scene: Scene) -> Reply:
    """A member's choice once a goal is over, the line for whoever asks, an operator's count."""
    if not isinstance(event, Message) or event.ours or len(event.text) > _LONGEST:
        return Reply.NOTHING
    settings = scene.group
    addressed = event.group is None or scene.me in event.mentions
    desk = event.group is not None and event.group.id == scene.house.operators_group_id
    if not (addressed or desk) and (
        settings is None or settings.goal is None or len(event.text) > _SHORT
    ):
        return Reply.NOTHING
    if event.group and settings and _chooses(event, event.group, settings, scene):
        return Reply.STOP
    actions = _asked(event, scene) if addressed or desk else None
    return Reply.NOTHING if actions is None else Reply(actions=actions, stop=True)


def _chooses(message: Message, group: Group, settings: GroupSettings, scene: Scene) -> bool:
    """Whether the whole message is an answer to the question, which is then written down.

    It is not answered one by one; a mention of anybody else is part of some other talk.
    """
    if settings.goal is None or any(who != scene.me for who in message.mentions):
        return False
    whole = Phrase(message, scene.me).rest() if message.mentions else message.text
    words = whole.strip(AROUND).casefold()
    choice = _CHOICES.get(" ".join(words.split()))
    if choice is None or not takes_answers(scene, group, settings, message.at):
        return False
    return scene.work.goals.choose(group, settings.goal.key, message.author, choice, message.at)


def _asked(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    if not _OF_GOALS.search(message.text):
        return None
    from handlers.goal_desk import asked  # what few messages need, the start does not wait for

    return asked(message, scene)
