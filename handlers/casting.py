"""Mentions members whom a topic concerns, where its programme wants that."""

from collections.abc import Collection
from dataclasses import replace
from zlib import crc32

from bot.actions import Say
from bot.events import Group, Identity
from bot.frozen import frozen
from bot.gateway.base import Capability
from bot.texts import Language, Text
from handlers.rights import operators
from handlers.scene import Scene
from handlers.wording import filled, say
from storage.crowds import KNOWN
from storage.values import Topic
from topics.casting import Called, cast, is_cast
from topics.programme import Programme

INVITED = Text(
    zh="想先听听被点到的朋友怎么说，一句就好，不方便也没关系。不想再被点，对我说「别点我」。",
    en="Whoever is mentioned, would you begin? A sentence will do, and so will none. To be left out"
    " from now on, tell me: don't mention me.",
)
CAST = Text(zh="点了 {count} 个人", en="mentions {count} people")
NOT_CAST = Text(zh="这次不点人，好作比较", en="mentions nobody this time, to compare")
NOBODY_FITS = Text(zh="没有合适的人可点", en="there was nobody to mention")
CANNOT = Text(zh="这个平台点不了人", en="this platform cannot mention anybody")


@frozen
class Casting:
    """Whom a post mentions, the line that invites them, and what to write down beside the post."""

    called: tuple[Called, ...] = ()
    line: str = ""
    note: str = ""

    @property
    def members(self) -> tuple[Identity, ...]:
        """Whom it mentions, in their order."""
        return tuple(each.candidate.identity for each in self.called)

    def keep(self, post_id: int, scene: Scene, language: Language) -> None:
        """Record them with the post, each with the reason."""
        reasons = [(each.candidate.member, each.why(language)) for each in self.called]
        scene.work.casts.add(post_id, reasons, scene.now)


NOBODY = Casting()


def casting(  # noqa: PLR0917 in the order of a question
    scene: Scene,
    group: Group,
    programme: Programme,
    name: str,
    wall: str,
    topic: Topic,
    language: Language,
) -> Casting:
    """Whom the post of a programme for that wall mentions; nobody unless the programme says so.

    Operators and the member who proposed the topic are mentioned only if they said they may be.
    """
    wish = programme.cast
    if wish is None:
        return NOBODY
    if Capability.MENTION not in scene.capabilities:
        return Casting(note=say(CANNOT, language))
    seed = crc32(f"cast\n{group.id}\n{name}\n{wall}".encode(errors="replace"))
    if not is_cast(wish, seed):
        return Casting(note=say(NOT_CAST, language))
    crowd = scene.work.crowds.of(
        group, _related(group, topic, scene), scene.now - wish.absent, scene.now
    )
    reserved = {*operators(scene), *(each for each in (scene.me, topic.proposer) if each)}
    called = cast(crowd, topic, wish, scene.now, seed, reserved)
    if not called:
        return Casting(note=say(NOBODY_FITS, language))
    note = say(filled(CAST, count=len(called)), language)
    return Casting(called, say(INVITED, language), note)


def _related(group: Group, topic: Topic, scene: Scene) -> set[str]:
    """What was posted in the group lately and shares a tag or the category with this topic."""
    bank, tags, since = scene.work.topics.bank().by_key, {*topic.tags}, scene.now - KNOWN
    lately = {used.topic_key for used in scene.work.histories.of(group) if used.at >= since}
    return {
        key
        for key in lately - {topic.key}
        if (other := bank.get(key))
        and ((topic.category and topic.category == other.category) or tags & {*other.tags})
    }


def take_out(group: Group, scene: Scene, who: Identity) -> None:
    """Posts of the group that are on their way mention somebody no more."""
    theirs = {who, *scene.work.members.linked(who)}
    scene.work.casts.take_out(group, who, lambda post: _without(post, theirs))


def _without(post: Say, theirs: Collection[Identity]) -> Say:
    """The invitation goes with the last who was invited."""
    left = tuple(each for each in post.mentions if each not in theirs)
    text = post.text
    for language in () if left else Language:
        text = text.removesuffix(f"\n{say(INVITED, language)}")
    about = tuple(each for each in post.about if each not in theirs)
    return replace(post, text=text, mentions=left, about=about)
