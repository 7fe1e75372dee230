"""Chinese numerals where digits are meant, and characters written again and again."""

import re

from rules.edits import Edit
from rules.steps import Step

NUMERALS = "0-9零〇幺一二三四五六七八九壹贰叁肆伍陆柒捌玖"
"""The inside of a class."""
_VALUES = str.maketrans("零〇幺一二三四五六七八九壹贰叁肆伍陆柒捌玖", "001123456789123456789")
IN_A_ROW = re.compile(f"[{NUMERALS}]{{5,}}+")
_COUNTING = frozenset("十百千万亿点")
"""Beside which a numeral is part of a number in words."""
AGAIN = re.compile(r"(.)\1(?<![\d哈呵嘿嘻呜啊哦嗯噢呃哼唉嗷])(?:\1*(?:(.)\2+)+|\1+)")
"""Laughing and sighing is written so and in no other way; and numbers are what they are."""


def numerals(text: str) -> list[Edit]:
    """Five digits in a row or more, some of them written in Chinese: 一三八零零, not 一五一十."""
    found: list[Edit] = []
    for run in IN_A_ROW.finditer(text):
        start, end = run.span()
        digits = run[0].translate(_VALUES)
        beside = (text[start - 1 : start], text[end : end + 1])
        if digits != run[0] and _COUNTING.isdisjoint(beside):
            found.append((start, end, digits, Step.DIGITS))
    return found


def repeats(text: str) -> list[Edit]:
    """Three times the same or more, or several characters twice each; 妈妈的 stays as it is."""
    found: list[Edit] = []
    for several in AGAIN.finditer(text):
        # 加加微微; letters are doubled in many words, and digits in many numbers
        twice = 2 if several[2] and not several[0].isascii() else 3
        for run in _RUN.finditer(text, *several.span()):
            start, end = run.span()
            enough = end - start >= (3 if run[1].isascii() else twice)
            if enough and run[1].isalpha() and not _is_address(text, start, end):
                found.append((start, end, run[1], Step.REPEATS))
    return found


_RUN = re.compile(r"(.)\1+")


def _is_address(text: str, start: int, end: int) -> bool:
    return text[start:end] == "www" and text[end : end + 1] == "."
