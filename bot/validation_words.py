"""What pydantic complains about, in plain words: Chinese first, with English beside it.

A value is shown shortened, and never where it could hold a secret.
"""

import json
import re
import zoneinfo
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pydantic_core import ErrorDetails

from bot.duration import show
from bot.faults import brief, did_you_mean

_SECRET = re.compile(r"token|secret|passw|url|令牌|密码", re.IGNORECASE)
_COLON = re.compile(r"^\s*[\w]+\s*(：|:(?!\s))")
_LONG_WORD = re.compile(r"[^\s{}「」“”，：、]{41,}")
_IN_CHINA = re.compile(r"beijing|peking|china|中国|北京|上海", re.IGNORECASE)
_IN_WORDS = re.compile(r"(\d+) (day|hour|minute|second)")
_IN_CODE = re.compile(r"\b(days|seconds)=(\d+)")
_ON_OFF = {"on", "off", "yes", "no", "y", "n", "是", "否", "开", "关"}

_LIST = ("一个列表", "a list")
_SECTION = ("一组「键: 值」", "a section of “key: value” lines")
_KINDS = {
    "int": ("一个整数", "a whole number"),
    "float": ("一个数", "a number"),
    "bool": (" true 或 false", "true or false"),
    "string": ("一段文字", "a text"),
    "tuple": _LIST,
    "list": _LIST,
    "set": _LIST,
    "frozen_set": _LIST,
    "dict": _SECTION,
    "model": _SECTION,
}

_BOUNDS = {
    "greater_than_equal": ("ge", "不能小于 {}", "no less than {}"),
    "greater_than": ("gt", "必须大于 {}", "more than {}"),
    "less_than_equal": ("le", "不能大于 {}", "no more than {}"),
    "less_than": ("lt", "必须小于 {}", "less than {}"),
    "string_too_short": ("min_length", "至少要有 {} 个字", "at least {} characters"),
    "string_too_long": ("max_length", "最多 {} 个字", "at most {} characters"),
    "too_short": ("min_length", "至少要有 {} 项", "at least {} entries"),
    "too_long": ("max_length", "最多 {} 项", "at most {} entries"),
}


def in_plain_words(error: ErrorDetails) -> tuple[str, str]:
    """What is wrong, Chinese first, and a hint (or nothing)."""
    kind = error["type"]
    expected = _KINDS.get(kind.removesuffix("_type").removesuffix("_from_float"))
    if expected:
        zh, en = expected
        return _said(error, f"应是{zh}", f"should be {en}"), _type_hint(kind, error["input"])
    if kind in _BOUNDS:
        name, zh, en = _BOUNDS[kind]
        bound = _bound(error["ctx"][name])
        return _said(error, zh.format(bound), en.format(bound)), ""
    special = _SPECIAL.get(kind)
    return special(error) if special else (f"不合要求 not accepted: {_ours(error)}", "")


def _said(error: ErrorDetails, zh: str, en: str) -> str:
    """A sentence in both languages, with what stands in the file unless it could be a secret."""
    value = error["input"]
    if value is None:
        return f"{zh}，这里是空的 {en}, it is empty"
    if isinstance(value, dict | list) or any(_SECRET.search(str(key)) for key in error["loc"]):
        return f"{zh} {en}"
    text = brief(value)
    return f"{zh}，这里是「{text}」 {en}, it is “{text}”"


def _bound(value: Any) -> str:
    """A bound as the file would have it; pydantic writes lengths in one of three ways."""
    if isinstance(value, timedelta):
        return show(value)
    text = value if isinstance(value, str) else ""
    if text == repr(timedelta(0)):
        return show(timedelta(0))
    lengths = {f"{unit}s": int(number) for number, unit in _IN_WORDS.findall(text)}
    lengths |= {unit: int(number) for unit, number in _IN_CODE.findall(text)}
    return show(timedelta(**lengths)) if lengths else str(value)


def _type_hint(kind: str, value: Any) -> str:
    """How to write what was probably meant."""
    text = str(value)
    if kind in ("model_type", "dict_type") and isinstance(value, str) and _COLON.match(text):
        return "冒号要用半角「:」，后面跟一个空格 write an ASCII colon followed by a space"
    if kind in ("tuple_type", "frozen_set_type", "list_type") and isinstance(value, str):
        return "每项一行，以「- 」开头 one entry a line, each beginning with “- ”"
    if kind == "string_type" and isinstance(value, bool | int | float):
        return f"请加引号 put it in quotes: {json.dumps(brief(value), ensure_ascii=False)}"
    if kind == "int_type" and isinstance(value, str) and text.isdecimal():
        return "请去掉引号 leave out the quotes"
    if kind == "bool_type" and text.casefold() in _ON_OFF:
        return "YAML 1.2 里只有 true 与 false YAML 1.2 knows only true and false"
    return ""


def _enum(error: ErrorDetails) -> tuple[str, str]:
    known = re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))
    said = _said(error, f"只能是 {'、'.join(known)}", f"must be one of {', '.join(known)}")
    return said, did_you_mean(str(error["input"])[:60], known)


def _zone(error: ErrorDetails) -> tuple[str, str]:
    written = str(error["input"])[:60]
    said = _said(error, "没有这个时区", "there is no such time zone")
    if _IN_CHINA.search(written):
        return said, "全国都写 all of China is Asia/Shanghai"
    hint = did_you_mean(written, zoneinfo.available_timezones())
    return said, hint or "例如 for example Asia/Shanghai"


def _day(error: ErrorDetails) -> tuple[str, str]:
    said = _said(error, "没有这一天", "there is no such day")
    return said, "请写成 2026-12-31 这样 write it like 2026-12-31"


def _ours(error: ErrorDetails) -> str:
    """The words of a validator of our own, or pydantic's where it is none of ours."""
    cause = error.get("ctx", {}).get("error")
    said = str(cause) if cause is not None else error["msg"]
    if said.startswith(("Single '", "expected '}'", "unexpected '{'", "unmatched")):
        return "花括号不成对，要写花括号本身请写 {{ }} unpaired braces, write {{ }} for plain ones"
    return _LONG_WORD.sub(lambda word: brief(word[0]), said)


def _missing(error: ErrorDetails) -> tuple[str, str]:
    key = error["loc"][-1]
    return f"缺少「{key}」 “{key}” is missing", ""


_SPECIAL: dict[str, Callable[[ErrorDetails], tuple[str, str]]] = {
    "missing": _missing,
    "enum": _enum,
    "literal_error": _enum,
    "zoneinfo_str": _zone,
    "date_from_datetime_parsing": _day,
    "date_from_datetime_inexact": _day,
    "date_parsing": _day,
    "date_type": _day,
    "value_error": lambda error: (_ours(error), ""),
    "string_pattern_mismatch": lambda error: (
        _said(error, "写法不对", "not in the right form"),
        "",
    ),
}
