"""The console as people use it, in a real browser."""

import asyncio
from pathlib import Path

import pytest
from browser import overflow, window
from console_stage import console, served
from playwright.async_api import Browser, expect

from storage.database import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGES = (
    "/",
    "/topics",
    "/topics/calendar",
    "/topics/import",
    "/cases",
    "/members",
    "/outbox",
    "/sandbox",
)


async def test_a_newcomer_s_first_minutes(
    chromium: Browser, sqlite_database: Database, tmp_path: Path
):
    """From the printed link into the sandbox: an advertisement, the reminder, the decision."""
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium) as page,
    ):
        await page.goto(address)
        await page.get_by_role("button", name="进入控制台").click()
        await page.get_by_label("页面").get_by_role("link", name="沙箱").click()
        await page.get_by_label("说点什么").fill("加微信，代购好货")
        await page.get_by_role("button", name="发送", exact=True).click()
        await expect(page.get_by_text("大家来聊书，不来看广告").first).to_be_visible()
        await page.get_by_label("页面").get_by_role("link", name="案件").click()
        await page.get_by_role("link", name="1", exact=True).click()
        await expect(page.locator("mark")).to_have_text("加微信")
        await page.get_by_label("理由").fill("只是问一句")
        await page.get_by_role("button", name="撤销", exact=True).click()
        await expect(page.get_by_text("案件 1 已撤销")).to_be_visible()
        await expect(page.locator("#docket h1")).to_contain_text("撤销")


async def test_a_page_that_is_open_shows_what_happens_elsewhere(
    chromium: Browser, sqlite_database: Database, tmp_path: Path
):
    """Nobody reloads: what is said in one window is read in another."""
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium) as page,
    ):
        await page.goto(f"{address}&to=/sandbox")
        await page.get_by_role("button", name="进入控制台").click()
        await expect(page.get_by_label("说点什么")).to_be_visible()
        stage.says("阿青", "有人在吗")
        await expect(page.get_by_text("有人在吗")).to_be_visible()


@pytest.mark.parametrize("phone", [True, False])
async def test_no_page_is_wider_than_the_screen(
    chromium: Browser, sqlite_database: Database, tmp_path: Path, *, phone: bool
):
    """On a phone and on a desk, with long words in them, and the browser complains of nothing."""
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium, phone=phone) as page,
    ):
        stage.says("小林", f"加微信{'x' * 300}，代购{'好' * 200}")
        await stage.settled()
        await page.goto(address)
        await page.get_by_role("button", name="进入控制台").click()
        base = address.partition("/enter")[0]
        wide = {}
        for path in (*PAGES, "/cases/1"):
            await page.goto(base + path)
            await asyncio.wait_for(page.wait_for_load_state("load"), 20)
            wide[path] = await overflow(page)

    assert dict.fromkeys((*PAGES, "/cases/1"), 0) == wide


async def test_what_was_decided_is_seen_at_once(
    chromium: Browser, sqlite_database: Database, tmp_path: Path
):
    """What was opened to decide in it closes again, and the list is the new one."""
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium, phone=True) as page,
    ):
        await page.goto(f"{address}&to=/outbox")
        await page.get_by_role("button", name="进入控制台").click()
        await page.get_by_text("停止一切发送").click()
        await page.get_by_role("button", name="确定停止").click()
        await page.get_by_role("button", name="恢复发送").click()
        await expect(page.get_by_text("停止一切发送")).to_be_visible()


async def test_what_was_written_outlives_the_session(
    chromium: Browser, sqlite_database: Database, tmp_path: Path
):
    """Signed out elsewhere and in again by the code: the same words are sent after a second tap."""
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium) as page,
    ):
        await page.goto(f"{address}&to=/sandbox")
        await page.get_by_role("button", name="进入控制台").click()
        await page.get_by_label("说点什么").fill("写了很久的一段话")
        other = await page.context.new_page()
        await other.goto(address.partition("/enter")[0])
        await other.get_by_role("button", name="退出").click()
        await expect(page.get_by_role("link", name="在新窗口登录")).to_be_visible()
        code = (await other.locator(".code").inner_text()).split()[-1]
        stage.room.network.whisper("老周", stage.room.gateway.person, f"登录 {code}")
        await expect(other.get_by_label("页面")).to_be_visible()
        send = page.get_by_role("button", name="发送", exact=True)
        await send.click()
        await expect(page.get_by_text("请再点一次")).to_be_visible()
        await send.click()
        await expect(page.locator(".bubble", has_text="写了很久的一段话")).to_be_visible()


async def test_the_link_survives_the_choice_of_a_language(
    chromium: Browser, sqlite_database: Database, tmp_path: Path
):
    """At the door the key is in the address; and whoever changes it later stays on their page."""
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium) as page,
    ):
        await page.goto(f"{address}&to=/cases")
        await page.get_by_role("button", name="English").click()
        await page.get_by_role("button", name="Enter the console").click()
        await page.get_by_role("button", name="中文").click()
        await expect(page).to_have_url(address.partition("/enter")[0] + "/cases")
