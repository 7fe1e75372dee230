"""Who may act for the house: those whom config.yaml names, and those who said a one-time code."""

from bot.events import Identity
from handlers.scene import Scene
from handlers.verdicts import NO_RIGHT, Verdict
from storage.values_of_order import Doer, OperatorRole


def role_of(scene: Scene, identity: Identity) -> OperatorRole | None:
    """What somebody may do; None for everybody who is no operator. The higher of two roles counts.

    Asks storage once a transaction, and only those that config.yaml does not name as admins: a
    right that was given or taken away counts from the next decision on.
    """
    if identity.id in scene.house.admin_ids:
        return OperatorRole.ADMIN
    stored = scene.work.operators.get(identity)
    if stored is not None and stored.role is OperatorRole.ADMIN:
        return OperatorRole.ADMIN
    named = stored is not None or identity.id in scene.house.operator_ids
    return OperatorRole.OPERATOR if named else None


def no_right(scene: Scene, by: Doer) -> Verdict | None:
    """Why somebody may not decide; None if they may, as who is no identity always may."""
    if isinstance(by, Identity) and role_of(scene, by) is None:
        return Verdict(done=False, words=NO_RIGHT)
    return None


def operators(scene: Scene) -> list[Identity]:
    """Everybody who may act, in the order of their ids."""
    account = scene.house.account
    stored = {each.identity.id for each in scene.work.operators.all(account)}
    return [Identity(account, one) for one in sorted(scene.house.operator_ids | stored)]
