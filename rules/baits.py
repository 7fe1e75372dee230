"""Finds in a text what leads people elsewhere: numbers, ids, and calls to add somebody."""

import re
from collections.abc import Callable, Iterable, Iterator

from bot.frozen import frozen
from rules.late import late
from rules.normalising import plainly
from rules.sheaf import Sheaf

Span = Callable[[int, int], tuple[int, int]]


@frozen
class Bait:
    """One thing found: where it stands in the original, and what it says, in plain characters.

    A number is its digits without the country's; an id is in small letters.
    """

    span: tuple[int, int]
    said: str


_NUMERALS = str.maketrans(
    "零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两oil", "00012345678911234567892011"
)
_DIGITS = "0-9零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两oil"
_SHORTEST = 10
"""Digits of the shortest number, one of a service."""


def _so_many_of(digits: str) -> re.Pattern[str]:
    """As many as the shortest number has, wherever they stand."""
    return re.compile(f"(?:[^{digits}]*+[{digits}]){{{_SHORTEST}}}")


_ENOUGH_DIGITS = _so_many_of(_DIGITS)
_GAP = r"[ \-._*~·—–|/]{0,3}"
_A_NUMBER = re.compile(f"[{_DIGITS}](?:{_GAP}[{_DIGITS}]){{8}}")
"""The shortest of all numbers that are looked for, whatever stands around it."""
_PHONE = re.compile(
    r"(?<![0-9])(?<![0-9][ \-._*~])(?<![0-9]\.)(?:(?:\+|00)?86" + _GAP + r")?"
    r"(?P<number>1" + _GAP + "[3-9](?:" + _GAP + r"[0-9]){9})(?![0-9])(?![ \-._*~][0-9])(?!%)"
)
_PLAIN_PHONE = re.compile(
    r"(?<![0-9])(?<![0-9][.\-:：])(?:\+?86|0086)?(?P<number>1[3-9][0-9]{9})(?![0-9])(?![.\-][0-9])"
)
_NOT_A_PHONE = re.compile(
    r"(?:订单|单号|运单|快递|编号|流水|isbn|身份证|卡号|发票|工单|序列|条码|票号|凭证|合同)"
    r"[号码]{0,2}[^0-9，。\n]{0,4}$"
)
_SERVICE = re.compile(
    "(?<![0-9])(?P<number>[48]00[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}|0[1-9][0-9]{1,2}-?[0-9]{7,8})"
    "(?![0-9])"
)


def phones(text: str) -> Iterator[Bait]:
    """Chinese mobile numbers, also spelled with separators, full width or in Chinese numerals.

    Not what is longer, part of something longer, or called the number of an order.
    """
    plain, span = _plain(text)
    if not _ENOUGH_DIGITS.match(plain):
        return
    yield from _numbers(_PLAIN_PHONE, plain, span)
    yield from _numbers(_PHONE, plain, span)
    yield from _numbers(_PHONE, plain.translate(_NUMERALS), span)


def service_numbers(text: str) -> Iterator[Bait]:
    """Numbers of firms: 400-… and 800-…, and those with an area code."""
    plain, span = _plain(text)
    yield from _numbers(_SERVICE, plain, span)


def _numbers(pattern: re.Pattern[str], plain: str, span: Span) -> Iterator[Bait]:
    for match in pattern.finditer(plain):
        before = plain[max(match.start() - 12, 0) : match.start()]
        if _in_groups(match["number"]) and not _NOT_A_PHONE.search(before):
            yield Bait(span(*match.span()), re.sub("[^0-9]", "", match["number"]))


def _in_groups(number: str) -> bool:
    """Whether the digits stand as in a number somebody reads out, not as in a list of numbers."""
    lengths = [len(group) for group in re.findall("[0-9]+", number)]
    rest = lengths[1:]
    return all(length >= 3 for length in lengths) or {*rest} in ({1}, {2})  # noqa: PLR2004


