from any_topics import asked

from console.importing import KEPT, Imports, Preview, Step
from storage.trouble import DatabaseTrouble
from storage.values import Topic

FILE = "title,text\n走路,走了吗？\n".encode()


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.now


async def bank() -> list[Topic]:
    """One topic is there."""
    return [asked("tea")]


async def over(preview: Preview) -> Preview:
    """The preview once there is something to look at."""
    assert preview.task is not None
    await preview.task
    return preview


async def test_a_file_is_looked_at():
    """What would be new stands in the plan, and nothing is wrong."""
    preview = await over(Imports().begin("me", "a.csv", FILE, bank))

    assert Step.READY is preview.step
    assert preview.plan is not None
    assert ["走路"] == [topic.title for topic in preview.plan.new]


async def test_what_is_wrong_is_kept_with_its_place():
    """By row and column."""
    preview = await over(Imports().begin("me", "a.csv", b"title,text\n,x\n", bank))

    assert Step.FAULTY is preview.step
    assert [(2, "title")] == [(fault.line, fault.path) for fault in preview.faults]


async def test_a_database_in_trouble_is_told():
    """The file may be fine: it is not compared."""

    async def broken() -> list[Topic]:
        raise DatabaseTrouble("没有 gone")

    preview = await over(Imports().begin("me", "a.csv", FILE, broken))

    assert Step.FAULTY is preview.step
    assert ["没有 gone"] == [fault.message for fault in preview.faults]


async def test_a_preview_is_forgotten_after_ten_minutes():
    """And not before."""
    clock = Clock()
    imports = Imports(clock)
    preview = await over(imports.begin("me", "a.csv", FILE, bank))
    clock.now = KEPT - 1.0
    before = imports.get("me")
    clock.now = KEPT

    assert preview is before
    assert imports.get("me") is None


async def test_each_session_has_its_own_and_the_oldest_gives_way():
    """Nobody sees what somebody else is about to import; five are kept."""
    clock = Clock()
    imports = Imports(clock)
    for number in range(6):
        clock.now += 1
        await over(imports.begin(str(number), f"{number}.csv", FILE, bank))
    kept = [imports.get(str(number)) for number in range(6)]

    assert [None, "1.csv", "2.csv", "3.csv", "4.csv", "5.csv"] == [
        each and each.name for each in kept
    ]


async def test_what_is_given_up_is_gone():
    """Even while it is being read."""
    imports = Imports()
    imports.begin("me", "a.csv", FILE, bank)
    imports.drop("me")

    assert imports.get("me") is None
