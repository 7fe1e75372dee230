from builders import NOON, group, later, person, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.events import Identity, Message
from storage.database import Database
from storage.work import Work

messages = st.lists(
    st.builds(
        lambda number, name, ours, where: said(
            "早",
            id=f"m{number}",
            author=Identity(person("小林").account, f"id-{number % 3}", name),
            ours=ours,
            group=group(where),
        ),
        st.integers(0, 5),
        st.sampled_from(["小林", "林 \x00", "", "\ud800"]),
        st.booleans(),
        st.sampled_from(["读书会", "跑步"]),
    ),
    max_size=8,
)


def hear(work: Work, message: Message) -> bool:
    """Record it as the handlers do."""
    assert message.group is not None
    return work.hearing.hear(message, message.group, NOON, keep_text=True) is not None


def one_by_one(work: Work, message: Message) -> bool:
    """The same with what each store has to say of it."""
    assert message.group is not None
    work.groups.see(message.group, managed=True, at=NOON)
    new = work.messages.add(message, keep_text=True) is not None
    if new and not message.ours:
        work.memberships.seen(message.group, message.author, message.at)
    return new


def stored(work: Work) -> object:
    """What can be read of it, keys left out."""
    groups = [group(), group("跑步")]
    return (
        [(each.group, each.group.name, each.messages, each.managed) for each in work.groups.all()],
        [[(who, who.name) for who in work.memberships.present(each)] for each in groups],
        [*work.speech.since(person("小林").account, later(days=-1), texts=True)],
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=messages)
def test_it_is_what_the_stores_do_one_by_one(new_sqlite, said: list[Message]):  # noqa: ANN001
    """Heard twice, by new names, by ourselves: the database is the same in the end."""
    found = []
    for way in (hear, one_by_one):
        database = Database(new_sqlite())
        with database.work() as work:
            new = [way(work, each) for each in said]
            work.commit()
        with database.work() as work:
            found.append((new, stored(work)))
        database.close()

    assert found[1] == found[0]


def test_what_was_heard_has_a_key(database: Database):
    """The first time; after that there is none."""
    message = said("早")
    with database.work() as work:
        key = work.hearing.hear(message, group(), NOON, keep_text=True)
        assert key == work.messages.id_of(group(), message.id)
        work.commit()
    with database.work() as work:
        assert work.hearing.hear(message, group(), NOON, keep_text=True) is None
