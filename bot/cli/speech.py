"""In which language the command line speaks: Chinese, unless the locale says otherwise."""

import os

from bot.texts import Language


def speaks_chinese() -> bool:
    """True for a Chinese locale and where no locale says anything (C, POSIX, unset)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value.lower().startswith("zh") or value.split(".")[0] in ("C", "POSIX")
    return True


def tr(zh: str, en: str) -> str:
    """The one of the two that this reader reads."""
    return zh if speaks_chinese() else en


def language() -> Language:
    """The one that this reader reads."""
    return Language.ZH if speaks_chinese() else Language.EN
