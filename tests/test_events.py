from bot.events import Group, Identity, Kind


def test_same_person_other_name():
    """A person is who the account says, whatever the name is today."""
    assert Identity("围炉", "wxid_1", "小林") == Identity("围炉", "wxid_1", "林总")
    assert Identity("围炉", "wxid_1") != Identity("另一个号", "wxid_1")
    assert Identity("围炉", "wxid_1") != Group("围炉", "wxid_1")
    assert 1 == len({Group("围炉", "g1", "读书会"), Group("围炉", "g1", "读书会（2）")})


def test_unknown_kind():
    """A kind of message that comes with a newer gateway is unknown, not an error."""
    assert Kind.UNKNOWN is Kind(99)
    assert Kind.TEXT is Kind(7)
