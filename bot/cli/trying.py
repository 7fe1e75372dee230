"""Messages to try the rules on, as they are written on the command line."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from bot.cli.leaving import FAULTY, leave
from bot.cli.speech import tr
from bot.config import Config
from bot.events import Group
from bot.shown import shown
from bot.validation_words import in_plain_words
from handlers.trying import LeftAlone, Line, Stage, Tried


def lines(text: str, given: Mapping[str, Any]) -> Iterator[Line]:
    """The text itself, or for `-` each line of the standard input, with what is `given` for all.

    A line may be a JSON object with the keys of Line. Leaves with status 2 at one that is faulty.
    """
    if text != "-":
        yield _read({**given, "text": _encodable(text)}, tr("选项", "option"))
        return
    for number, written in enumerate(sys.stdin, 1):
        stripped = _encodable(written.rstrip("\r\n"))
        place = tr(f"第 {number} 行", f"line {number}")
        own: dict[str, Any] = {"text": stripped}
        if stripped.startswith('{"'):
            try:
                own = json.loads(stripped)
            except ValueError:
                said = f"{place}：不是一行完整的 JSON", f"{place}: this is not a line of JSON"
                raise leave(tr(*said), FAULTY) from None
        yield _read({**given, **own}, place)


def _read(data: dict[str, Any], place: str) -> Line:
    try:
        return Line.model_validate(data)
    except ValidationError as wrong:
        error = wrong.errors(include_url=False)[0]
    where = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        known = "、".join(Line.model_fields)
        said = f"没有这一项，可写 no such key, there are: {known}"
    else:
        said = " ".join(filter(None, in_plain_words(error)))
    raise leave(f"{place} {shown(where)}：{said}", FAULTY)


def outcomes(stage: Stage, line: Line, number: int, config: Config) -> Tried:
    """What is found in the named group, or in that of the first entry of the config."""
    wanted = line.group if line.group is not None else config.first_group_name()
    try:
        return stage.outcomes(line, number, Group(config.account.name, wanted, wanted))
    except LeftAlone:
        raise leave(
            tr(
                f"配置里没有哪一条适用于群「{shown(wanted)}」：围炉不会理会这个群。",
                f"No entry of the config applies to the group “{shown(wanted)}”: it is left alone.",
            ),
            FAULTY,
        ) from None


def _encodable(text: str) -> str:
    """The text without halves of characters, which no terminal and no JSON takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
