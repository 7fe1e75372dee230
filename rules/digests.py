"""Digests of settings: by them it is seen whether something has changed in meaning."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(settings: Mapping[str, Any]) -> str:
    """32 hexadecimal digits, the same for the same settings in every process and release.

    A setting that is off (None, 0, false, empty) is as good as not there, so that a release that
    brings a new one does not make all settings look changed.
    """
    written = {key: value for key, value in settings.items() if value}
    plain = json.dumps(written, default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _plain(value: Any) -> Any:
    # The order of a set is another one in each process.
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)
