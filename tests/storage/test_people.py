from builders import NOON, person

from storage.people import doer
from storage.work import Work


def test_who_acted_is_two_columns(work: Work):
    """A member is a key, anything outside the chat a word; the forgotten are neither."""
    id_of = work.members.id_of
    key = id_of(person("小王"), NOON)

    assert {"by_id": key, "by": ""} == doer(id_of, person("小王"), NOON, "by")
    assert {"by_id": None, "by": "cli"} == doer(id_of, "cli", NOON, "by")
    work.members.forget(work.members.find("小王")[0].member_id, NOON)
    assert {"by_id": None, "by": ""} == doer(id_of, person("小王"), NOON, "by")
