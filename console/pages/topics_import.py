"""话题导入 Importing topics: a file is looked at first, then imported as it was seen, or not."""

import asyncio
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

import topics
from bot.shown import shown
from bot.texts import Text
from console.importing import Imports, Preview, Step
from console.pages.topics import KINDS
from console.sessions import Right
from console.visit import Visit, page
from handlers.bank_changes import take_in
from storage.values import Topic
from topics.fields import COLUMNS
from topics.forms import written

TITLE = Text(zh="导入话题", en="Import topics")
LARGEST = 5 * 1024 * 1024
_STARTER = Path(topics.__file__).parent / "starter.yaml"
_LISTED = 50
_SOON = 0.8
"""Seconds that an answer waits for a small file, so that its preview is there at once."""
_NO_FILE = Text(
    zh="请选一个文件：.xlsx、.csv 或 .yaml。", en="Choose a file: .xlsx, .csv or .yaml."
)
_TOO_LARGE = Text(zh="文件超过 5 MB，请分成几个。", en="The file is larger than 5 MB: split it.")
_GONE = Text(
    zh="预览过期了（保留十分钟），请再选一次文件。",
    en="That preview is gone after ten minutes: choose the file again.",
)
_GIVEN_UP = Text(zh="没有导入，什么也没有动。", en="Not imported; nothing was touched.")
STEPS = {
    Step.READING: Text(zh="正在读文件……", en="Reading the file…"),
    Step.COMPARING: Text(zh="正在和话题库比较……", en="Comparing with the bank…"),
}


def _imports(visit: Visit) -> Imports:
    imports: Imports = visit.request.app.state.imports
    return imports


def _shown(preview: Preview | None, words: str = "", *, done: bool = True) -> dict[str, Any]:
    return {
        "preview": preview,
        "steps": STEPS,
        "columns": COLUMNS,
        "kinds": KINDS,
        "written": written,
        "most": _LISTED,
        "words": words,
        "done": done,
    }


@page()
async def show(visit: Visit) -> Response:
    """The whole page; what was looked at a moment ago is still there."""
    preview = _imports(visit).get(visit.session.id)
    return visit.page("topics_import.html", title=TITLE, tab="import", **_shown(preview))


@page(Right.OPERATOR)
async def look(visit: Visit) -> Response:
    """A file that was sent, or the topics that come with Weilu: what importing it would do."""
    if visit.field("which") == "starter":
        name, content = _STARTER.name, await asyncio.to_thread(_STARTER.read_bytes)
    else:
        sent = visit.form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            return visit.told(visit.say(_NO_FILE), well=False)
        name, content = _last_part(sent.filename), await sent.read(LARGEST + 1)
    if len(content) > LARGEST:
        return visit.told(visit.say(_TOO_LARGE), well=False)

    async def bank() -> list[Topic]:
        return await visit.access.read(lambda reports: reports.topics(everything=True))

    preview = _imports(visit).begin(visit.session.id, name, content, bank)
    assert preview.task is not None  # noqa: S101 - it has just begun
    await asyncio.wait({preview.task}, timeout=_SOON)
    return visit.part("topics_preview.html", **_shown(preview))


def _last_part(name: str) -> str:
    """Of a path that somebody made up only the end, which names a form; it is never opened."""
    return shown(name.replace("\\", "/").rpartition("/")[2])[-80:]


@page(Right.OPERATOR)
async def progress(visit: Visit) -> Response:
    """How far it has come; 204 while that is the same."""
    preview = _imports(visit).get(visit.session.id)
    if preview is not None and preview.step.value == visit.field("step"):
        return Response(status_code=204)
    return visit.part("topics_preview.html", **_shown(preview))


@page(Right.OPERATOR)
async def confirm(visit: Visit) -> Response:
    """Import exactly what was looked at; nothing if the bank has changed meanwhile."""
    preview = _asked(visit)
    if preview is None or preview.plan is None:
        return visit.part("topics_preview.html", **_shown(None, visit.say(_GONE), done=False))
    plan = preview.plan
    verdict = await visit.decide(lambda scene, by: take_in(scene, plan, by))
    _imports(visit).drop(visit.session.id)
    told = _shown(None, verdict.say(visit.language), done=verdict.done)
    return visit.part("topics_preview.html", **told)


@page(Right.OPERATOR)
async def give_up(visit: Visit) -> Response:
    """Import nothing."""
    if _asked(visit) is not None:
        _imports(visit).drop(visit.session.id)
    return visit.part("topics_preview.html", **_shown(None, visit.say(_GIVEN_UP)))


def _asked(visit: Visit) -> Preview | None:
    """The preview that somebody has before them: another tab may have begun another."""
    preview = _imports(visit).get(visit.session.id)
    return preview if preview is not None and preview.id == visit.field("id", 40) else None


ROUTES = [
    Route("/topics/import", show),
    Route("/topics/import", look, methods=["POST"]),
    Route("/topics/import/progress", progress),
    Route("/topics/import/confirm", confirm, methods=["POST"]),
    Route("/topics/import/drop", give_up, methods=["POST"]),
]
