"""Before somebody whom the group knows is removed, a human confirms it."""

from bot.actions import Action
from bot.events import Group, Identity
from bot.texts import Text
from handlers.cards import named, open_card
from handlers.sanctioning import Sentence
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.wording import harmless
from storage.values_of_order import TaskKind

CONFIRM = Text(
    zh="案件 {case}：按「{rule}」要把 {who} 移出「{place}」。{whom}，先请人看一看。"
    "回复：维持 {case} 理由，或者：撤销 {case} 理由",
    en="Case {case}: by “{rule}”, {who} would be removed from “{place}”. {whom}: please look"
    " first. Answer: uphold {case} and why, or: overturn {case} and why",
)
LONG_STANDING = Text(zh="这是老成员", en="A member of long standing")
OPERATOR = Text(zh="这是运营者", en="An operator")
EXEMPT = Text(zh="对方有豁免", en="Somebody whom a rule exempts")

_MUCH = 100
"""Who has written so much was there before anybody saw them come."""


def is_long_standing(scene: Scene, group: Group, member: Identity, settings: GroupSettings) -> bool:
    """Whether they came long ago; where nobody saw it, whether they have written much."""
    joined_at = scene.work.memberships.joined_at(group, member)
    if joined_at is not None:
        return scene.now - joined_at >= settings.moderate.long_standing
    count, _ = scene.work.messages.of_member(group, member)
    return count >= _MUCH


def ask_to_confirm(
    sentence: Sentence, scene: Scene, whom: Text = LONG_STANDING
) -> tuple[Action, ...]:
    """A card for the operators. Nothing happens to the member until it is upheld."""
    return open_card(
        scene,
        f"confirm:{sentence.case}",
        TaskKind.CONFIRM,
        CONFIRM,
        case=sentence.case,
        group=sentence.group,
        member=sentence.member,
        rule=sentence.rule,
        who=named(sentence.member),
        place=harmless(sentence.group.name) or sentence.group.id,
        whom=whom,
    )
