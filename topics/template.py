"""Templates: files with the headings, two examples and what each field means."""

from storage.values import Topic, TopicKind, TopicStatus
from topics.fields import CHOICES, COLUMNS
from topics.writing import as_xlsx, fields_of, written

NOTES = {
    "key": (
        "短名，导入时认它：同一代号是同一个话题；不写就用标题",
        "a short name by which a topic is known when it is imported again; else its title is",
    ),
    "title": ("标题，必填", "the title, required"),
    "text": (
        "问大家什么，必填；问亲身经历的小事最好答",
        "what to ask, required: something small and lived",
    ),
    "kind": (
        "万能（谁都答得上）或专业（要是圈内人）",
        "universal (all can answer) or professional",
    ),
    "category": ("分类，比如 生活、读书", "such as 生活 or 读书"),
    "tags": (
        "标签，用顿号分开；节目按标签选话题",
        "tags with commas between; programmes choose by them",
    ),
    "link": ("跟着话题发出的网址", "an address that is posted below the text"),
    "picture": ("配图：网址或文件路径", "a picture: an address or the path of a file"),
    "stages": (
        "适合哪些阶段的群，比如 起步；不写则都适合",
        "the stages of a group it serves; any if empty",
    ),
    "goal": ("服务哪个共同目标；不写则都适合", "the common goal it serves; any if empty"),
    "season": (
        "什么时候合适：冬、12月、11月~2月、10月24日、10月20日~11月2日、2026-02-10~2026-02-24、中秋",
        "when it fits: a season, months, days of each year, dates, or a holiday",
    ),
    "language": (
        "话题用什么语言写的，不写是中文",
        "the language it is written in; Chinese if empty",
    ),
    "author": ("署名，发出时致谢", "who is thanked when it is posted"),
    "source": ("来源，自己备查", "where it comes from, for your own records"),
    "weight": ("1 到 100，重的先发；不写是 1", "1 to 100, the heavier goes first; 1 if empty"),
    "status": (
        "待审、可用、休息、停用；新话题不写就是可用",
        "new topics are approved if it is empty",
    ),
}
"""What each column is for, in Chinese and English."""

_EXAMPLES = (
    Topic(
        key="example-universal",
        title="包里一定有的东西",
        text="出门时你的包里一定有哪样别人想不到的东西？它在什么时候救过你一次？",
        category="生活",
        tags=("日常", "破冰"),
        status=TopicStatus.PROPOSED,
    ),
    Topic(
        key="example-professional",
        title="这周读到的一句话",
        text="这周读到的哪句话让你停了一下？抄给大家，再说说你当时想到了谁、想到了什么事。",
        kind=TopicKind.PROFESSIONAL,
        category="读书",
        tags=("读书",),
        stages=("起步",),
        weight=3,
        status=TopicStatus.PROPOSED,
    ),
)


def template(form: str) -> bytes:
    """A file to be filled in (`.yaml`, `.csv`, `.xlsx`). Raises Unwritable.

    Its examples are proposals, so that nothing is posted if they are left in it.
    """
    if form.lower() == ".xlsx":
        return as_xlsx(fields_of(_EXAMPLES), _notes())
    content = written(_EXAMPLES, form)
    if form.lower() == ".csv":
        return content
    return _comments().encode() + content


def _notes() -> list[tuple[str, ...]]:
    lines = [(COLUMNS[name], zh, _choice(name), name, en) for name, (zh, en) in NOTES.items()]
    return [("栏", "说明", "可写", "column", "what it is for"), *lines]


def _comments() -> str:
    lines = [f"#   {name:9} {COLUMNS[name]}：{zh} / {en}" for name, (zh, en) in NOTES.items()]
    return "\n".join(
        [
            "# 围炉话题模板：每个「- 」开头的是一个话题。 A template: each “- ” begins a topic.",
            *lines,
            "",
            "",
        ]
    )


def _choice(name: str) -> str:
    return "、".join(CHOICES.get(name, ()))
