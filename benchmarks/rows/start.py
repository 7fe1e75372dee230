"""From process start to the first message answered."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import environment, gateway_load
from benchmarks.gateway_load import TOKEN, Client, Gateway, gateway, start_client
from benchmarks.row import Figure, Row, Side, Target
from benchmarks.side import Figures, options, serve

_MODULE = "benchmarks.rows.start"
_CONFIG = """
account: {{name: 围炉, gateway: wechaty}}
wechaty: {{tls: false}}
storage: {{url: "sqlite:///{file}"}}
pace: {{typing_per_character: 0, per_minute: 60, group_per_minute: 60}}
defaults:
  rules:
    keywords: {{reason: 这里不做广告, words: {words}}}
    flood: {{reason: 让别人也说得上话}}
  moderate: {{cooldown: 0s}}
groups:
  - match: {{pattern: "*"}}
"""

ROW = Row(
    "start",
    (
        Side(
            "ours",
            "`weilu run` with a config file and the database of the day before",
            _MODULE,
            argument="ours",
        ),
        Side("typescript", "npm wechaty 1.20 answering keywords", _MODULE, argument="typescript"),
        Side(
            "python-wechaty",
            "python-wechaty 0.10.7 on Python 3.10 answering keywords",
            _MODULE,
            argument="python-wechaty",
            needs_python310=True,
        ),
        Side(
            "bare",
            "a small grpcio.aio client answering keywords",
            _MODULE,
            argument="bare",
            extra=True,
        ),
    ),
    (
        Figure(
            "from process start to the first message answered",
            "seconds",
            "s",
            Target(0.5, at_least=False),
            "typescript",
        ),
        Figure("the same", "seconds", "s", Target(0.5, at_least=False), "python-wechaty"),
        Figure("the same", "seconds", "s", None, "bare"),
        Figure(
            "members' details loaded before the first answer (the room has 500)",
            "details",
            "",
            Target(10, at_least=False, of_ratio=False),
            "typescript",
        ),
    ),
    size=1,
    quick_size=1,
    warm_up=0,  # each side has been started once before
    notes=(
        (
            "one room of 500 members, every payload takes 20 ms behind the gateway; it says the "
            "same hit every 20 ms until answered; timed from before the process is created"
        ),
        "every side has its compiled files, as installed programs have",
    ),
    needs_node=True,
)


def main() -> None:
    """Serve measurements."""
    asked = options()
    words = gateway_load.chat(asked.seed).words
    with gateway(rooms=1, members=500, ofOne=500, delay=20) as (running, place):
        _once_before(asked.side, running, words, place)

        def measure() -> Figures:
            if asked.side == "ours":
                _yesterday(place)
            begun = time.time()
            client = _start(asked.side, running.endpoint, words, place)
            try:
                found = running.knock(words[0], every=20, patience=60)
            finally:
                client.process.kill()
                client.process.wait()
                time.sleep(0.3)  # the gateway notices that its client is gone
            if not found["answeredAt"]:
                raise RuntimeError("no answer")
            return {
                "seconds": found["answeredAt"] / 1_000 - begun,
                "details": found["contact"] + found["roomMember"],
            }

        serve(measure)


def _once_before(side: str, running: Gateway, words: tuple[str, ...], place: Path) -> None:
    """Not measured: files are read from the disk for the first time, and our people are known."""
    client = _start(side, running.endpoint, words, place)
    running.knock(
        words[0], every=500, patience=60
    )  # every hit is answered: the pace is not used up
    if side == "ours":
        time.sleep(3)  # the rules are posted, nothing waits
        client.process.send_signal(signal.SIGINT)
        client.process.wait(30)
        shutil.copy(place / "weilu.db", place / "known.db")
    client.process.kill()
    client.process.wait()


def _yesterday(place: Path) -> None:
    """The database as it was closed, without the log of a process that was killed since."""
    for log in place.glob("weilu.db-*"):
        log.unlink()
    shutil.copy(place / "known.db", place / "weilu.db")


def _start(side: str, endpoint: str, words: tuple[str, ...], place: Path) -> Client:
    """A process that has just begun; each with nothing cached but our database."""
    if side != "ours":
        home = place / f"{time.monotonic_ns()}"
        home.mkdir()
        return start_client(side, endpoint, words, home)
    file = place / "config.yaml"
    file.write_text(
        _CONFIG.format(file=place / "weilu.db", words=json.dumps(words, ensure_ascii=False)),
        encoding="utf-8",
    )
    surroundings = {
        **environment.installed(),
        "WECHATY_PUPPET_SERVICE_TOKEN": TOKEN,
        "WECHATY_PUPPET_SERVICE_ENDPOINT": endpoint,
    }
    program = Path(sys.executable).with_name("weilu")
    return Client(
        subprocess.Popen(
            [program, "run", "-c", str(file)], cwd=place, env=surroundings, stdout=sys.stderr
        )
    )


if __name__ == "__main__":
    main()