_EVASIVE = (
    "(?:v信|微x|威信|徽信|薇信|微芯|薇芯|维信|卫星|绿泡泡|扣扣|口口号"
    r"|(?<![a-z0-9])(?:vx|wx|v\.x))"
)
"""What only those write who do not want to be found."""
_OPEN = "(?:微信|企鹅|电报|纸飞机|(?<![a-z0-9])(?:qq|weixin|wechat|telegram|whatsapp|tg))"
_LETTER = "(?:[薇威徽微扣]|(?<![a-z0-9])[vq])"
_ADD = r"(?:(?<![参增更附施追叠])加|➕|(?<![a-z0-9])(?<![a-z0-9] )\+|jia|伽)"
_WHO = "我|老师|客服|助理|助教|本人|小编|学姐|学长|教练|经理|顾问"
_FILL = rf"(?:{_WHO}|个|下|一下|咱|群主|的|好友|[^\w\n]){{0,3}}"
_WHOSE = f"(?:{_WHO}|联系|咨询|详聊|私聊|私信|滴滴|添加|认准|备用)"
_NO_AMOUNT = r"(?!\s?[元块万亿人年月米个次步%度千位名条点毛寸斤])"
_ID = (
    "(?P<id>(?=[a-z_-]{0,19}[0-9_])[a-z][a-z0-9_-]{5,19}|[1-9][0-9]{4,11})"
    r"(?![0-9a-z@_.])" + _NO_AMOUNT
)
_CALLED = "(?:号码?|群号?|id|账号|帐号)"
_TO = rf"{_CALLED}?[^\w\n]{{0,4}}(?:是|为)?[^\w\n]{{0,3}}"
_IDS = tuple(
    late(pattern)
    for pattern in (
        _EVASIVE + _TO + _ID,
        rf"{_OPEN}(?:{_CALLED}[^\w\n]{{0,4}}(?:是|为)?|\s?[:：])[^\w\n]{{0,3}}" + _ID,
        _ADD + _FILL + _OPEN + _TO + _ID,
        _WHOSE + r"的?\s?" + _OPEN + _TO + _ID,
        r"(?<![a-z0-9])(?:qq\s?|q群\s?[:：]?\s?)(?P<id>[1-9][0-9]{5,10})(?![0-9.@])" + _NO_AMOUNT,
        _ADD + _FILL + _LETTER + _TO + _ID,
        r"(?:薇|(?<![a-z0-9])v)\s?[:：=]\s?(?P<id>[a-z][a-z0-9_-]{5,19}|1[3-9][0-9]{9})(?![0-9a-z.])",
    )
)
_MAY_BE_ID = re.compile("[a-z0-9_-]{5}")
"""The shortest id; in most messages there is none."""


def ids(text: str) -> Iterator[Bait]:
    """WeChat ids and QQ numbers, where a call to use them stands before: 加V abc_123."""
    for match, span in _called(_IDS, _MAY_BE_ID, text):
        yield Bait(span, match["id"])


_LURE = "(?:[领聊详看私拿送]|咨询|了解|进群|入群|拉你|拉群|免费|发你|报名|预约|获取|下单|备注)"
_NOT_WEI = "(?![信博软量波调小风米分课店商电型服观生笑辣甜盐热火马距创整积雨光控众胖缩镜视细粒妙])"
_SCAN = "扫(?:一扫|描|下面?|上面|下方|图中|图片)?的?(?:二维码|码)"
_CALLS = tuple(
    late(pattern)
    for pattern in (
        _ADD + _FILL + _EVASIVE + "(?![a-z0-9])",
        _ADD + _FILL + f"(?:薇|徽|威(?![胁慑力严望士尼海化])|微{_NOT_WEI})",
        _ADD + _FILL + "[vq](?![a-z0-9字型形领认])",
        _ADD + _FILL + "(?:扣(?![分款除押子篮肉费税减])|企鹅|电报|纸飞机)",
        f"{_ADD}(?:{_WHO})(?:个|的|一下|下)?{_OPEN}",
        rf"{_ADD}(?:个|一下|下|群主)?{_OPEN}[^\w\n]{{0,2}}{_LURE}",
        "(?:微信|电话|手机|手机号|薇|vx|v信?)同[步号]",
        _SCAN + r"[^\w\n]?(?:就?能|即?可|免费)?(?:加入?|进入?|入)(?:我|群|微信|交流)",
        "(?:私聊|私信|私|滴滴|联系)我?[拉进入加]你?[进入]?群",
    )
)
_MAY_BE_CALL = re.compile(
    "(?:[加➕+伽]|jia).{0,8}?[v微威徽薇维卫绿扣口企电纸qwt]"
    "|同[步号]|扫.{0,8}?码|[聊信私滴系]我?[拉进入加]你?[进入]?群",
    re.DOTALL,
)


