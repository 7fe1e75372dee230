"""What the topic bank gives besides topics: their history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.values_of_order import Doer


@dataclass(frozen=True, slots=True)
class TopicChange:
    """Who changed a topic and when: each field before and after as stored; none if it was new."""

    at: datetime
    by: Doer
    changed: Mapping[str, tuple[object, object]]
