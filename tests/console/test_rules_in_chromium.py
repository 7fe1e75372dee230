"""An admin tries a rule, replays it and loads it, in a real browser."""

import asyncio
from pathlib import Path

import pytest
from browser import overflow, window
from console_stage import CONFIG, Stage, console, served
from playwright.async_api import Browser, Page, expect

from storage.database import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def type_into(page: Page, text: str) -> None:
    """The whole config, as if it had been pasted."""
    await page.get_by_label("config.yaml").fill(text)


async def test_an_admin_tries_replays_and_loads_a_rule(
    chromium: Browser, sqlite_database: Database, tmp_path: Path
):
    """From a text that nothing finds to a rule in force, by way of a fault and of history."""
    new = CONFIG.replace("[加微信, 代购]", "[加微信, 代购, 兼职]")
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium) as page,
    ):
        stage.says("小林", "找兼职的看过来")
        stage.says("阿青", "今天读第三章")
        await stage.settled()
        await page.goto(address)
        await page.get_by_role("button", name="进入控制台").click()
        await page.get_by_label("页面").get_by_role("link", name="规则").click()
        await expect(page.get_by_text("大家来聊书，不来看广告")).to_be_visible()

        await page.get_by_role("link", name="试一句").click()
        await page.get_by_label("试一句话").fill("找兼职")
        await expect(page.get_by_text("没有碰到任何规则")).to_be_visible()
        await page.get_by_label("试一句话").fill("加*微*信")
        await expect(page.locator("mark")).to_have_text("加*微*信")
        await expect(page.get_by_text("字间的符号")).to_be_visible()

        await page.get_by_role("link", name="改配置", exact=True).click()
        await type_into(page, new.replace("{words:", "{wrods:"))
        await expect(page.get_by_text("你是想写 words 吗")).to_be_visible()
        line = new[: new.index("{words:")].count("\n") + 1
        await expect(page.locator(".gutter .bad")).to_have_text([str(line)])
        await type_into(page, new)
        await expect(page.locator(".difference .more")).to_contain_text("兼职")
        await expect(page.locator(".gutter .bad")).to_have_count(0)

        await page.get_by_label("多久以来").select_option("30")
        await page.get_by_role("button", name="重放").click()
        await expect(page.get_by_text("新被碰到的人：小林")).to_be_visible()
        await expect(page.locator("#replay mark")).to_have_text("兼职")

        await page.get_by_text("载入它").click()
        await page.get_by_role("button", name="确定载入").click()
        await expect(page.get_by_text("已写进配置文件")).to_be_visible()
        await taken_up(stage, "兼职")
        await expect(page.get_by_text("正在生效")).to_be_visible(timeout=20_000)
        stage.says("小林", "还有人要兼职吗")
        await stage.settled()
        cases = await stage.app.writer.run(lambda work: work.cases.recent(stage.app.account))

    assert new == (tmp_path / "config.yaml").read_text("utf-8")
    assert ["还有人要兼职吗"] == [case.excerpt for case in cases]


async def test_what_is_typed_survives_a_look_elsewhere(
    chromium: Browser, sqlite_database: Database, tmp_path: Path
):
    """Half a config, another page, and back."""
    half = CONFIG.replace("reason:", "raeson:")
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium) as page,
    ):
        await page.goto(f"{address}&to=/rules/config")
        await page.get_by_role("button", name="进入控制台").click()
        await type_into(page, half)
        await expect(page.get_by_text("你是想写 reason 吗")).to_be_visible()
        await page.get_by_label("页面").get_by_role("link", name="案件").click()
        await expect(page.get_by_role("heading", name="案件")).to_be_visible()
        await page.get_by_label("页面").get_by_role("link", name="规则").click()
        await page.get_by_role("link", name="改配置", exact=True).click()
        await expect(page.get_by_text("改到一半")).to_be_visible()

        assert half == await page.get_by_label("config.yaml").input_value()


@pytest.mark.parametrize("phone", [True, False])
async def test_the_pages_fit_the_screen(
    chromium: Browser, sqlite_database: Database, tmp_path: Path, *, phone: bool
):
    """Long lines scroll inside the editor, not the page."""
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium, phone=phone) as page,
    ):
        await page.goto(f"{address}&to=/rules/config")
        await page.get_by_role("button", name="进入控制台").click()
        await type_into(page, f"{CONFIG}# {'长' * 400}{'x' * 400}\nnonsense_{'y' * 200}: 1\n")
        await expect(page.locator(".faults")).to_be_visible()
        wide = [await overflow(page)]
        for path in ("/rules", "/rules/try"):
            await page.goto(address.partition("/enter")[0] + path)
            wide.append(await overflow(page))

    assert [0, 0, 0] == wide


async def taken_up(stage: Stage, word: str) -> None:
    """Return once the edited config is in force; the page may still show what was before."""
    async with asyncio.timeout(20):
        while word not in str(stage.app.in_force.config.groups[0].settings.rules):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
