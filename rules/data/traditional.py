# ruff: noqa: INP001 - run, never imported
"""Writes traditional.txt anew from OpenCC's tables: `python rules/data/traditional.py`.

Needs the package `opencc`, which is for development only. Every ideograph that OpenCC turns into
one other one makes a line: general tables first, then those of Taiwan and Hong Kong.
"""

import sys
import unicodedata
from pathlib import Path

from opencc import OpenCC

_HEAD = """\
# Traditional character, simplified character. Written by traditional.py, do not edit.
# From the dictionaries of OpenCC (https://github.com/BYVoid/OpenCC), Apache License 2.0,
# Copyright (c) 2010-2026 Carbo Kuo (BYVoid) and contributors.
"""
_SIMPLIFIED_TOO = frozenset("么著")
"""Which some table changes although simplified Chinese writes them every day."""


def main() -> None:
    """Write the table beside this file."""
    converters = [OpenCC(name) for name in ("t2s", "tw2s", "hk2s")]
    table = {}
    for char in map(chr, range(0x3400, sys.maxunicode + 1)):
        if unicodedata.name(char, "").startswith("CJK UNIFIED") and char not in _SIMPLIFIED_TOO:
            made = (converter.convert(char) for converter in converters)
            table[char] = next((one for one in made if len(one) == 1 and one != char), char)
    lines = []
    for char in table:
        simple = char
        while table.get(simple, simple) != simple:
            simple = table[simple]
        if simple != char:
            lines.append(f"{char}\t{simple}\n")
    path = Path(__file__).with_name("traditional.txt")
    path.write_text(_HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
