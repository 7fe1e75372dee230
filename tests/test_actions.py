from builders import group, person

from bot.actions import Priority, Remove, Say, place


def test_place():
    """A word happens where it is said, everything else in its group."""
    why = {"key": "k", "why": "因为", "priority": Priority.ANSWER}

    assert person("小林") == place(Say(to=person("小林"), text="你好", **why))
    assert group() == place(Say(to=group(), text="大家好", **why))
    assert group() == place(Remove(group=group(), member=person("小林"), **why))
