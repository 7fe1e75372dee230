import fcntl
import os
import pty
import shutil
import subprocess
import sys
import termios
from pathlib import Path

HOUSE = Path(__file__).parents[2]


def test_make_ends_well_on_ctrl_c(tmp_path: Path):
    """`make run` in a terminal, then Ctrl-C: Weilu says that it stopped, and make's status is 0."""
    shutil.copy(HOUSE / "config.yaml", tmp_path)
    (tmp_path / "Makefile").write_text(
        f'run:\n\t@{sys.executable} -c "from bot.cli.main import main; main()" run\n'
    )
    ours, theirs = pty.openpty()
    make = subprocess.Popen(
        ["make", "run"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(HOUSE), "LC_ALL": "zh_CN.UTF-8"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        # Makes it the controlling terminal. The tests that start this have no threads of their own.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
    )
    os.close(theirs)

    read_until(ours, "/帮助")
    os.write(ours, b"\x03")
    said = read_until(ours, "围炉已停")

    assert "围炉已停" in said
    assert 0 == make.wait(30)
    os.close(ours)


def read_until(terminal: int, words: str) -> str:
    """What the terminal shows, until these words or its end."""
    shown = b""
    while words not in shown.decode(errors="replace"):
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            break
    return shown.decode(errors="replace")
