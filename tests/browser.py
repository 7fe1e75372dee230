"""A real Chromium for the tests of the console, installed where it can be."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGES = ("chromium", "fonts-noto-cjk")
_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESK = {"width": 375, "height": 760}, {"width": 1280, "height": 860}


def chromium() -> str:
    """Where Chromium is. Skips where there is none and none can be installed; fails then in CI."""
    with (Path(tempfile.gettempdir()) / "weilu-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several pytest processes, one installation
        found = _found() or _installed()
    if found is None:
        reason = "没有 Chromium，也装不了（需要 root 与 apt）。 There is no Chromium here."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def _found() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


def _installed() -> str | None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    install = ["install", "-y", "--no-install-recommends", *_PACKAGES]
    if not _apt(apt, *install):
        _apt(apt, "update")
        _apt(apt, *install)
    return _found()


def _apt(apt: str, *words: str) -> bool:
    """Quietly; whether it went well."""
    done = subprocess.run(
        [apt, *words],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


@asynccontextmanager
async def browser(*, phone: bool = False) -> AsyncIterator[Page]:
    """A page in a browser of its own; whatever its console complains of fails the test."""
    path = chromium()
    complaints: list[str] = []
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=path, args=_SWITCHES)
        context = await running.new_context(viewport=PHONE if phone else DESK)
        page = await context.new_page()
        page.on("console", lambda line: _note(complaints, line.type, line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        await running.close()
    assert [] == complaints


def _note(complaints: list[str], kind: str, words: str) -> None:
    if kind in ("error", "warning"):
        complaints.append(words)


async def overflow(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    wide: int = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide
