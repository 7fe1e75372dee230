"""One request of somebody: who they are, what language they read, and how they are answered."""

import functools
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bot.deciding import Undecided
from bot.texts import Language, Text
from console.access import Access, Decision
from console.sessions import Right, Session, Sessions
from console.showing import ENVIRONMENT, Speech
from handlers.verdicts import Verdict
from handlers.wording import say
from storage.reports import Reports
from storage.trouble import DatabaseTrouble

COOKIE, LANGUAGE = "weilu_session", "weilu_language"
_SEEN = "x-seen"
_CSRF = "x-csrf"
_RENEWED = Text(
    zh="这一页是上次登录时打开的，什么也没做；现在可以了，请再点一次。",
    en="This page is from before you signed in and nothing was done: tap once more.",
)
_NOT_ALLOWED = Text(zh="你没有权限做这件事。", en="You may not do this.")
_UNDECIDED = Text(
    zh="没能记下这个决定，请再试一次；原因在围炉的日志里。",
    en="The decision could not be recorded: try again. Weilu's log says why.",
)
_LONGEST_FIELD = 600_000
_TROUBLE = Text(zh="现在读不了数据库：{why}", en="The database cannot be read now: {why}")

T = TypeVar("T")


class _Number(IntegerConvertor):
    """Numbers in addresses: no longer than those a database has; others are no page."""

    regex = "[0-9]{1,18}"


register_url_convertor("int", _Number())


@dataclass
class Visit:
    """A request by somebody who is signed in."""

    request: Request
    access: Access
    session: Session
    language: Language
    form: FormData

    async def read(self, look: Callable[[Reports], T]) -> T:
        """See Access.read."""
        return await self.access.read(look)

    def field(self, name: str, most: int = 2000) -> str:
        """A text field of the form or the query without white space around it; "" if missing."""
        value = self.form.get(name, self.request.query_params.get(name, ""))
        return value.strip()[:most] if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A whole number of the form or the query; 0 for anything else."""
        digits = self.field(name, 18)
        return int(digits) if digits.isdecimal() else 0

    def say(self, text: Text, **values: Any) -> str:
        """A text of ours in the reader's language."""
        return say(text, self.language, **values)

    def page(self, template: str, *, title: Text, status: int = 200, **values: Any) -> Response:
        """A whole page, within the frame that all pages share."""
        return HTMLResponse(self._rendered(template, title=title, **values), status)

    def part(self, template: str, **values: Any) -> Response:
        """A piece of a page, put where it was asked from."""
        return HTMLResponse(self._rendered(template, **values))

    def live(self, template: str, **values: Any) -> Response:
        """A piece that asks for itself again and again: 204, which changes nothing, if unchanged.

        The piece says what it is by `hx-headers`, from `seen` in its template.
        """
        seen = digest(self._rendered(template, seen="", **values))
        if self.request.headers.get(_SEEN) == seen:
            return Response(status_code=204)
        return HTMLResponse(self._rendered(template, seen=seen, **values))

    async def decide(self, decision: Decision, right: Right = Right.OPERATOR) -> Verdict:
        """Decide as whoever is signed in; what they may is asked again where it is decided."""
        return await self.access.decide(self.session, decision, right)

    def told(self, words: str | Verdict, *, well: bool | None = None) -> Response:
        """A sentence at the foot of the page; the live pieces of it are asked for at once."""
        if isinstance(words, Verdict):
            well = words.done if well is None else well
            words = words.say(self.language)
        done = well is not False
        answer = self.part("told.html", words=words, done=done)
        answer.headers["hx-trigger"] = "changed"
        # It is no piece: what it was asked for stays, with what somebody has written in it.
        answer.headers["hx-reswap"] = "none"
        return answer

    def _rendered(self, template: str, **values: Any) -> str:
        return ENVIRONMENT.get_template(template).render(
            speech=Speech(self.language, self.access.in_force.config.time_zone, self.access.now()),
            session=self.session,
            right=Right,
            path=self.request.url.path,
            sandbox=self.access.room is not None,
            **values,
        )


Page = Callable[[Visit], Awaitable[Response]]


def page(right: Right = Right.VIEWER) -> Callable[[Page], Callable[[Request], Awaitable[Response]]]:
    """A page or a piece of one, for those who are signed in with at least this right.

    Others are led to the entrance. What changes anything comes by POST, with the session's token;
    the right to change it is asked again where it is decided.
    """

    def around(show: Page) -> Callable[[Request], Awaitable[Response]]:
        @functools.wraps(show)
        async def answer(request: Request) -> Response:
            session = signed_in(request)
            if session is None:
                return _to_the_entrance(request)
            form = FormData()
            if request.method == "POST":
                form = await request.form(max_files=1, max_fields=100, max_part_size=_LONGEST_FIELD)
            visit = Visit(request, request.app.state.access, session, language_of(request), form)
            try:
                return await _answered(visit, show, right)
            finally:
                await form.close()

        return answer

    return around


async def _answered(visit: Visit, show: Page, right: Right) -> Response:
    if visit.session.right < right:
        return visit.told(visit.say(_NOT_ALLOWED), well=False)
    if visit.request.method == "POST" and not _has_token(visit):
        answer = visit.told(visit.say(_RENEWED), well=False)
        # Only a page of ours can read it (guard.py): what somebody has written there is not lost.
        answer.headers[_CSRF] = visit.session.csrf
        return answer
    try:
        return await show(visit)
    except DatabaseTrouble as trouble:
        return visit.told(visit.say(_TROUBLE, why=str(trouble)), well=False)
    except Undecided:
        return visit.told(visit.say(_UNDECIDED), well=False)


def signed_in(request: Request) -> Session | None:
    """The session of whoever asks."""
    sessions: Sessions = request.app.state.sessions
    cookie = request.cookies.get(COOKIE, "")
    return sessions.get(cookie) if cookie else None


def language_of(request: Request) -> Language:
    """What the reader chose, else what the house speaks, Chinese first."""
    chosen = request.cookies.get(LANGUAGE, "")
    if chosen in (Language.ZH.value, Language.EN.value):
        return Language(chosen)
    spoken: Language = request.app.state.access.in_force.config.language
    return Language.EN if spoken is Language.EN else Language.ZH


def digest(text: str) -> str:
    """What tells two versions of a piece apart."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]


def _has_token(visit: Visit) -> bool:
    given = visit.request.headers.get(_CSRF) or visit.form.get("csrf")
    return isinstance(given, str) and secrets.compare_digest(
        given.encode(errors="replace"), visit.session.csrf.encode()
    )


def came_from(address: str, request: Request) -> str:
    """The path and query of the page of ours at this address; "/" if it is none of ours."""
    try:
        page_ = urlsplit(address)
    except ValueError:
        return "/"
    if page_.netloc != request.headers.get("host"):
        return "/"
    return page_.path + (f"?{page_.query}" if page_.query else "")


def _to_the_entrance(request: Request) -> Response:
    if request.headers.get("hx-request"):
        where = came_from(request.headers.get("hx-current-url", ""), request)
        return PlainTextResponse("", headers={"hx-redirect": f"/enter?to={quote(where)}"})
    where = "/"
    if request.method == "GET":
        where = came_from(str(request.url), request)
    return RedirectResponse(f"/enter?to={quote(where)}", 303)
