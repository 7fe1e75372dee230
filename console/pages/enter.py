"""进入 Signing in and out, and the language."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.texts import Language, Text
from console.sessions import CODE_LASTS, LONGEST, Session, Sessions, TooManyTries
from console.showing import ENVIRONMENT, Speech
from console.visit import COOKIE, LANGUAGE, Visit, came_from, language_of, page, signed_in

WRONG = Text(
    zh="这个链接用过了，或不完整。可以照下面写的登录。",
    en="This link was used or is incomplete. Sign in as it says below.",
)
WRONG_PASSWORD = Text(zh="密码不对。", en="That is not the password.")
TOO_MANY = Text(
    zh="试得太多了，请过一分钟再试。", en="Too many attempts: please try again in a minute."
)
ASKING = "weilu_asking"
_YEAR = 365 * 24 * 3600


async def entrance(request: Request) -> Response:
    """The door: a link's key waits for a tap, as programs that preview links must not use it up."""
    if signed_in(request) is not None and "key" not in request.query_params:
        return RedirectResponse("/", 303)
    asked = request.query_params
    return _door(request, key=asked.get("key", "")[:100], to=asked.get("to", "/"))


async def enter(request: Request) -> Response:
    """Sign in by a key or by the password."""
    form = await request.form(max_files=0, max_fields=10, max_part_size=10_000)
    key, password, to = (str(form.get(name, "")) for name in ("key", "password", "to"))
    sessions: Sessions = request.app.state.sessions
    try:
        session = sessions.enter(key) if key else sessions.enter_with_password(password)
    except TooManyTries:
        return _door(request, to=to, trouble=TOO_MANY, status=429)
    if session is None and key and signed_in(request) is not None:
        return RedirectResponse(_ours(to), 303)  # back to the door with a link that let them in
    if session is None:
        return _door(request, to=to, trouble=WRONG if key else WRONG_PASSWORD, status=403)
    return _welcome(request, session, to)


def _welcome(request: Request, session: Session, to: str) -> Response:
    answer = RedirectResponse(_ours(to), 303)
    answer.set_cookie(
        COOKIE,
        session.id,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


def _ours(to: str) -> str:
    """A way to a page of ours, "/" for any other."""
    ours = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return to if ours else "/"


@page()
async def leave(visit: Visit) -> Response:
    """Sign out."""
    sessions: Sessions = visit.request.app.state.sessions
    sessions.leave(visit.session.id)
    answer = RedirectResponse("/enter", 303)
    answer.delete_cookie(COOKIE)
    return answer


async def language(request: Request) -> Response:
    """Chinese or English, kept for a year; changes nothing of anybody else's."""
    form = await request.form(max_files=0, max_fields=5, max_part_size=1000)
    chosen = Language.EN if form.get("language") == Language.EN.value else Language.ZH
    # Back to where it was tapped: at the door, the key of the link is in the address.
    answer = RedirectResponse(_ours(came_from(request.headers.get("referer", ""), request)), 303)
    answer.set_cookie(LANGUAGE, chosen.value, max_age=_YEAR, samesite="strict", httponly=True)
    return answer


async def wait(request: Request) -> Response:
    """The door asks again and again whether somebody has said its code to Weilu."""
    sessions: Sessions = request.app.state.sessions
    session = sessions.collect(request.cookies.get(ASKING, ""))
    if session is None:
        return Response(status_code=204)
    answer = _welcome(request, session, request.query_params.get("to", "/"))
    answer.status_code = 200
    answer.headers["hx-redirect"] = answer.headers["location"]
    del answer.headers["location"]
    answer.delete_cookie(ASKING)
    return answer


def _door(
    request: Request, *, to: str, key: str = "", trouble: Text | None = None, status: int = 200
) -> Response:
    access = request.app.state.access
    sessions: Sessions = request.app.state.sessions
    asking, code = ("", "") if key else sessions.ask()
    spoken = Speech(language_of(request), access.in_force.config.time_zone, access.now())
    words = ENVIRONMENT.get_template("enter.html").render(
        speech=spoken,
        key=key,
        to=to[:200],
        again=int(CODE_LASTS.total_seconds()) - 10,
        trouble=trouble,
        code=code,
        account=access.in_force.config.account.name,
        password=sessions.takes_passwords,
    )
    answer = HTMLResponse(words, status)
    if asking:
        answer.set_cookie(
            ASKING,
            asking,
            max_age=int(CODE_LASTS.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
    return answer


ROUTES = [
    Route("/enter", entrance, methods=["GET"]),
    Route("/enter", enter, methods=["POST"]),
    Route("/enter/wait", wait, methods=["GET"]),
    Route("/leave", leave, methods=["POST"]),
    Route("/language", language, methods=["POST"]),
]
