"""The handlers, in the order in which each event passes them."""

from handlers.agree import agree
from handlers.alert import alert
from handlers.announce import announce
from handlers.attribute import attribute
from handlers.cards import check
from handlers.command import command
from handlers.consenting import consent
from handlers.ending import end
from handlers.goal import pursue
from handlers.goal_end import conclude
from handlers.holding_back import release
from handlers.housekeep import housekeep
from handlers.measure import measure
from handlers.post import post
from handlers.reconcile import reconcile
from handlers.remember import remember
from handlers.scene import Handler
from handlers.silence import break_silence
from handlers.welcome import welcome


def stages(moderate: Handler) -> tuple[Handler, ...]:
    """The handlers in their order, written by hand: each may end the event for those behind it.

    What happened is recorded before it is judged, and judged before it is taken for a command or
    an answer. What is asked of humans is checked before anything else comes of it.
    """
    return (
        reconcile,
        remember,
        moderate,
        check,
        end,
        welcome,
        agree,
        consent,
        pursue,
        command,
        attribute,
        announce,
        post,
        break_silence,
        release,
        measure,
        conclude,
        alert,
        housekeep,
    )
