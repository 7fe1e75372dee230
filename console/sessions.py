"""Who is signed in: one-time links, the password, and sessions that end.

All of it is kept in memory: after a restart everybody signs in again.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from bot.clock import Clock
from bot.events import Identity
from bot.frozen import frozen
from storage.values_of_order import Doer

LINK_LASTS = timedelta(minutes=15)
"""A link that an operator was sent is good for one use within this time."""
IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
"""A session ends after so long without a page, and after so long in any case."""
_MOST = 200
CODE_LASTS = timedelta(minutes=5)
"""So long a browser waits for an operator to say its code in private."""
_ASKING = 100
_TRIES, _PER = 10, timedelta(minutes=1)
"""So many attempts to sign in may fail in this time, from everywhere together."""
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}


class Right(IntEnum):
    """What somebody may do here; each includes those before."""

    NONE = 0
    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3


@dataclass(slots=True)
class Session:
    """Somebody signed in. `identity` is their chat account where a link came from the chat."""

    id: str
    csrf: str
    right: Right
    identity: Identity | None
    began: datetime
    seen: datetime

    @property
    def doer(self) -> Doer:
        """As whom they act in the audit trail."""
        return self.identity or "控制台 console"


@frozen
class _Link:
    right: Right
    identity: Identity | None
    until: datetime | None


@dataclass(slots=True)
class _Asking:
    """A browser that shows a code, until an operator says it to the bot."""

    code: str
    until: datetime
    link: _Link | None = None


class TooManyTries(Exception):  # noqa: N818 - it is told to whoever tries
    """Nobody may try to sign in for a minute."""


class Sessions:
    """Those signed in, and the links by which more can. Only digests of keys are kept."""

    def __init__(self, clock: Clock, password_hash: str = "") -> None:
        self._clock = clock
        self._password_hash = password_hash
        self._links: dict[str, _Link] = {}
        self._sessions: dict[str, Session] = {}
        self._failed: list[datetime] = []
        self._asking: dict[str, _Asking] = {}

    @property
    def takes_passwords(self) -> bool:
        """Whether a password was set."""
        return bool(self._password_hash)

    def link(
        self,
        right: Right,
        identity: Identity | None = None,
        lasts: timedelta | None = LINK_LASTS,
    ) -> str:
        """A key that signs in once; without `lasts` it is good until it is used."""
        key = secrets.token_urlsafe(24)
        now = self._clock.now()
        self._links = {
            digest: link
            for digest, link in self._links.items()
            if link.until is None or link.until > now
        }
        self._links[_digest(key)] = _Link(right, identity, now + lasts if lasts else None)
        return key

    def enter(self, key: str) -> Session | None:
        """Sign in with a key, which is used up; None if it is not good. Raises TooManyTries."""
        self._may_try()
        link = self._links.pop(_digest(key), None)
        if link is None or (link.until is not None and link.until <= self._clock.now()):
            self._failed.append(self._clock.now())
            return None
        return self._begin(link.right, link.identity)

    def ask(self) -> tuple[str, str]:
        """A browser's key, and the code that it shows: whoever says the code lets it in."""
        self._forget_the_old()
        while len(self._asking) >= _ASKING:
            del self._asking[next(iter(self._asking))]
        key, code = secrets.token_urlsafe(24), f"{secrets.randbelow(10**6):06}"
        self._asking[_digest(key)] = _Asking(code, self._clock.now() + CODE_LASTS)
        return key, code

    def is_asked(self, code: str) -> bool:
        """Whether exactly one browser shows this code now."""
        return self._shown(code) is not None

    def grant(self, code: str, right: Right, identity: Identity) -> None:
        """Somebody who may has said the code; it lets nobody else in."""
        asking = self._shown(code)
        if asking is not None:
            asking.link = _Link(right, identity, None)

    def collect(self, key: str) -> Session | None:
        """The session of a browser whose code was said, once; None until then."""
        self._forget_the_old()
        asking = self._asking.get(_digest(key))
        if asking is None or asking.link is None:
            return None
        del self._asking[_digest(key)]
        return self._begin(asking.link.right, asking.link.identity)

    def _shown(self, code: str) -> _Asking | None:
        self._forget_the_old()
        found = [each for each in self._asking.values() if each.code == code and each.link is None]
        return found[0] if len(found) == 1 else None

    def _forget_the_old(self) -> None:
        now = self._clock.now()
        self._asking = {key: each for key, each in self._asking.items() if each.until > now}

    def enter_with_password(self, password: str) -> Session | None:
        """Sign in as admin; None if the password is wrong or none was set. Raises TooManyTries."""
        self._may_try()
        if not (self._password_hash and _fits(password, self._password_hash)):
            self._failed.append(self._clock.now())
            return None
        return self._begin(Right.ADMIN, None)

    def get(self, id_: str) -> Session | None:
        """The session of a cookie, which goes on; None if there is none or it has ended."""
        session = self._sessions.get(_digest(id_))
        now = self._clock.now()
        if session is None:
            return None
        if now - session.seen > IDLE or now - session.began > LONGEST:
            self.leave(id_)
            return None
        session.seen = max(now, session.seen)
        return session

    def leave(self, id_: str) -> None:
        """Sign out."""
        self._sessions.pop(_digest(id_), None)

    def _begin(self, right: Right, identity: Identity | None) -> Session:
        now = self._clock.now()
        session = Session(
            id=secrets.token_urlsafe(32),
            csrf=secrets.token_urlsafe(24),
            right=right,
            identity=identity,
            began=now,
            seen=now,
        )
        while len(self._sessions) >= _MOST:
            del self._sessions[min(self._sessions, key=lambda each: self._sessions[each].seen)]
        self._sessions[_digest(session.id)] = session
        return session

    def _may_try(self) -> None:
        now = self._clock.now()
        self._failed = [at for at in self._failed if timedelta(0) <= now - at < _PER]
        if len(self._failed) >= _TRIES:
            raise TooManyTries


def hashed(password: str) -> str:
    """What goes into WEILU_CONSOLE_PASSWORD_HASH: `salt:hash`, scrypt, in hex."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_scrypt(password, salt).hex()}"


def _fits(password: str, password_hash: str) -> bool:
    salt, _, digest = password_hash.partition(":")
    try:
        wanted, with_salt = bytes.fromhex(digest), bytes.fromhex(salt)
    except ValueError:
        return False
    return bool(wanted) and hmac.compare_digest(_scrypt(password, with_salt), wanted)


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(errors="replace")[:1000], salt=salt, **_SCRYPT)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
