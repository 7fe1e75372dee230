"""A seeded generator of group chat: realistic Chinese lengths, hits, mentions, quotes.

Standard library only: the peers' environments use it too. What is said depends on the seed alone,
which comes from the command line; nothing is tuned to a particular text.
"""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

# The most frequent characters of written Chinese, most frequent first; drawn with Zipf weights.
_CHARACTERS = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政"
    "美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员"
    "解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件"
    "计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笑飞风步改"
)
_TAILS = ("", "", "", "", "。", "！", "？", "……", "～", "哈哈哈", "😂", "👍", "[捂脸]", "[强]")
_LATIN = (
    "ok",
    "AI",
    "GPT",
    "WiFi",
    "App",
    "666",
    "2026",
    "iPhone",
    "v2.0",
    "https://example.cn/a1",
)
# Twenty of each, two characters long.
_OFFENCES = "刷单贷款彩票代开博彩套现代孕裸聊黑卡私服外挂传销代考洗码荐股返佣假证高仿菠菜微商"
_OFFERS = "返利秒批包中发票平台秒到中介约吗批发充值辅助加盟包过代理牛股兼职直邮招商上分引流"
_TEXTLESS = ("image", "emoticon", "audio", "url")


@dataclass(frozen=True, slots=True)
class Line:
    """One message: who (numbers) said what, where, and how many seconds after the beginning."""

    number: int
    group: int
    member: int
    seconds: float
    text: str
    kind: str = "text"
    hit: bool = False
    mentions: tuple[int, ...] = ()
    quoted: int | None = None
    """The number of an earlier line of the same group."""


class Chat:
    """A busy account: by default 200 groups, 5,000 members, one line in ten with a hit."""

    def __init__(
        self, seed: int, *, groups: int = 200, members: int = 5_000, hits: float = 0.1
    ) -> None:
        self._random = Random(seed)
        self.groups = groups
        self.members = members
        self._hits = hits
        every = [offence + offer for offence in _pairs(_OFFENCES) for offer in _pairs(_OFFERS)]
        self.words = tuple(self._random.sample(every, 200))
        self._characters = _zipf(len(_CHARACTERS), 0.8)
        self._groups = _zipf(groups, 0.6)
        self._members = _zipf(members // groups, 0.6)

    def lines(self, count: int, *, a_second: float = 20.0) -> list[Line]:
        """The next lines of the chat; `a_second` is how fast the whole account talks."""
        last: dict[int, int] = {}
        found = []
        for number in range(count):
            line = self._line(number, number / a_second, last)
            last[line.group] = number
            found.append(line)
        return found

    def _line(self, number: int, seconds: float, last: dict[int, int]) -> Line:
        draw = self._random
        group = draw.choices(range(self.groups), cum_weights=self._groups)[0]
        member = self._member(group)
        hit = draw.random() < self._hits
        if not hit and draw.random() < 0.15:  # noqa: PLR2004 - pictures, stickers, voices, links
            return Line(number, group, member, seconds, "", draw.choice(_TEXTLESS))
        text = self._text()
        if hit:
            at = draw.randint(0, len(text))
            text = text[:at] + draw.choice(self.words) + text[at:]
        turned = draw.random()
        mentions = (self._member(group),) if turned < 0.06 else ()  # noqa: PLR2004
        quoted = last.get(group) if turned > 0.97 else None  # noqa: PLR2004
        return Line(number, group, member, seconds, text, "text", hit, mentions, quoted)

    def _member(self, group: int) -> int:
        """Members are dealt out to the groups; some of them say much more than others."""
        within = self._random.choices(range(len(self._members)), cum_weights=self._members)[0]
        return within * self.groups + group

    def _text(self) -> str:
        """Half of what is said has no more than fourteen characters, one in a hundred over 100."""
        draw = self._random
        length = max(1, min(600, round(draw.lognormvariate(2.4, 0.95))))
        text = "".join(draw.choices(_CHARACTERS, cum_weights=self._characters, k=length))
        if length > 15:  # noqa: PLR2004 - longer ones have a comma
            text = f"{text[: length // 2]}，{text[length // 2 :]}"
        if draw.random() < 0.1:  # noqa: PLR2004
            text = f"{text} {draw.choice(_LATIN)} "
        return text + draw.choice(_TAILS)


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(0, len(text), 2)]


def _zipf(count: int, exponent: float) -> list[float]:
    """Cumulative weights: the k-th of `count` is k to the power of `exponent` times rarer."""
    return list(accumulate(1 / rank**exponent for rank in range(1, count + 1)))