def calls(text: str) -> Iterator[Bait]:
    """Calls to add somebody or to come elsewhere, without any id: 加V, ➕薇, 扫码进群."""
    for match, span in _called(_CALLS, _MAY_BE_CALL, text):
        yield Bait(span, match[0])


_BEFORE = re.compile(
    "(?:不[要用得能许准可会]|不允许|别|勿|禁止|严禁|谨防|警惕|小心|当心|拒绝|防止|提防|怎么|如何|为什么"
    "|诱导|要求|骗子?|没有?|冒充|对方|陌生人|有人|他们?|她"
    "|(?:让|叫|请|引导|诱骗|忽悠|催)(?:[我你他她]|家长|客户|老人|大家|别人|受害人)?)"
    "(?:再|随便|轻易|随意|乱|给|私下|私自|擅自|在?群[里内]|和|跟|与|陌生人|别人|任何人|群友|客户"
    '|[人我你去]|相信|直接|主动|互相?|私|一直|老|总|都|要|想|说|让|叫|先|来|发布?|[“「『"]|通过|所谓的?)*$'
)
"""Ends where the bait begins."""
_AFTER = re.compile(
    r"[^，。！？\n]{0,8}(?:(?:都|全|全都|基本|多半|大多|肯定|一定|就)是[骗诈]|的?是?骗子|的骗局|被骗"
    "|别信|不要信|要小心|请举报|违规|会被)"
)


def _called(
    patterns: Iterable[re.Pattern[str]], maybe: re.Pattern[str], text: str
) -> Iterator[tuple[re.Match[str], tuple[int, int]]]:
    """What the patterns find, unless somebody warns of it, forbids it, or quotes others.

    `maybe` finds something wherever one of them does, and seldom anywhere else.
    """
    plain, span = _plain(text)
    if not maybe.search(plain):
        return
    for pattern in patterns:
        for match in pattern.finditer(plain):
            before = plain[max(match.start() - 20, 0) : match.start()]
            if not (_BEFORE.search(before) or _AFTER.match(plain, match.end())):
                yield match, span(*match.span())


_ORDINARY = (  # no sign of anything, and nothing else in disguise
    "\u4e00-\u9fff\u3400-\u4dbf0-9A-Za-z \\n.,!?~:;()\"'%/@#&=_<>\\[\\]{}|^$`*"
    "\u3000-\u303f，！？：；（）～…“”‘’—￥\U0001f300-\U0001f64f\U0001f900-\U0001f9ff-"
)
_WORTH_IT = re.compile(
    f"[加+薇徽微威维維扣口企电電纸紙卫衛绿綠vqwtjVQWTJ同码碼群羣]|[^{_ORDINARY}]"
)
_ENOUGH_AS_SENT = _so_many_of(f"{_DIGITS}貳參陸兩OIL")


def worth_a_look(text: str) -> bool:
    """Whether there can be anything in it; of most messages that is quickly denied."""
    return _WORTH_IT.search(text) is not None or (
        len(text) >= _SHORTEST and _ENOUGH_AS_SENT.match(text) is not None
    )


def may_hold_baits(sheaf: Sheaf) -> set[int]:
    """The places of the texts in which there may be anything."""
    texts = sheaf.texts
    ids = {each for each in sheaf.plainly_touched(_MAY_BE_ID) if worth_a_look(texts[each])}
    return ids | sheaf.plainly_touched(_MAY_BE_CALL) | sheaf.plainly_touched(_A_NUMBER)


def _plain(text: str) -> tuple[str, Span]:
    normal = plainly(text)
    return normal.text, normal.span
