"""改配置 The config: proposed, checked line by line, replayed on what was recorded, and loaded."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from starlette.responses import Response
from starlette.routing import Route

from bot import config_edit
from bot.faults import ConfigFaults, Fault
from bot.texts import Text, named
from console.pages.rules import marked
from console.proposing import Checked, Draft, OnDisk, check
from console.rerunning import DAYS
from console.sessions import Right
from console.visit import Visit, page
from handlers.config_orders import NOT_LOADED, config_not_loaded, load_config
from handlers.found_words import LACKING
from handlers.ladder_words import CONSEQUENCES, what_follows
from rules.consequences import by_word
from storage.reports import Reports
from storage.values import KnownGroup

TITLE = Text(zh="改配置", en="The config")
_MOST_GROUPS = 200
_MOST_PEOPLE = 50
_ONLY_ADMINS = Text(
    zh="配置只有管理员能看能改。", en="Only admins may look at the config and change it."
)
_NO_FILE = Text(zh="这里没有可改的配置文件。", en="There is no config file to edit here.")
_BUSY = Text(zh="有一次重放还没完，先取消它。", en="A replay is on its way: cancel that one first.")
_FAULTY = Text(
    zh="配置有误，先改好标出的地方。", en="The config is faulty: mend what is marked first."
)
_SAME = Text(zh="和文件里的一样，没有要载入的。", en="The file holds just this: nothing to load.")
_CHANGED = Text(
    zh="配置文件刚被别人改过，没有载入。请看与现在的文件有什么差别，再决定。",
    en="Somebody else has changed the file: nothing was loaded. Look at what differs from it now.",
)
_LOADED = Text(
    zh="已写进配置文件，几秒后生效。原来的留在 {backup}。",
    en="Written into the file, in force within seconds. What was there is kept in {backup}.",
)
_RESTART = Text(
    zh="{parts} 的改动要重启围炉才生效。", en="Changes to {parts} take a restart of Weilu."
)
_STARTED = Text(zh="开始重放，进度在这一页下面。", en="The replay begins: see below.")
_STOPPING = Text(zh="重放停下了。", en="The replay was cancelled.")
_UNKNOWN = Text(zh="没有这个群。", en="There is no such group.")


def _path(visit: Visit) -> Path:
    """The file. Raises ConfigFaults where there is none to edit."""
    path = visit.access.config_file
    if path is None:
        raise ConfigFaults([Fault("config.yaml", 0, 0, "", visit.say(_NO_FILE))])
    return path


def _draft(visit: Visit) -> Draft:
    """What was typed, as it was typed; kept, so that nothing of it is lost."""
    text = visit.form.get("text", "")
    text = text if isinstance(text, str) else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    draft = Draft(text, visit.field("began", 64))
    visit.request.app.state.drafts.keep(visit.session.id, draft)
    return draft


async def _checked(visit: Visit, draft: Draft) -> Checked:
    """In a thread: it takes a while. Raises ConfigFaults where the file cannot be read."""
    return await asyncio.to_thread(check, _path(visit), draft, visit.access.in_force.config)


def _answer(visit: Visit, checked: Checked, words: str = "", *, done: bool = True) -> Response:
    """What was found in it; the numbers of its lines are marked anew."""
    return visit.part(
        "rules_checked.html", checked=checked, oob=True, words=words, done=done, days=DAYS
    )


def _groups(visit: Visit) -> Callable[[Reports], list[KnownGroup]]:
    account = visit.access.in_force.house().account
    return lambda reports: [each for each in reports.stores.groups.all(account) if each.managed]


@page()
async def show(visit: Visit) -> Response:
    """The editor, with what was typed last, or with the file."""
    if visit.session.right < Right.ADMIN:
        return visit.page("nothing.html", title=TITLE, words=_ONLY_ADMINS, status=403)
    try:
        now = await asyncio.to_thread(config_edit.written, _path(visit))
        draft = visit.request.app.state.drafts.of(visit.session.id)
        checked = await _checked(visit, draft or Draft(now.text, now.digest))
    except ConfigFaults as wrong:
        why = " ".join(f"{each.message} {each.hint}" for each in wrong.faults)
        return visit.page("nothing.html", title=TITLE, words=named(why))
    known = await visit.read(_groups(visit))
    return visit.page(
        "rules_config.html",
        title=TITLE,
        checked=checked,
        oob=False,
        words="",
        text=Markup("\n{}").format(escape(checked.draft.text)),
        is_draft=draft is not None and not checked.same,
        groups=known[:_MOST_GROUPS],
        days=DAYS,
        seen="",
        **_replayed(visit),
        **await _on_disk(visit),
    )


@page(Right.ADMIN)
async def checks(visit: Visit) -> Response:
    """Its faults at their lines, or what it would change; asked for while somebody types."""
    draft = _draft(visit)
    try:
        if visit.field("seen"):  # they have looked at what somebody else wrote, and keep their own
            now = await asyncio.to_thread(config_edit.written, _path(visit))
            draft = replace(draft, began_from=now.digest)
            visit.request.app.state.drafts.keep(visit.session.id, draft)
        return _answer(visit, await _checked(visit, draft))
    except ConfigFaults as wrong:
        return visit.told(str(wrong), well=False)


@page(Right.ADMIN)
async def drop(visit: Visit) -> Response:
    """Begin anew from the file."""
    visit.request.app.state.drafts.drop(visit.session.id)
    return Response(status_code=204, headers={"hx-redirect": "/rules/config"})


@page(Right.ADMIN)
async def load(visit: Visit) -> Response:
    """Write it into the file, from where the running Weilu takes it up."""
    try:
        draft, path = _draft(visit), _path(visit)
        checked = await _checked(visit, draft)
        refusal = _refusal(checked)
        if refusal is not None:
            return _answer(visit, checked, visit.say(refusal), done=False)
        return await _load(visit, path, draft, checked)
    except ConfigFaults as wrong:
        return visit.told(str(wrong), well=False)


def _refusal(checked: Checked) -> Text | None:
    if checked.config is None:
        return _FAULTY
    if checked.changed_meanwhile:
        return _CHANGED
    return _SAME if checked.same else None


async def _load(visit: Visit, path: Path, draft: Draft, checked: Checked) -> Response:
    """The audit line first, so that no change is without one; what they may is asked there."""
    decide = visit.access.decide
    changes = checked.changes
    verdict = await decide(
        visit.session, lambda scene, by: load_config(scene, by, changes), Right.ADMIN
    )
    if not verdict.done:
        return visit.told(verdict)
    try:
        await asyncio.to_thread(config_edit.replace, path, draft.text, draft.began_from)
    except config_edit.ChangedMeanwhile:
        why = visit.say(_CHANGED)
    except config_edit.NotWritten as error:
        why = visit.say(NOT_LOADED, why=str(error))
    else:
        return await _loaded(visit, path, draft, checked)
    await decide(visit.session, lambda scene, by: config_not_loaded(scene, by, why), Right.ADMIN)
    return _answer(visit, await _checked(visit, draft), why, done=False)


async def _loaded(visit: Visit, path: Path, draft: Draft, checked: Checked) -> Response:
    visit.request.app.state.drafts.drop(visit.session.id)
    words = visit.say(_LOADED, backup=config_edit.backup(path).name)
    if checked.restart:
        words += "\n" + visit.say(_RESTART, parts="、".join(checked.restart))
    now = await asyncio.to_thread(config_edit.written, path)
    after = await _checked(visit, Draft(draft.text, now.digest))
    answer = _answer(visit, after, words)
    answer.headers["hx-trigger"] = "changed"
    return answer


def _replayed(visit: Visit) -> dict[str, Any]:
    return {
        "rerun": visit.request.app.state.rerunning.newest,
        "lacking": LACKING,
        "consequences": CONSEQUENCES,
        "by_word": by_word,
        "marked": marked,
        "follows": lambda step: what_follows(step, visit.language),
        "people": _MOST_PEOPLE,
    }


@page(Right.ADMIN)
async def replayed(visit: Visit) -> Response:
    """How far the replay is, or what it found."""
    return visit.live("rules_replay.html", **_replayed(visit))


@page(Right.ADMIN)
async def replay(visit: Visit) -> Response:
    """Begin one, or cancel the one that is on its way."""
    rerunning = visit.request.app.state.rerunning
    if visit.request.path_params["what"] == "cancel":
        rerunning.cancel()
        return visit.told(visit.say(_STOPPING))
    if rerunning.busy:
        return visit.told(visit.say(_BUSY), well=False)
    draft = _draft(visit)
    try:
        checked = await _checked(visit, draft)
    except ConfigFaults as wrong:
        return visit.told(str(wrong), well=False)
    if checked.config is None:
        return visit.told(visit.say(_FAULTY), well=False)
    wanted = visit.field("group", 200)
    known = [each.group for each in await visit.read(_groups(visit))] if wanted else []
    groups = tuple(each for each in known if wanted in (each.id, each.name))
    if wanted and not groups:
        return visit.told(visit.say(_UNKNOWN), well=False)
    days = visit.number("days") if visit.number("days") in DAYS else DAYS[0]
    rerunning.start(checked.config, days, groups)
    return visit.told(visit.say(_STARTED))


async def _on_disk(visit: Visit) -> dict[str, Any]:
    """Whether the file is what is in force."""
    on_disk: OnDisk = visit.request.app.state.on_disk
    running = visit.access.in_force.config
    return {"on_disk": await asyncio.to_thread(on_disk.state, _path(visit), running)}


@page(Right.ADMIN)
async def loaded(visit: Visit) -> Response:
    """Whether the file is in force by now, by itself."""
    try:
        return visit.live("rules_loaded.html", **await _on_disk(visit))
    except ConfigFaults:
        return Response(status_code=204)


ROUTES = [
    Route("/rules/config", show),
    Route("/rules/config/check", checks, methods=["POST"]),
    Route("/rules/config/drop", drop, methods=["POST"]),
    Route("/rules/config/load", load, methods=["POST"]),
    Route("/rules/config/loaded", loaded),
    Route("/rules/config/replayed", replayed),
    Route("/rules/config/replay/{what}", replay, methods=["POST"]),
]
