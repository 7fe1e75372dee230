"""Carries out what operators order in the chat; who may is asked again where it is decided."""

from collections.abc import Callable

from bot.actions import Action
from bot.events import Group, Identity, Message
from bot.texts import Text
from handlers import dossier
from handlers.answering import aside, result
from handlers.decisions import (
    end_exemption,
    exempt,
    link,
    overturn,
    release,
    remove_again,
    sanction_by_hand,
    unlink,
    uphold,
    vouch,
)
from handlers.finishing import finish
from handlers.orders import Order, What, Wrong, order
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.tagging import tag, tags_in, untag
from handlers.verdicts import NOTHING_IN_FORCE, Verdict
from handlers.whom import NO_CASE, one_person, present
from handlers.wording import say

ELSEWHERE = Text(
    zh="这不便在群里说，请在运营群里或私下问我。",
    en="That is not for the group: ask me in the operators' group or in private.",
)

_PRIVATE = (
    What.CASES,
    What.EXEMPTIONS,
    What.EXEMPT,
    What.END_EXEMPTION,
    What.TASKS,
    What.POSTED,
    What.SAY_AGAIN,
    What.TAG,
    What.UNTAG,
)
"""What members need not read; where the bot cannot speak in private, it says nothing of it."""


def operate(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    """What follows from an order of an operator; None if the message is none, or not an operator's.

    In a group of members an order has to mention us: 提醒 @小林 may be meant for 小林 alone. In the
    operators' own group and in private it need not.
    """
    desk = message.group is not None and message.group.id == scene.house.operators_group_id
    addressed = message.group is None or scene.me in message.mentions
    if not (desk or addressed):
        return None
    ordered = order(message, scene.me)
    if ordered is None or role_of(scene, message.author) is None:
        return None
    place = message.group if desk and message.group else aside(message, scene)
    if isinstance(ordered, Wrong):
        if ordered.latin and not addressed:
            return None
        return (_tell(message, "usage", place, say(ordered.says, scene.house.language), scene),)
    if isinstance(place, Group) and not desk and ordered.what in _PRIVATE:
        return (_tell(message, ordered.what, place, say(ELSEWHERE, scene.house.language), scene),)
    words, actions = _carry_out(message, ordered, scene)
    return (*actions, _tell(message, ordered.what, place, words, scene))


Outcome = tuple[str, tuple[Action, ...]]


def _carry_out(message: Message, ordered: Order, scene: Scene) -> Outcome:
    ways: dict[What, Callable[[Message, Order, Scene], Outcome]] = {
        What.CASES: _cases,
        What.UPHOLD: _decide,
        What.OVERTURN: _decide,
        What.SANCTION: _sanction,
        What.RELEASE: _release,
        What.EXEMPTIONS: _exemptions,
        What.EXEMPT: _exempt,
        What.END_EXEMPTION: _exempt,
        What.LINK: _link,
        What.UNLINK: _link,
        What.TASKS: _tasks,
        What.DONE: _done,
        What.REMOVE_AGAIN: _remove_again,
        What.POSTED: _vouch,
        What.SAY_AGAIN: _vouch,
        What.TAG: _tag,
        What.UNTAG: _tag,
    }
    return ways[ordered.what](message, ordered, scene)


def _cases(_: Message, ordered: Order, scene: Scene) -> Outcome:
    if not ordered.number:
        return dossier.cases(scene), ()
    case = scene.work.cases.get(ordered.number)
    if case is None or case.group.account != scene.house.account:
        return _words(NO_CASE, scene, number=ordered.number)
    return dossier.case(case, scene), ()


def _decide(message: Message, ordered: Order, scene: Scene) -> Outcome:
    if ordered.what is What.UPHOLD:
        return _of(uphold(scene, ordered.number, message.author, ordered.why), scene)
    false_hit = ordered.false_hit
    return _of(
        overturn(scene, ordered.number, message.author, ordered.why, false_hit=false_hit), scene
    )


def _sanction(message: Message, ordered: Order, scene: Scene) -> Outcome:
    found = present(ordered.whom, scene, here=_here(message, scene))
    if isinstance(found, Text):
        return _words(found, scene)
    step = found.settings.ladder.least(ordered.consequence, ordered.lasting)
    verdict = sanction_by_hand(
        scene,
        found.group,
        found.settings,
        found.member,
        step,
        message.author,
        ordered.why,
        cause=message.id,
    )
    return _of(verdict, scene)


def _release(message: Message, ordered: Order, scene: Scene) -> Outcome:
    """Whoever was put out is in no group any more, so they are found by what is in force."""
    whom, author = ordered.whom, message.author
    if whom.case or _here(message, scene) is not None or whom.group:
        found = present(whom, scene, here=_here(message, scene))
    else:
        person = one_person(whom, scene)
        if isinstance(person, Text):
            return _words(person, scene)
        held = scene.work.sanctions.everywhere(person, scene.now)
        if not held:
            return _words(NOTHING_IN_FORCE, scene)
        return _each(person, [each.group for each in held], message, ordered, scene)
    if isinstance(found, Text):
        return _words(found, scene)
    return _of(release(scene, found.group, found.member, author, ordered.why), scene)


def _each(
    person: Identity, groups: list[Group], message: Message, ordered: Order, scene: Scene
) -> Outcome:
    actions: tuple[Action, ...] = ()
    words = ""
    for group in dict.fromkeys(groups):
        verdict = release(scene, group, person, message.author, ordered.why)
        words, further = _of(verdict, scene)
        actions += further
    return words, actions


def _exempt(message: Message, ordered: Order, scene: Scene) -> Outcome:
    found = present(ordered.whom, scene, here=_here(message, scene))
    if isinstance(found, Text):
        return _words(found, scene)
    by, why = message.author, ordered.why
    where = (scene, found.group, found.settings, found.member, ordered.rule)
    if ordered.what is What.END_EXEMPTION:
        return _of(end_exemption(*where, by, why), scene)
    return _of(exempt(*where, ordered.until, by, why), scene)


def _exemptions(_: Message, __: Order, scene: Scene) -> Outcome:
    return dossier.exemptions(scene), ()


def _link(message: Message, ordered: Order, scene: Scene) -> Outcome:
    one, other = one_person(ordered.whom, scene), one_person(ordered.other, scene)
    if isinstance(one, Text):
        return _words(one, scene)
    if isinstance(other, Text):
        return _words(other, scene)
    if ordered.what is What.UNLINK:
        return _of(unlink(scene, one, other, message.author), scene)
    return _of(link(scene, one, other, message.author, message.id), scene)


def _tasks(_: Message, __: Order, scene: Scene) -> Outcome:
    return dossier.tasks(scene), ()


def _done(message: Message, ordered: Order, scene: Scene) -> Outcome:
    return _of(finish(scene, ordered.number, message.author, ordered.why), scene)


def _remove_again(message: Message, ordered: Order, scene: Scene) -> Outcome:
    return _of(remove_again(scene, ordered.number, message.author), scene)


def _vouch(message: Message, ordered: Order, scene: Scene) -> Outcome:
    seen = ordered.what is What.POSTED
    return _of(vouch(scene, ordered.number, message.author, seen=seen), scene)


def _tag(message: Message, ordered: Order, scene: Scene) -> Outcome:
    found = present(ordered.whom, scene, here=_here(message, scene))
    if isinstance(found, Text):
        return _words(found, scene)
    decide = untag if ordered.what is What.UNTAG else tag
    verdict = decide(scene, found.group, found.member, tags_in(ordered.why), message.author)
    return _of(verdict, scene)


def _here(message: Message, scene: Scene) -> Group | None:
    """The members' group the order was given in; in the operators' own, nobody is sanctioned."""
    group = message.group
    return None if group is None or group.id == scene.house.operators_group_id else group


def _of(verdict: Verdict, scene: Scene) -> Outcome:
    return verdict.say(scene.house.language), verdict.actions


def _words(text: Text, scene: Scene, **values: object) -> Outcome:
    return say(text, scene.house.language, **values), ()


def _tell(message: Message, what: str, place: Group | Identity, words: str, scene: Scene) -> Action:
    return result(message, f"order:{what}", place, words, scene)
