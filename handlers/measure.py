"""Measures what each post brought about, once its window is over, and sums it up where wanted."""

from datetime import timedelta

from bot.actions import Action
from bot.events import Event, GatewayState, MessageRecalled, MinutePassed
from handlers.scene import Reply, Scene, deaf_to_messages
from handlers.summing_up import sum_up, withdraw
from storage.effects import LATE
from topics.effect import measured

_AT_ONCE = 25
"""So many posts a minute: when hundreds end together, messages do not wait for them."""


@deaf_to_messages
def measure(event: Event, scene: Scene) -> Reply:
    """Once for each post, after a stop late; no summary repeats what was recalled meanwhile."""
    match event:
        case MinutePassed():
            return Reply(actions=_measure(event, scene))
        case MessageRecalled() if scene.group is not None:
            if any(each.summary.enabled for each in scene.group.programmes.values()):
                withdraw(event.group, scene)
    return Reply.NOTHING


def _measure(event: MinutePassed, scene: Scene) -> tuple[Action, ...]:
    effects = scene.work.effects
    over = effects.ended(scene.house.account, event.at, _AT_ONCE)
    if not over or _is_catching_up(event, scene):
        return ()
    answers, first_ever = effects.answers(over), effects.first_ever(over)
    found = [(each, measured(each, answers[each.post.id], first_ever)) for each in over]
    effects.store((effect for _, effect in found), scene.now)
    return tuple(
        action
        for each, effect in found
        for action in sum_up(each, effect, answers[each.post.id], scene)
    )


def _is_catching_up(event: MinutePassed, scene: Scene) -> bool:
    """Whether what was said is still to be heard: the line is broken, or was a moment ago."""
    account = scene.work.accounts.get(scene.house.account)
    if account is None or account.state != GatewayState.LOGGED_IN.value:
        return account is not None
    since = max(account.since, event.awake_since or account.since)
    return timedelta(0) <= event.at - since < LATE
