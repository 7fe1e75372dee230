"""话题文件 Files of topics: the bank, or what of it was searched, and templates to be filled in."""

import asyncio

from starlette.responses import Response
from starlette.routing import Route

from bot.texts import Text, named
from console.pages.topics import TITLE, wanted
from console.visit import Visit, page
from storage.reports import Reports
from storage.values import Topic
from topics.template import template
from topics.writing import Unwritable, written

_NOTHING = Text(zh="没有可以导出的话题。", en="There is no topic to export.")
_FORMS = {
    "yaml": "application/yaml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@page()
async def export(visit: Visit) -> Response:
    """What the filter takes, as a file that can be edited and imported again."""
    form, one = visit.request.path_params["form"], wanted(visit)
    if form not in _FORMS:
        return Response(status_code=404)

    def look(reports: Reports) -> list[Topic]:
        return [
            topic
            for topic in reports.topics(everything=True)
            if one.takes(topic) and one.status in (None, topic.status)
        ]

    some = await visit.read(look)
    if not some:
        return visit.page("nothing.html", title=TITLE, words=_NOTHING)
    try:
        content = await asyncio.to_thread(written, some, f".{form}")
    except Unwritable as trouble:
        return visit.page("nothing.html", title=TITLE, words=named(str(trouble)))
    return _file(content, "topics", form)


@page()
async def empty(visit: Visit) -> Response:
    """A template to be filled in."""
    form = visit.request.path_params["form"]
    if form not in _FORMS:
        return Response(status_code=404)
    return _file(template(f".{form}"), "template", form)


def _file(content: bytes, name: str, form: str) -> Response:
    told = f'attachment; filename="{name}.{form}"'
    return Response(content, media_type=_FORMS[form], headers={"content-disposition": told})


ROUTES = [
    Route("/topics/export.{form}", export),
    Route("/topics/template.{form}", empty),
]
