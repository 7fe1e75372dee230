"""Whether a word that only taking something out has made is really there.

`我参加，微信说` holds 加微信 once the comma is gone, and nobody wrote it. What stands between the
characters, and what stands around them, tells the two apart.
"""

from collections.abc import Iterator, Sequence

from rules.edits import Edit, Stage
from rules.gaps import Gap, drawn, nature, piece_ends, short
from rules.normalising import Normal
from rules.steps import Step

_TAKEN_OUT = frozenset({Step.SEPARATORS, Step.EMOJI})


def changed(normal: Normal, start: int, end: int, depth: int) -> bool:
    """Whether more than its single characters was changed to make this, after `depth` stages."""
    return any(edits for _, _, edits, _ in _ways(normal, start, end, depth))


def believable(normal: Normal, start: int, end: int, depth: int) -> bool:
    """Whether what was taken out to make this, after `depth` stages, was put in on purpose."""
    return all(
        _repeated(edits) and _separated(normal, each, span, edits, before)
        for each, span, edits, before in _ways(normal, start, end, depth)
    )


_Way = tuple[Stage, tuple[int, int], Sequence[Edit], int]


def _ways(normal: Normal, start: int, end: int, depth: int) -> Iterator[_Way]:
    """Back through the stages: each, the span before it, its edits there, how many came before."""
    for before in range(depth - 1, -1, -1):
        each = normal.stages[before]
        start, end = each.back(start, end)
        if not each.plain:
            yield each, (start, end), each.within(start, end), before


def _repeated(edits: Sequence[Edit]) -> bool:
    """微微微信 or 微微信信; 爸爸妈妈的 does not hold 妈的."""
    lengths = [end - start for start, end, _, step in edits if step is Step.REPEATS]
    return not lengths or len(lengths) > 1 or lengths[0] > 2  # noqa: PLR2004 - more than twice


def _separated(
    normal: Normal, each: Stage, span: tuple[int, int], edits: Sequence[Edit], before: int
) -> bool:
    """加*微, 加 微 信, 加，微，信; neither 大😂麻烦 nor 好，色彩."""
    gaps = [(at, until) for at, until, _, step in edits if step in _TAKEN_OUT]
    gaps = [gap for gap in gaps if not _spelt_out(each.old, *gap)]
    natures = [_nature(normal, each.old, gap, before) for gap in gaps]
    if not gaps or Gap.DECORATION in natures:
        return True
    if not all(short(each.old, until, left=False) for _, until in gaps[:-1]):
        return False
    sides = (short(each.old, gaps[0][0], left=True), short(each.old, gaps[-1][1], left=False))
    if all(sides):
        return True
    if len(gaps) > 1 or natures[0] is not Gap.PAUSE:
        return len(gaps) > 1 and Gap.LINE not in natures
    letters = span[1] - span[0] - (gaps[0][1] - gaps[0][0])
    return piece_ends(each.old, *span) or (any(sides) and letters > 2)  # noqa: PLR2004 - 我 操场


def _spelt_out(text: str, start: int, end: int) -> bool:
    """Between letters and digits rules/gaps.py has been careful enough."""
    return text[start - 1].isascii() and text[end].isascii()


def _nature(normal: Normal, text: str, gap: tuple[int, int], before: int) -> Gap:
    """As the member wrote it: ． and . are the same after the width of a character is."""
    start, end = normal.span_of(before, *gap)
    return (
        Gap.DECORATION
        if "．" in normal.original[start:end]
        else nature(drawn(text[slice(*gap)]))[0]
    )
