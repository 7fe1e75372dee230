"""5,000 words and 50 patterns for the judging row, beside the words that the chat really uses."""

from random import Random

_RARE = (
    "薅撸韭镰窑鑫淼瀛夔彧戬昶曌晟毓泓濠犇琛璟甄睿碚祎稷筱罡羿翀耘胤臻芃茜荟菡"
    "蔚薛蘅虢蝠袁裘觐訾谯豫赟辽邝郅酆钊铉阡隗霁靳韬颉飒馥骁鲲鸢麾黛"
)
"""Characters that the chat does not use: most words of a long list are not said all the time."""


def words(own: tuple[str, ...], seed: int, count: int = 5_000) -> tuple[str, ...]:
    """The chat's own words, and others of two to six characters, `count` in all."""
    draw = Random(seed)
    found = dict.fromkeys(own)
    while len(found) < count:
        found["".join(draw.choices(_RARE, k=draw.choice((2, 3, 3, 4, 4, 4, 5, 6))))] = None
    return tuple(found)


def patterns(seed: int, count: int = 50) -> tuple[str, ...]:
    """Expressions as people write them: two words some characters apart, or a word and digits."""
    draw = Random(seed + 1)
    made = []
    for number in range(count):
        one, other = ("".join(draw.choices(_RARE, k=2)) for _ in range(2))
        made.append(
            rf"{one}.{{0,8}}{other}" if number % 2 else rf"(?:{one}|{other})\s*[:：]?\s*\d{{4,}}"
        )
    return tuple(made)
