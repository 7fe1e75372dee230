"""The command `weilu`. `weilu run` as it is usually called starts without the frame of commands."""

import contextlib
import os
import sys
from collections.abc import Sequence

from bot.cli.importing import imported
from bot.cli.speech import tr

# Looking through every installed package for plugins of pydantic takes as long as connecting does.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def main() -> None:
    """Run the command line; a wrong call gets a sentence, never a traceback."""
    try:
        status = _call(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last door: no traceback reaches a person
        print(_unexpected(error), file=sys.stderr)  # noqa: T201
        sys.exit(1)
    sys.exit(status)


def _call(words: Sequence[str]) -> int:
    asked = plain_run(words)
    if asked is None:
        status: int = imported("bot.cli.commands").call()
        return status
    imported("bot.cli.serving").serve(*asked)
    return 0


def plain_run(words: Sequence[str]) -> tuple[str, bool] | None:
    """The config file and whether it is a dry run, of a `run` with nothing but these options.

    None: the frame must read the call. It knows more ways to write one, takes time to import (a
    tenth of what passes until the first answer), and says what is wrong.
    """
    if words[:1] != ["run"]:
        return None
    config, dry_run = "config.yaml", False
    rest = iter(words[1:])
    for word in rest:
        if word == "--dry-run":
            dry_run = True
            continue
        if word not in {"-c", "--config"}:
            return None
        config = next(rest, "")
        if not config or config.startswith("-"):
            return None
    return config, dry_run


def _unexpected(error: Exception) -> str:
    """A sentence for a fault of ours; the traceback goes into a file that can be sent to us.

    A new file each time: of a name known beforehand another user could have made a link.
    """
    import tempfile  # what goes wrong once in a while, every start need not wait for
    import traceback

    kept = tr("详情没能写下来", "the details could not be written down")
    with contextlib.suppress(OSError):
        number, file = tempfile.mkstemp(prefix="weilu-error-", suffix=".txt")
        with os.fdopen(number, "w", encoding="utf-8", errors="replace") as details:
            details.write("".join(traceback.format_exception(error)))
        kept = tr(f"详情在 {file}，请发给我们", f"the details are in {file}, please send it to us")
    return tr(
        f"围炉出了没料到的错（{type(error).__name__}），已记下的都在；{kept}。",
        f"Something unexpected went wrong ({type(error).__name__}), nothing recorded is lost; "
        f"{kept}.",
    )
