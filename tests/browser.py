"""A real Chromium for the tests of the console, installed where it can be."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NONE = (
    "没有 Chromium，装它要 root 与 apt：网页的浏览器测试跳过。"
    " No Chromium, and root and apt are needed to install it: browser tests are skipped."
)
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
    """Where Chromium is. Skips where there is none (`make test` installs it); fails then in CI."""
    found = _found()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(_NONE)
        pytest.skip(_NONE)
    return found


def _found() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


def install() -> None:
    """Debian's Chromium and a Chinese font, where that can be done; says so where it cannot."""
    apt = shutil.which("apt-get")
    if _found():
        return
    if apt is None or os.geteuid() != 0:
        print(_NONE)  # noqa: T201
        return
    print("正在安装 Chromium（只有第一次） Installing Chromium, this once …")  # noqa: T201
    wanted = ["install", "-y", "--no-install-recommends", *_PACKAGES]
    if not _apt(apt, *wanted):
        _apt(apt, "update")
        _apt(apt, *wanted)
    if not _found():
        print(_NONE)  # noqa: T201


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
async def running() -> AsyncIterator[Browser]:
    """Chromium; the tests share one, as starting it takes longer than most of them."""
    path = chromium()
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=_SWITCHES)
        yield started
        await started.close()


@asynccontextmanager
async def window(browser: Browser, *, phone: bool = False) -> AsyncIterator[Page]:
    """A page with cookies and storage of its own; what its console complains of fails the test."""
    complaints: list[str] = []
    context = await browser.new_context(viewport=PHONE if phone else DESK)
    page = await context.new_page()
    page.on("console", lambda line: _note(complaints, line.type, line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        await context.close()
    assert [] == complaints


def _note(complaints: list[str], kind: str, words: str) -> None:
    if kind in ("error", "warning"):
        complaints.append(words)


async def overflow(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    wide: int = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide


if __name__ == "__main__":
    install()
