"""The house keeps its own rules; each test first proves that it sees the house."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "rules", "storage", "topics")
MODULES = sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.py"))
SOURCES = [path for path in MODULES if "migrations" not in path.parts]
RULES = sorted(
    path.stem
    for path in (HOUSE / "rules").glob("*.py")
    if re.search(r"^    key: ClassVar.* = |^    key = ", path.read_text(), re.MULTILINE)
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")


def name(path: Path) -> str:
    """Where a module is, from the house's door."""
    return str(path.relative_to(HOUSE))


@cache
def text(path: Path) -> str:
    """What stands in a module."""
    return path.read_text()


def tree(path: Path) -> ast.Module:
    """The same as Python reads it; not kept, as thousands of objects would be gone through."""
    return ast.parse(text(path))


def test_the_house_is_seen():
    """These tests look at the real rooms: a well-known module of each is among them."""
    seen = {name(path) for path in SOURCES}

    assert {
        "bot/events.py",
        "handlers/remember.py",
        "rules/flood.py",
        "storage/work.py",
        "topics/choosing.py",
    } <= seen
    assert {"flood", "keywords"} <= set(RULES)


def test_small_modules():
    """A module over 300 lines states its reason in a comment `# long because …`."""
    long = [path for path in SOURCES if len(text(path).splitlines()) > 300]

    assert [] == [name(path) for path in long if "# long because" not in text(path)]


def test_values_are_made_quickly():
    """`@frozen` makes a class in a fifth of the time that the library takes: every start waits."""
    slow = re.compile(r"^@dataclass\(frozen=True, slots=True(, kw_only=True)?\)$", re.MULTILINE)

    assert [] == [name(path) for path in SOURCES if slow.search(text(path))]


def test_a_docstring_each():
    """Every module that holds something says what its subject is."""
    silent = [path for path in SOURCES if text(path) and not ast.get_docstring(tree(path))]

    assert [] == list(map(name, silent))


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_have_no_front_door(room: str):
    """A room's own __init__.py stays empty, so that it can have a cellar and a roof."""
    assert "" == (HOUSE / room / "__init__.py").read_text()


def test_names():
    """No module hides behind a name that says nothing."""
    hidden = {"utils", "helpers", "common", "manager", "core", "service"}

    assert [] == [name(path) for path in SOURCES if path.stem in hidden]


@pytest.mark.parametrize("key", RULES)
def test_a_rule_is_documented_and_tested(key: str):
    """Every rule has its test file and its heading in docs/rules.md."""
    assert (HOUSE / "tests" / "rules" / f"test_{key}.py").exists()
    assert f"\n## {key}\n" in (HOUSE / "docs" / "rules.md").read_text()


def has_words(written: ast.expr) -> bool:
    """Whether it is written out, and more than placeholders."""
    if not isinstance(written, ast.Constant | ast.JoinedStr):
        return False
    words = written.value if isinstance(written, ast.Constant) else ast.unparse(written)[1:]
    return re.search(r"[^\W\d_]", re.sub(r"{[^}]*}", "", str(words))) is not None


def bilingual_calls() -> list[tuple[str, str, str]]:
    """Every `Text(zh=…, en=…)` and `tr(zh, en)` with literal words: place, zh, en."""
    found = []
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            words = [*node.args, *(k.value for k in node.keywords if k.arg in ("zh", "en"))]
            if node.func.id in ("Text", "tr") and len(words) == 2 and all(map(has_words, words)):
                zh, en = (ast.unparse(word) for word in words)
                found.append((f"{name(path)}:{node.lineno}", zh, en))
    return found


def test_both_languages_everywhere():
    """What is said to a person is there in Chinese and in English, and in that order."""
    calls = bilingual_calls()

    assert len(calls) > 40
    assert [] == [place for place, zh, _ in calls if not CHINESE.search(zh)]
    assert [] == [place for place, _, en in calls if not LATIN.search(en)]


def test_locks_hold_hashes_and_no_addresses():
    """Locked packages are pinned by hash, without the address of any index."""
    for lock in ("run.txt", "dev.txt"):
        text = (HOUSE / "locks" / lock).read_text()

        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text


def test_tests_hold_no_package():
    """An __init__.py in tests would shadow the real packages."""
    assert [] == list((HOUSE / "tests").rglob("__init__.py"))


def test_every_test_says_what_it_expects():
    """Each test has one sentence of docstring."""
    silent = [
        f"{name(path)}::{node.name}"
        for path in (HOUSE / "tests").rglob("test_*.py")
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]

    assert [] == silent
