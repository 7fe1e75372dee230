from datetime import date

from builders import NOON, group, later, person
from hall import Hall
from pact_stage import begins, told

from handlers import rule_book
from handlers.rule_book import Place, book, places
from handlers.settings import GroupSettings
from rules.base import Exemption, Role
from rules.keywords import Keywords

WHY = "慢慢来"


def ads(**over: object) -> GroupSettings:
    """Settings with one rule."""
    fields = {"name": "广告", "reason": WHY, "words": ["刷单"]} | over
    return GroupSettings(rules=(Keywords.model_validate(fields),))


def test_groups_with_the_same_rules_are_one_place():
    """However their settings came to be equal; the most first, and last what no group is under."""
    shared, alike, other, idle = ads(), ads(), ads(words=["代购"]), ads(words=["兼职"])
    known = [
        (group("别"), other),
        (group("乙"), shared),
        (group("甲"), alike),
        (group("没人管"), None),
    ]
    found = places([("甲", alike), ("别", other), ("*新群", idle)], known)

    assert [
        Place(shared, (group("乙"), group("甲"))),
        Place(other, (group("别"),)),
        Place(idle, (), "*新群"),
    ] == found
    assert ["乙@room", "别@room", "*新群"] == [each.stands_for.id for each in found]


def test_an_entry_of_merged_groups_is_not_called_unseen():
    """Its settings are the same as those of groups that were seen."""
    found = places([("甲", ads()), ("乙", ads())], [(group("甲"), ads())])

    assert [(group("甲"),)] == [each.groups for each in found]


def test_what_a_group_was_told(hall: Hall):
    """Nothing before it was announced; the version and when afterwards; changed since."""
    settings = ads()
    hall.rule(rules=settings.rules)
    begins(hall)

    def now(settings: GroupSettings) -> tuple[int, bool]:
        (each,) = rule_book.told(hall.work, [group()], settings)
        return each.version, each.new

    before = now(settings)
    version = told(hall)
    after = now(settings)

    assert (0, True) == before
    assert (version, False) == after
    assert (version, True) == now(ads(words=["别的"]))


def test_whom_a_rule_spares(hall: Hall):
    """By config.yaml and by operators, as long as it lasts."""
    spared = [
        Exemption(member="小林", reason="讲师", until=date(2026, 12, 1)),
        Exemption(role=Role.NEWCOMER, reason="还不知道"),
        Exemption(member="旧人", reason="过去了", until=date(2026, 1, 1)),
    ]
    settings = ads(exempt=[each.model_dump(mode="json") for each in spared])
    grant = hall.work.exemptions.grant
    grant(group(), person("阿青"), "广告", "店主", None, "老周", NOON)
    grant(group(), person("小何"), "", "都行", date(2026, 1, 2), "老周", NOON)
    grant(group("跑步"), person("小吴"), "广告", "别处", None, "老周", NOON)
    (entry,) = book(hall.work, Place(settings, (group(),)), group().account, (), later(minutes=1))

    assert [
        ("小林", date(2026, 12, 1), ""),
        (rule_book.ROLES[Role.NEWCOMER], None, ""),
        ("阿青", None, "老周"),
    ] == [(each.who, each.until, each.by) for each in entry.spared]
