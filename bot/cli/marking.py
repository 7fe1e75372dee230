"""How the command line shows what a rule found: the place in the text, and what follows."""

from rich.table import Table

from bot.cli.speech import speaks_chinese, tr
from bot.shown import shown
from bot.texts import Language
from handlers.ladder_words import what_follows
from rules.consequences import Consequence
from rules.ladder import Step
from rules.steps import Step as Normalising

_AROUND = 40


def marked(text: str, span: tuple[int, int]) -> str:
    """The text with 【what was found】, on one line, as much of it as fits.

    Unmarked where the whole message, or what somebody does, is the offence.
    """
    start, end = span
    if not end:
        return shown(text if len(text) <= 2 * _AROUND else f"{text[: 2 * _AROUND]}…")
    before, found, after = text[:start], text[start:end], text[end:]
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:]
    if len(after) > _AROUND:
        after = after[:_AROUND] + "…"
    if len(found) > 2 * _AROUND:
        found = f"{found[:_AROUND]}…{found[-_AROUND:]}"
    return shown(f"{before}【{found}】{after}")


def follows(step: Step) -> str:
    """What a step of the ladder is, in the words that members read."""
    return what_follows(step, Language.ZH if speaks_chinese() else Language.EN)


def consequence(which: Consequence) -> str:
    """What follows from a finding, in words."""
    return {
        Consequence.NOTE: tr("记下", "note"),
        Consequence.REMIND: tr("提醒", "reminder"),
        Consequence.WARN: tr("警告", "warning"),
        Consequence.QUIET: tr("静言", "quiet period"),
        Consequence.REMOVE: tr("移出", "removal"),
        Consequence.BAN: tr("移出，不再邀请", "removal for good"),
    }[which]


def normalising(step: str) -> str:
    """What a step of normalisation undoes, in words."""
    return {
        Normalising.INVISIBLE: tr("看不见的字符", "invisible characters"),
        Normalising.WIDTH: tr("全角半角", "full and half width"),
        Normalising.ORNATE: tr("带圈、花体", "ornate letters"),
        Normalising.MARKS: tr("附加符号", "marks on letters"),
        Normalising.LOOKALIKES: tr("形近字母", "look-alike letters"),
        Normalising.CASE: tr("大小写", "capitals"),
        Normalising.TRADITIONAL: tr("繁体", "traditional characters"),
        Normalising.SEPARATORS: tr("字间的符号", "signs in between"),
        Normalising.EMOJI: tr("字间的表情", "emoji in between"),
        Normalising.DIGITS: tr("汉字数字", "Chinese numerals"),
        Normalising.REPEATS: tr("叠字", "repeated characters"),
        Normalising.SPELLINGS: tr("拆字、谐音", "other spellings"),
    }[Normalising(step)]


def unshortened(table: Table) -> Table:
    """On a narrow screen its cells go on below: nothing is cut off, though Chinese has no gaps."""
    for column in table.columns:
        column.overflow = "fold"
    return table
