"""Finds the addresses of web pages in a text, however they are written."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from bot.frozen import frozen
from rules.domains import canonical, is_address, words
from rules.late import late
from rules.normalising import normalise
from rules.sheaf import Sheaf
from rules.steps import Step

_STEPS = frozenset({Step.INVISIBLE, Step.WIDTH, Step.ORNATE, Step.CASE})
_L = "a-z0-9\u00df-\u024f\u0370-\u052f"
"""Letters that labels are made of when nothing but the label says where they begin."""
_SURE_ENDS = words(
    "com net org cn edu gov xyz top vip shop club site online store info biz cc io co tv hk tw dev"
    " app link ltd wang ren mobi fun icu tech space website asia jp kr uk ru de fr eu win bid loan"
    " cloud ink red kim gg ws tk ga cf gq games bet casino porn sex"
)
"""Last labels of which a name is an address by itself."""
_SPELLED_ENDS = words("com net org cn cc xyz top vip shop club info io app tv")
"""Those that people spell out: elsewhere 。 and 点 are ordinary Chinese."""
_FILE_ENDS = words("md py sh rs pl zip mov so ps cs ml mm as ai cpp")
"""Last labels that are file endings as well: addresses only with http or www before them."""
_OTHER_ENDS = words(
    "name live work pro plus life world today news blog chat group page social digital agency media"
    " center company email expert guru photos solutions store systems tips tools video wiki zone"
    " network finance money fund gold credit cash market trade trading exchange academy school"
    " int mil arpa museum aero coop jobs post tel travel xxx ooo art beauty cafe city design fan"
    " fashion fit game golf host hospital international lol love fyi monster one press rest run"
    " sale show studio style team vin wine yoga bio best buzz cyou sbs quest cfd click"
)
"""Last labels that are words as well: addresses only with a path after or www before them."""
_CHINESE_ENDS = "中国|中國|公司|网络|網絡|网址|网店|商城|在线|集团|中文网|手机|香港|台湾"
_NO_NAMES = words(
    "the a an this that our first of in pre post and is was buy asp ado vb self console logger log"
    " window document system math"
)
"""Words before the last label that make it English or code: the dot com bubble, asp.net."""
_REVERSED = words("com org net cn io edu")
"""A name that begins so and has three labels is that of a program: com.example.app."""
_SEPARATOR = r"(?:\.|\s?(?:[。·•点點]|[\[(（{]\s?(?:\.|dot|点)\s?[\])）}])\s?|\s(?:\.|dot)\s)"
_BARE = late(
    rf"(?<![{_L}@＠_/／\\-])[{_L}][{_L}_-]*(?:{_SEPARATOR}[{_L}][{_L}_-]*)+"
    rf"(?:\.(?:{_CHINESE_ENDS})(?!\w))?"
)
_SPLIT = re.compile(_SEPARATOR)
_SCHEME = late(
    r"(?:h[tx]{2}ps?|ftp)\s?[:：]\s?[/／\\]{1,2}\s?"
    rf"(?P<authority>(?:[{_L}@:%._~+\[\]-]|。(?=[{_L}])|(?<=[/@.])[\u4e00-\u9fff]{{1,63}}(?=\.)"
    rf"|(?<=\.)(?:{_CHINESE_ENDS}))+)"
)
_PORT = re.compile(r":\d{0,5}$")
_PATH = re.compile(r"(?::\d{2,5}(?!\d))?(?:[/?#][!-~]*)?")
_POSSIBLE = re.compile("[.。．｡․点點·•：:]|[dDｄＤ][oOｏＯ][tTｔＴ]")
"""One of these stands in every address."""
_PERHAPS_LETTER = re.compile(
    r"[^\u4e00-\u9fff\u3400-\u4dbf\u3000-\u303f\s!-/:-@\[-`{-~，！？：；（）～…“”‘’—￥]"
)
"""And one of these: nothing else comes down to a letter or digit that hosts are made of."""
_OTHERWISE = re.compile(rf"[@＠][{_L}]|(?<!com|net|org)(?<!cn)\([{_L})'\"]")
"""What follows shows that it was the beginning of an e-mail address, or a call in a program."""
_LONGEST = 253


@frozen
class Address:
    """An address in a text: its host in canonical form, and where it stands.

    `certain` is False for what may as well be something else (main.py, a bare IP): that is an
    address only to somebody who looks for this very host.
    """

    host: str
    span: tuple[int, int]
    certain: bool


def addresses(text: str) -> Iterator[Address]:
    """Every address in the text, in order, those with a scheme first.

    Without a scheme too, with full-width dots, with 点 or dot spelled out. E-mail addresses,
    numbers, and hosts that lead nowhere outside (127.0.0.1, localhost) are none.
    """
    if not may_hold_address(text):
        return
    normal = normalise(text, _STEPS)
    for start, end, host, certain in _places(normal.text):
        yield Address(host, normal.span(start, end), certain)


def may_hold_address(text: str) -> bool:
    """Quickly says that there is no address in a text, which is the rule."""
    return _POSSIBLE.search(text) is not None and _PERHAPS_LETTER.search(text) is not None


def may_hold_addresses(sheaf: Sheaf) -> set[int]:
    """The same of many texts: the places of those in which there may be one."""
    texts = sheaf.texts
    return {each for each in sheaf.touched(_POSSIBLE) if _PERHAPS_LETTER.search(texts[each])}


def host_of(link: str) -> str:
    """The host that a link leads to, in canonical form; empty if it leads to none outside."""
    plain = normalise(link, _STEPS).text.strip()
    match = _SCHEME.match(plain) or _SCHEME.match("http://" + plain)
    return _host(match["authority"]) if match else ""


def _places(plain: str) -> Iterator[tuple[int, int, str, bool]]:
    """Start, end, host and certainty; what follows a host up to the next scheme belongs to it."""
    done = 0
    for match in _SCHEME.finditer(plain):
        yield from _bare(plain, done, match.start())
        host = _host(match["authority"])
        if host:
            yield match.start(), match.end(), host, True
        done = max(done, match.end())
        done = _past(plain, done) if done == match.end() else done
    yield from _bare(plain, done, len(plain))


def _past(plain: str, end: int) -> int:
    """Where the path after a host ends."""
    path = _PATH.match(plain, end)
    return path.end() if path else end


def _host(authority: str) -> str:
    """The host in `user@host:port`: what stands before the last @ is there to deceive."""
    host = authority.rpartition("@")[2]
    if not host.startswith("["):
        host = _number(_PORT.sub("", host).rstrip(":."))
    host = canonical(host.strip("[]"))
    if is_address(host):
        return host if ip_address(host).is_global else ""
    return host if "." in host and len(host) <= _LONGEST else ""


def _number(host: str) -> str:
    """An IPv4 address written as one number, as browsers read it."""
    whole = host.isascii() and host.isdigit() and len(host) <= 10  # noqa: PLR2004
    return str(ip_address(int(host))) if whole and int(host) < 1 << 32 else host


def _bare(plain: str, start: int, end: int) -> Iterator[tuple[int, int, str, bool]]:
    """Hosts without a scheme."""
    while start < end and (match := _BARE.search(plain, start, end)):
        start = match.end()
        cut = _cut(match[0])
        if cut is None or _OTHERWISE.match(plain, start):
            continue
        written = match[0][:cut]
        until = match.start() + cut
        start = _past(plain, until)
        host = _host(_SPLIT.sub(".", written))
        if host:
            yield match.start(), until, host, _is_certain(written, host, led=start > until)


def _cut(written: str) -> int | None:
    """How much of it is a host: up to a last label that ends hosts, before an odd separator."""
    ends = [*_SPLIT.finditer(written)]
    until = len(written)
    for separator in reversed(ends):
        if _ends_hosts(written[separator.end() : until], spelled=separator[0] != "."):
            return until
        if separator[0] == ".":
            return until if is_address(written) else None
        until = separator.start()
    return None


def _ends_hosts(label: str, *, spelled: bool) -> bool:
    """Whether hosts can end so; any two letters are a country."""
    if spelled:
        return label in _SPELLED_ENDS
    country = len(label) == 2 and label.isascii() and label.isalpha()  # noqa: PLR2004
    known = label in _SURE_ENDS or label in _FILE_ENDS or label in _OTHER_ENDS
    return country or known or label.startswith("xn--") or not label.isascii()


def _is_certain(written: str, host: str, *, led: bool) -> bool:
    """Whether it can hardly be anything but an address. `led`: a port or path follows."""
    if host.startswith("www."):
        return True
    if is_address(host):
        return led
    *before, last = host.split(".")
    if len(before) > 1 and before[0] in _REVERSED and not led:
        return False
    name = before[-1]
    if name in _NO_NAMES or (name.isdigit() and len(name) < 3):  # noqa: PLR2004
        return False
    if last in _FILE_ENDS or written.count(" ") == 1:
        return False
    return last in _SURE_ENDS or led
