"""Two processes: on one account the second says so and stops; on two accounts they share."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from faults.counting import count
from faults.trial import HOUSE, Trial


async def test_the_second_on_an_account_stops(tmp_path: Path, database_url: str):
    """It says who is there, exit status 1, and the first goes on as if nothing had been."""
    async with Trial(tmp_path, seed=31, url=database_url) as trial:
        await trial.start()
        async with asyncio.timeout(20):
            await trial.far.listening.wait()
        second = await trial.start()
        async with asyncio.timeout(20):
            status = await second.wait()
        said = trial.words()
        await trial.say(100)
        await trial.heard_all()
        await trial.settle()
        found = count(trial)

    assert 1 == status
    assert "已有一个围炉在运行" in said
    assert "already running" in said
    assert found.is_clean, found.table()


def test_weilu_run_twice(tmp_path: Path):
    """The command itself: the second `weilu run` leaves with a sentence, then the first goes on."""
    command = [sys.executable, "-c", "from bot.cli.main import main; main()", "run"]
    where = {"PYTHONPATH": str(HOUSE), "WEILU_DATABASE_URL": f"sqlite:///{tmp_path / 'weilu.db'}"}
    told = {
        "cwd": tmp_path,
        "env": os.environ | where,
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }
    command += ["--config", str(HOUSE / "config.yaml")]
    first = subprocess.Popen(command, **told)  # type: ignore[call-overload]
    deadline = time.monotonic() + 20
    while not list(tmp_path.glob("weilu.db.*.lock")) and time.monotonic() < deadline:
        time.sleep(0.05)
    second = subprocess.run(  # type: ignore[call-overload]
        command, **(told | {"stdin": subprocess.DEVNULL}), timeout=30, check=False
    )
    still_there = first.poll()
    first.send_signal(signal.SIGTERM)
    _, err = first.communicate(timeout=30)

    assert (1, None, 0) == (second.returncode, still_there, first.returncode), err
    assert f"pid {first.pid}" in second.stderr
    assert "Traceback" not in second.stderr + err


async def test_two_accounts_share_one_database(tmp_path: Path, new_postgres: Callable[[], str]):
    """Each acts for its own account alone, and nothing is done by both."""
    url = new_postgres()
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with (
        Trial(tmp_path / "a", seed=32, url=url, account="甲号") as one,
        Trial(tmp_path / "b", seed=33, url=url, account="乙号") as two,
    ):
        for trial in (one, two):
            await trial.start()
            async with asyncio.timeout(20):
                await trial.far.listening.wait()
        await asyncio.gather(*(trial.say(400) for trial in (one, two)))
        for trial in (one, two):
            await trial.heard_all()
            await trial.settle()
        done = Counter(action.key for trial in (one, two) for action in trial.far.done)

    assert [] == [key for key, times in done.items() if times > 1]
    for trial in (one, two):
        accounts = {place.account for place in trial.far.places()}
        assert {trial.account} == accounts
