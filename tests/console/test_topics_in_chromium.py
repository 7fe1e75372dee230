"""An operator with a phone, in a real browser."""

from pathlib import Path

import pytest
from any_topics import asked
from browser import overflow, window
from console_stage import Stage, console, served
from playwright.async_api import Browser, Page, expect

from storage.database import Database
from storage.values import SlotState, TopicStatus
from storage.values_of_order import CaseState

pytestmark = pytest.mark.asyncio(loop_scope="session")

FILE = "标题,内容,标签\n一杯茶,今天的第一杯是什么？,早晨\n走路,今天走了多远，看见什么？,早晨\n"


async def test_an_operator_s_day_on_a_phone(
    chromium: Browser, sqlite_database: Database, tmp_path: Path
):
    """Topics are imported, a proposal is approved, an appeal is decided, a post is skipped."""
    file = tmp_path / "话题.csv"
    file.write_text(FILE, "utf-8")
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium, phone=True) as page,
    ):
        await things_happen(stage)
        await page.goto(address)
        await page.get_by_role("button", name="进入控制台").click()
        await imports(page, file)
        await approves(page)
        await decides(page)
        await skips(page)
        await stage.settled()
        topics = await stage.app.writer.run(lambda work: work.topics.all())
        case = await stage.app.writer.run(lambda work: work.cases.get(1))

    assert {"一杯茶", "走路", "第一本哭的书"} == {topic.title for topic in topics}
    assert {TopicStatus.APPROVED} == {topic.status for topic in topics}
    assert case is not None
    assert CaseState.OVERTURNED is case.state


async def test_a_due_time_is_dragged_to_another_day(
    chromium: Browser, sqlite_database: Database, tmp_path: Path
):
    """On a wide screen: its sheet opens with that day, and one more tap moves it."""
    async with (
        console(sqlite_database, tmp_path) as stage,
        served(stage) as address,
        window(chromium) as page,
    ):
        now = stage.access.now()
        await stage.app.writer.run(lambda work: work.topics.keep([asked("tea")], "测试", now))
        await page.goto(address)
        await page.get_by_role("button", name="进入控制台").click()
        await page.get_by_label("页面").get_by_role("link", name="话题").click()
        await page.get_by_role("link", name="日历", exact=True).click()
        day = page.locator(".day").nth(3)
        await page.locator(".due").first.drag_to(day)
        field = page.get_by_label("移到")
        await expect(field).to_have_value(f"{await day.get_attribute('data-day')}T09:00")
        await page.get_by_role("button", name="移过去").click()
        await expect(page.get_by_role("status").filter(has_text="移到")).to_be_visible()
        (slot,) = await stage.app.writer.run(lambda work: work.slots.list())

    assert SlotState.HELD is slot.state


async def things_happen(stage: Stage) -> None:
    """阿青 proposes a topic; 小林 is warned and objects."""
    network, account = stage.room.network, stage.room.gateway.person
    words = "@围炉 推荐话题 第一本哭的书：哪本书让你第一次看哭了？"
    network.speak(network.room("读书会"), "阿青", words, mention=[account])
    stage.says("小林", "加微信，代购好货")
    await stage.settled()
    network.whisper("小林", account, "申诉 1 我只是问一句")
    await stage.settled()


async def goes(page: Page, name: str) -> None:
    """To another page, by the bar at the foot; none is wider than the phone."""
    await page.get_by_label("页面").get_by_role("link", name=name).click()
    assert 0 == await overflow(page)


async def imports(page: Page, file: Path) -> None:
    """A file is chosen, looked at, and imported."""
    await goes(page, "话题")
    await page.get_by_role("link", name="导入", exact=True).click()
    await page.get_by_label("话题文件").set_input_files(file)
    await page.get_by_role("button", name="看看会怎样").click()
    await page.get_by_role("button", name="导入这 2 个").click()
    await expect(page.get_by_text("导入完成：新增 2 个")).to_be_visible()


async def approves(page: Page) -> None:
    """What a member proposed is opened where it stands, and approved."""
    await page.get_by_role("link", name="话题库", exact=True).click()
    await page.get_by_role("link", name="待审").click()
    await page.get_by_text("第一本哭的书").click()
    await expect(page.get_by_text("推荐人 阿青")).to_be_visible()
    assert 0 == await overflow(page)
    await page.get_by_role("button", name="通过").click()
    await expect(page.get_by_text("通过了：第一本哭的书")).to_be_visible()


async def decides(page: Page) -> None:
    """The appeal stands beside what was said."""
    await goes(page, "案件")
    await page.get_by_role("link", name="1", exact=True).click()
    await expect(page.get_by_text("我只是问一句")).to_be_visible()
    await page.get_by_label("理由").fill("只是问一句")
    await page.get_by_role("button", name="撤销", exact=True).click()
    await expect(page.locator("#docket h1")).to_contain_text("撤销")


async def skips(page: Page) -> None:
    """A tap on a due time opens its sheet; what it says is what the calendar says."""
    await goes(page, "话题")
    await page.get_by_role("link", name="日历", exact=True).click()
    await page.locator(".due").first.click()
    await expect(page.get_by_text("为什么是它")).to_be_visible()
    await page.get_by_role("button", name="这一次跳过").click()
    await expect(page.get_by_role("button", name="照常发")).to_be_visible()
    await page.get_by_role("button", name="关上").click()
    await expect(page.locator(".due").first).to_contain_text("跳过")
    assert 0 == await overflow(page)
