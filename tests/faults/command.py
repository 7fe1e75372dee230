"""The command `weilu` in a process of its own, on a database in a folder."""

import ctypes
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from faults.trial import HOUSE
from forks import exit_codes

_WEILU = f"import sys; sys.path.insert(0, {str(HOUSE)!r}); from bot.cli.main import main; main()"


@dataclass(frozen=True)
class Left:
    """What a command said, as bytes, and its exit status."""

    returncode: int | None
    stdout: bytes
    stderr: bytes


def weilu(folder: Path, *words: str, obedient: bool = False) -> Left:
    """Run a command with the config that is shipped; `obedient`: bound by permissions as others."""
    [code] = exit_codes(_run, folder, words, obedient)
    return Left(code, (folder / "stdout").read_bytes(), (folder / "stderr").read_bytes())


def _run(folder: Path, words: tuple[str, ...], obedient: bool) -> None:  # noqa: FBT001
    from bot.cli.main import main

    for number, name in enumerate((os.devnull, f"{folder}/stdout", f"{folder}/stderr")):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
    os.environ["WEILU_DATABASE_URL"] = f"sqlite:///{folder / 'weilu.db'}"
    os.chdir(folder)
    sys.argv = ["weilu", *words, "--config", str(HOUSE / "config.yaml")]
    if obedient:
        _obey_permissions()
        os.execv(sys.executable, [sys.executable, "-c", _WEILU, *sys.argv[1:]])  # noqa: S606
    main()


def _obey_permissions() -> None:
    """Even root obeys them without CAP_DAC_OVERRIDE, in what it starts from now on."""
    drop_from_bounding_set, dac_override = 24, 1
    ctypes.CDLL(None).prctl(drop_from_bounding_set, dac_override, 0, 0, 0)
