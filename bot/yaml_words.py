"""What the YAML reader complains about, in plain words."""

from ruamel.yaml.error import MarkedYAMLError

_KNOWN = (
    (
        "'\\t'",
        "缩进里有制表符（Tab） a tab in the indentation",
        "请改用空格 use spaces instead",
    ),
    (
        "mapping values are not allowed",
        "这里不能再有「: 」 “: ” cannot stand here",
        "缩进不对，或含冒号的文字要加引号 wrong indentation, or a text with a colon needs quotes",
    ),
    (
        "could not find expected ':'",
        "这一行少了「:」 a “:” is missing in this line",
        "冒号要用半角，后面跟一个空格 an ASCII colon followed by a space",
    ),
    (
        "unexpected end of stream",
        "引号没有合上 a quotation mark is not closed",
        "",
    ),
    (
        "expected ',' or ']'",
        "方括号没有合上，或少了逗号 a bracket is not closed, or a comma is missing",
        "[ ] 与逗号都要用半角 use ASCII brackets and commas",
    ),
    (
        "expected ',' or '}'",
        "花括号没有合上，或少了逗号 a brace is not closed, or a comma is missing",
        "以 { 开头的文字请加引号 quote text beginning with {",
    ),
    (
        "<block end>",
        "缩进与上文对不上 the indentation does not fit what stands above",
        "同一层的行要从同一列开始 lines of one level begin in one column",
    ),
    (
        "cannot start any token",
        "这个符号不能放在开头 a value cannot begin with this character",
        "给这段文字加上引号 put the text in quotes",
    ),
    (
        "escape character",
        "双引号里的反斜杠写法不对 this backslash means nothing inside double quotes",
        "改用单引号，或写成 \\\\ use single quotes, or write \\\\",
    ),
    (
        "document start",
        "这里没有可以接下去的内容 nothing can follow here",
        "",
    ),
)


_BEGUN = ("could not find expected", "unexpected end of stream", "expected ','")


def place(error: MarkedYAMLError) -> int:
    """Where to point: at the beginning of what was never finished, else where reading stopped."""
    begun = any(sign in str(error.problem) for sign in _BEGUN)
    marks = (error.problem_mark, error.context_mark)
    mark = next((mark for mark in (reversed(marks) if begun else marks) if mark), None)
    return mark.index if mark else 0


def in_plain_words(error: MarkedYAMLError) -> tuple[str, str]:
    """What is wrong, Chinese first, and a hint (or nothing)."""
    problem = str(error.problem or error.context or "")
    for sign, said, hint in _KNOWN:
        if sign in problem:
            return said, hint
    return f"YAML 写法有误 not valid YAML: {problem}", ""
