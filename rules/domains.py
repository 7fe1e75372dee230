"""Domains: one form for all the ways a host can be written, lists of them, and look-alikes."""

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, Field

from rules.normalising import normalise
from rules.steps import OF_CHARACTERS, Step

_DOTS = re.compile("[.。．｡]")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_WRITTEN_ALIKE = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_ALIKE = str.maketrans("01i5", "olls")
_PLAIN = OF_CHARACTERS - {Step.LOOKALIKES, Step.MARKS, Step.TRADITIONAL}


def words(text: str) -> frozenset[str]:
    """The words of a text with spaces between them."""
    return frozenset(text.split())


@lru_cache(maxsize=2048)
def canonical(host: str) -> str:
    """Small letters, plain dots, no punycode: `XN--FSQ.com.` becomes `例.com`.

    Whatever cannot be read stays as it is; nothing is raised.
    """
    plain = normalise(unquote(host), _PLAIN).text
    return ".".join(_label(label) for label in _DOTS.split(plain.strip(".。 ")))


def _label(label: str) -> str:
    """What a label in punycode stands for."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").casefold()
    except (UnicodeError, OverflowError):
        return label


@lru_cache(maxsize=2048)
def skeleton(host: str) -> str:
    """The same for hosts that look the same: Cyrillic раураl.com, paypa1.com, arnazon.com."""
    looks = normalise(host, OF_CHARACTERS).text
    for pair, single in _WRITTEN_ALIKE:
        looks = looks.replace(pair, single)
    return looks.translate(_ALIKE)


def listed(host: str, domains: frozenset[str]) -> str | None:
    """The narrowest of the domains that the (canonical) host is or lies under."""
    while host:
        if host in domains:
            return host
        host = host.partition(".")[2]
    return None


def resembled(host: str, looks: Mapping[str, str]) -> str | None:
    """The domain that the host, or one it lies under, looks like without being it.

    `looks` are the domains by their skeletons.
    """
    while host:
        like = looks.get(skeleton(host))
        if like is not None and like != host:
            return like
        host = host.partition(".")[2]
    return None


def is_address(host: str) -> bool:
    """Whether it is an IP address and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _domain(written: str) -> str:
    """The canonical form of what an admin wrote. Raises ValueError for what is no domain."""
    host = canonical(written.strip().strip("[]"))
    if "/" in host or (":" in host and not is_address(host)):
        raise ValueError(
            f"「{written}」只写域名，不要协议和路径，如 example.com"
            " write the domain only, without scheme and path, like example.com"
        )
    if host.startswith("*"):
        raise ValueError(
            f"「{written}」不用写星号，子域名总是包括在内"
            " leave out the asterisk, subdomains are always included"
        )
    if not (is_address(host) or _is_name(host)):
        raise ValueError(f"「{written}」不是域名，应像 example.com not a domain, like example.com")
    return host


def _is_name(host: str) -> bool:
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):  # noqa: PLR2004
        return False
    try:
        return len(host.encode("idna")) <= 253  # noqa: PLR2004
    except UnicodeError:
        return False


Domain = Annotated[str, Field(max_length=253), AfterValidator(_domain)]
