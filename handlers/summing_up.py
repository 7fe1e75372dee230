"""Sums a topic up in its group: counts, and good answers of those who agreed to be quoted."""

from collections.abc import Sequence
from datetime import timedelta

from bot.actions import Action, Priority, Say
from bot.events import Group, Identity, Message
from bot.texts import Language, Text
from handlers.judging import judged
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.wording import harmless, say
from rules.base import Past
from storage.values_of_programmes import Answer, ConsentKind, Effect, Ended
from topics.drift import about
from topics.summary import Summary, best

FIRST_TIMERS = Text(
    zh="有 {count} 位第一次接话题，欢迎常来。",
    en="{count} answered a topic for the first time: welcome.",
)
QUOTED = Text(zh="{name}：{words}", en="{name}: {words}")

STALE = timedelta(hours=1)
"""So long after a window is over nobody wants to read a summary any more."""

_ENOUGH = 3
"""With fewer people there is nothing to sum up, and a number would point at somebody."""
_LONGEST = 100
_CANCELLED = "有人不再同意被引用，或撤回了消息 somebody quoted took it back"


def sum_up(
    ended: Ended, effect: Effect, answers: Sequence[Answer], scene: Scene
) -> tuple[Action, ...]:
    """The summary of a topic where its programme wants one; once, and not when it is stale."""
    group = ended.post.group
    settings = scene.settings(group)
    programme = settings.programmes.get(ended.programme) if settings else None
    expires_at = ended.post.until + STALE
    if settings is None or programme is None or not programme.summary.enabled:
        return ()
    if effect.people < _ENOUGH or expires_at <= scene.now or not ended.post.text:
        return ()  # a topic loses its text when the member who proposed it is forgotten
    quoted = _quoted(ended, answers, programme.summary, settings, scene)
    return (
        Say(
            key=key(ended.post.id),
            why=f"节目 {ended.programme} 的小结 summary of a topic: {ended.post.topic_key}",
            priority=Priority.TOPIC,
            about=tuple(who for who, _ in quoted),
            expires_at=expires_at,
            to=group,
            text=_words(ended, effect, programme.summary, settings, quoted),
        ),
    )


def withdraw(group: Group, scene: Scene, who: Identity | None = None) -> None:
    """Summaries on their way that quote somebody (them, if given) are not said any more."""
    theirs = {who, *scene.work.members.linked(who)} if who else None
    for post_id in scene.work.effects.measured_since(group, scene.now - STALE):
        row = scene.work.outbox.of_key(group.account, key(post_id))
        quoted = row.action.about if row is not None else ()
        if row is not None and quoted and (theirs is None or not theirs.isdisjoint(quoted)):
            scene.work.outbox.cancel(row.id, scene.now, _CANCELLED)


def key(post_id: int) -> str:
    """The outbox key of the summary of a post."""
    return f"summary:{post_id}"


Quoted = tuple[Identity, str]
"""Whom we quote, and the line that does it."""


def _quoted(
    ended: Ended,
    answers: Sequence[Answer],
    summary: Summary,
    settings: GroupSettings,
    scene: Scene,
) -> list[Quoted]:
    agreed = _agreed(ended.post.group, scene) if summary.quotes else {}
    if not agreed:
        return []
    # What somebody said is in one language: it is repeated once.
    one = Language.ZH if settings.language is Language.BOTH else settings.language
    lines = []
    for each in best(answers, about(ended.post.text, answers)):
        who = agreed.get(each.member)
        if who is not None and _is_fine(who, each, ended.post.group, settings):
            words = harmless(each.text or "", _LONGEST)
            line = say(QUOTED, one, name=harmless(who.name), words=words)
            lines.append((who, line))
    return lines[: summary.quotes]


def _agreed(group: Group, scene: Scene) -> dict[int | None, Identity]:
    """Who may be quoted, by our own key: a yes, and no wish to be left alone."""
    quote = scene.work.consents.of_group(group, ConsentKind.QUOTE)
    mention = (
        scene.work.consents.of_group(group, ConsentKind.MENTION) if any(quote.values()) else {}
    )
    return {
        scene.work.members.id_if_known(who): who
        for who, given in quote.items()
        if given and mention.get(who) is not False
    }


def _is_fine(who: Identity, answer: Answer, group: Group, settings: GroupSettings) -> bool:
    """Whether the rules that are in force now find nothing in the name and the words."""
    said = Message(id="", group=group, author=who, at=answer.at, text=f"{who.name}\n{answer.text}")
    past = Past(zone=settings.time_zone)
    found = judged(said, settings.rules, lambda _: past, lambda _: False)
    return found.counts is None and not found.beside


def _words(
    ended: Ended,
    effect: Effect,
    summary: Summary,
    settings: GroupSettings,
    quoted: Sequence[Quoted],
) -> str:
    language = settings.language
    counts = say(
        summary.text,
        language,
        title=harmless(ended.title, 100),
        people=effect.people,
        answers=effect.answers,
        replies=effect.replies,
    )
    lines = [counts, *(line for _, line in quoted)]
    if effect.first_timers:
        lines.append(say(FIRST_TIMERS, language, count=effect.first_timers))
    return "\n".join(lines)
