from builders import group, later
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from posted import WINDOW, posted

from storage.database import Database

hours = st.integers(0, 9)
steps = st.lists(
    st.tuples(st.booleans(), hours, st.lists(hours, max_size=3), st.booleans()), max_size=6
)
"""Whether something is posted and at which hour, at which hours it is asked, and if that lasts."""


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(todo=steps)
def test_open_is_what_is_open_at_that_time(new_url, todo):  # noqa: ANN001
    """Whatever was looked up before, for later or for earlier messages, in this work or another."""
    database = Database(new_url())
    there: list[int] = []
    for number, (posts, hour, asks, lasts) in enumerate(todo):
        with database.work() as work:
            for _ in asks:
                work.open_posts.active(group(), later(hours=5))
            now = list(there)
            if posts:
                posted(work, number, later(hours=hour))
                now.append(hour)
            for ask in asks:
                at = later(hours=ask)
                times = sorted((later(hours=each) for each in now), reverse=True)
                expected = [each for each in times if each <= at <= each + WINDOW]
                found = work.open_posts.active(group(), at)
                assert expected == [each.posted_at for each in found]
            if lasts:
                work.commit()
                there = now
    database.close()
