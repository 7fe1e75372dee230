"""What people say alike without meaning anything by it: it is never “the same again”.

Interjections, greetings, check-ins, votes, good wishes, and 接龙: numbered lists that everybody
repeats with one line more.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from rules.characters import characters
from rules.late import late
from rules.sheaf import Sheaf
from rules.steps import ALL

_LONG = 32
"""Longer texts are looked through for lists and wishes only."""
_LITTLE = 3
"""With fewer letters left than this, nothing was said besides small talk."""

_SAID = (
    # numbers, votes and counted check-ins: 1, +1, 第12天, 5km, 20分钟
    r"第?[\d零一二三四五六七八九十百两]+(?:天|日|次|期|轮|周|号|点|遍|页|章|公里|分钟?|小时|个|人|位|票|km|min)?"
    # sounds
    r"|[哈呵嘿嘻哇啊哦噢喔嗯唔额呃呀唉哎诶欸咦吼耶啦呢吧嘛了的]+|6{2,}|h+a[ha]*|l+o+l+|e?m{2,}|w{3,}"
    # yes, thanks, well done
    r"|收到|明白|了解|知道|好[的滴嘞呀吧哒]?|可以|行|没问题|没有|有|是|对|不是|要|不要|会|不会|在吗?"
    r"|谢谢?|感谢|多谢|辛苦|抱歉|对不起|不好意思|没事|不客气|请|麻烦|老师|老板|大佬|群主|管理员?|亲爱|您"
    r"|赞同?|点赞|厉害|牛[逼批啊]?|棒|真|太|很|支持|同意|赞成|反对|弃权|选|投|加一|顶|沙发|前排|围观|路过|冒泡|学习"
    # check-ins
    r"|打卡|签到|报到|报名|参加|请假|已[读看阅]|完成|今[天日]|昨[天日]|明[天日]|坚持|跑步|早起|早睡|读书|阅读|背单词|运动|健身"
    # greetings
    r"|[早上中下午晚]+[安好上]?|大家|各位|朋友|伙伴|家人|同学|群友|欢迎|新人|新成员|加入|进群|入群|你好|再见|拜拜|晚安|吃饭?"
    r"|ok|okay|yes|no|thanks?|thank|you|thx|good|morning|night|evening|hi|hello|bye|welcome|great"
    r"|nice|congrats|congratulations|happy|birthday|new|year|plus|up|\+1|done|here|same"
)
_STOCK = late(_SAID)
_IN_STOCK = "".join(sorted({char for char in _SAID if char.isalnum()}))
_SAYS_SOMETHING = late(rf"(?:[{_IN_STOCK}\d\W_]*[^{_IN_STOCK}\d\W_]){{{_LITTLE}}}")
"""As many letters as matter that are in none of these: quicker to see than what is left."""
_WISH = late(
    r"快乐|恭喜|恭贺|祝贺|祝福|祝[你您大愿各]|如意|安康|平安|加油|节哀|走好|发财|大吉|吉祥|顺利"
    r"|congrat|happy|best wishes"
)
_CALL = late(
    r"(?<![a-z\d_-])(?=[a-z_-]*\d)[a-z\d_-]{5}|://|www\.|\.c(?:om|n|c)|[vw]x|qq|微信?|加[我群v你]|薇|私[聊信]|扫码|点击|链接"
    r"|领取|免费|优惠|兼职|代[开理购办]|[\d一二三四五六七八九]折|\d元|封面|下单|选购|抢购"
)
"""What turns a good wish into an advertisement that begins with one."""

_WIDE = (*zip("，！？：；（）～", ",!?:;()~", strict=True), ("…", "..."))
"""What stands in nearly every text: without it there is nothing left to normalise, which is seen
at once; else each character is taken apart."""
_CHAIN = late(r"接龙|solitaire", re.IGNORECASE)
_LINE = late(r"^[ \t]*(\d{1,3})[ \t]*[.、．,，:：)）][ \t]*(.*)$", re.MULTILINE)
_ENTRY = 12
_ENTRY_OF_CHAIN = 40


def is_small_talk(text: str, *, plain: bool = False) -> bool:
    """Whether saying this again, or as others do, means nothing. Quick for any text.

    `plain` says that each of its characters is known to have no other form than itself.
    """
    if "1" in text and is_chain(text):
        return True
    letters = text if plain and "…" not in text else _plain(text)
    if len(letters) <= _LONG and not _SAYS_SOMETHING.match(letters):
        rest = _STOCK.sub("", letters)
        if sum(map(str.isalnum, rest)) < _LITTLE:
            return True
    return _WISH.search(letters) is not None and _CALL.search(_plain(text)) is None


def small_talk_in(sheaf: Sheaf, places: Iterable[int]) -> set[int]:
    """Which of these texts are small talk. Most are seen at once not to be."""
    texts, loud, wishes = sheaf.texts, sheaf.loud, sheaf.touched(_WISH)
    says, look = _SAYS_SOMETHING.match, looking()
    found = set()
    for place in places:
        text = texts[place]
        plain = place not in loud or look(text) is None
        tells = plain and place not in wishes and "1" not in text
        if tells and (len(text) > _LONG or says(text)):
            continue
        if is_small_talk(text, plain=plain):
            found.add(place)
    return found


@lru_cache(maxsize=1)
def looking() -> Callable[[str], object]:
    """Finds what has another plain form than itself. Nearly always there is no such thing."""
    return characters(ALL).look


def _plain(text: str) -> str:
    """In compatibility form and small letters."""
    plain = text
    for wide, narrow in _WIDE:
        plain = plain.replace(wide, narrow)
    return unicodedata.normalize("NFKC", plain).casefold()


def is_chain(text: str) -> bool:
    """Whether this is a 接龙: lines numbered from 1 on with short entries, or headed as one."""
    lines = _LINE.findall(text)
    if [int(number) for number, _ in lines] != list(range(1, len(lines) + 1)):
        return False
    headed = _CHAIN.search(text) is not None
    longest = _ENTRY_OF_CHAIN if headed else _ENTRY
    enough = len(lines) >= (1 if headed else 2)
    return enough and all(len(entry) <= longest for _, entry in lines)
