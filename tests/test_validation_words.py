from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.validation_words import in_plain_words


class Fruit(StrEnum):
    """Something to choose from."""

    APPLE = "apple"
    PEAR = "pear"


class Section(BaseModel):
    """A section with one setting."""

    model_config = ConfigDict(extra="forbid")

    url: int = 1


def words(kind: Any, value: Any) -> tuple[str, str]:
    """What is said when a value is refused."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value, strict=True)
    return in_plain_words(refused.value.errors()[0])


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (int, "x", "应是一个整数，这里是「x」 should be a whole number, it is “x”"),
        (int, None, "应是一个整数，这里是空的 should be a whole number, it is empty"),
        (float, "x", "应是一个数，这里是「x」 should be a number, it is “x”"),
        (bool, 3, "应是 true 或 false，这里是「3」 should be true or false, it is “3”"),
        (str, ["x"], "应是一段文字 should be a text"),
        (tuple[int, ...], "x", "应是一个列表，这里是「x」 should be a list, it is “x”"),
        (list[int], 3, "应是一个列表，这里是「3」 should be a list, it is “3”"),
        (frozenset[int], True, "应是一个列表，这里是「true」 should be a list, it is “true”"),
        (dict[str, int], [], "应是一组「键: 值」 should be a section of “key: value” lines"),
        (Annotated[int, Field(ge=2)], 1, "不能小于 2，这里是「1」 no less than 2, it is “1”"),
        (Annotated[int, Field(gt=2)], 2, "必须大于 2，这里是「2」 more than 2, it is “2”"),
        (Annotated[int, Field(le=2)], 3, "不能大于 2，这里是「3」 no more than 2, it is “3”"),
        (Annotated[int, Field(lt=2)], 2, "必须小于 2，这里是「2」 less than 2, it is “2”"),
        (
            Annotated[timedelta, Field(le=timedelta(days=1, hours=2))],
            timedelta(days=3),
            "不能大于 1d2h，这里是「3 days, 0:00:00」 no more than 1d2h, it is “3 days, 0:00:00”",
        ),
        (
            Annotated[str, Field(min_length=2)],
            "x",
            "至少要有 2 个字，这里是「x」 at least 2 characters, it is “x”",
        ),
        (
            Annotated[str, Field(max_length=2)],
            "x" * 99,
            f"最多 2 个字，这里是「{'x' * 39}…」 at most 2 characters, it is “{'x' * 39}…”",
        ),
        (Annotated[list[int], Field(min_length=1)], [], "至少要有 1 项 at least 1 entries"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "最多 1 项 at most 1 entries"),
        (
            Annotated[str, Field(pattern="^a")],
            "x",
            "写法不对，这里是「x」 not in the right form, it is “x”",
        ),
    ],
)
def test_the_usual_complaints_are_said_in_both_languages(
    kind: Any, value: object, said: str
) -> None:
    """What is expected, and what stands there instead."""
    assert said == words(kind, value)[0]


@pytest.mark.parametrize(
    ("kind", "value", "hint"),
    [
        (str, 3, 'put it in quotes: "3"'),
        (str, True, 'put it in quotes: "true"'),
        (int, "3", "去掉引号"),
        (bool, "off", "true 与 false"),
        (bool, "开", "true 与 false"),
        (bool, "maybe", ""),
        (list[int], "3", "- "),
        (dict[str, int], "limit：3", "半角"),
        (Section, "limit:3", "半角"),
        (Section, "limit", ""),
        (ZoneInfo, "Europe/Pari", "Europe/Paris"),
        (ZoneInfo, "没有", "Asia/Shanghai"),
        (Literal["zh", "en"], "zhh", "zh"),
    ],
)
def test_a_hint_says_how_it_was_probably_meant(kind: Any, value: object, hint: str) -> None:
    """Where that can be told."""
    found = words(kind, value)[1]
    assert hint in found
    assert bool(hint) == bool(found)


def test_a_choice_names_all_there_is() -> None:
    """And the nearest."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Fruit).validate_python("aple")
    said, hint = in_plain_words(refused.value.errors()[0])
    assert "只能是 apple、pear，这里是「aple」 must be one of apple, pear, it is “aple”" == said
    assert "你是想写 apple 吗" in hint


def test_what_could_be_a_secret_is_not_repeated() -> None:
    """By the name of the setting."""
    with pytest.raises(ValidationError) as refused:
        Section.model_validate({"url": "geheim"}, strict=True)
    assert "应是一个整数 should be a whole number" == in_plain_words(refused.value.errors()[0])[0]


def test_an_unusual_complaint_is_passed_on() -> None:
    """Chinese before it, at least."""
    said, _ = words(bytes, 3)
    assert said.startswith("不合要求 not accepted: ")
