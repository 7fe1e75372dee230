"""One pass over a text that tells whether there may be anything to normalise in it.

Nearly all of what people write needs nothing. To find that out by one expression for all steps
takes half the time that one for each of them does.
"""

import re
from collections.abc import Callable

from rules.characters import Characters
from rules.charsets import one_of
from rules.gaps import GAP
from rules.runs import NUMERALS
from rules.spellings import Spellings
from rules.steps import Step


def glance(
    table: Characters, spellings: Spellings, steps: frozenset[Step]
) -> Callable[[str], re.Match[str] | None]:
    """Finds where one of the steps may have something to do; all of them but repeats."""
    quiet = still = table.quiet
    signs: list[str] = []
    if Step.SPELLINGS in steps:
        still = still.without(map(ord, spellings.first_signs))
        signs.append(spellings.sign)
    if Step.DIGITS in steps:
        still = still.without(map(ord, f"{NUMERALS}0123456789"))
        signs.append(f"(?<=[{NUMERALS}])[{NUMERALS}]{{4}}")
    if not steps.isdisjoint({Step.SEPARATORS, Step.EMOJI}):
        still = still.where(str.isalnum)
        signs.append(GAP)
    # what is not quiet by itself is enough, and the rest of the class needs a sign
    restless = quiet.beyond(still)
    signs.append(f"(?<![{one_of(restless)}])" if restless else "")
    worth_it = f"[{still.others()}](?:{'|'.join(signs)})"
    return re.compile(worth_it, re.VERBOSE | re.DOTALL).search
