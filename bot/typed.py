"""What a person types in the terminal room: a line to say, or a command."""

from bot.frozen import frozen

COMMANDS = {
    "我是": "speak_as",
    "as": "speak_as",
    "来": "join",
    "join": "join",
    "走": "leave",
    "离开": "leave",
    "leave": "leave",
    "组": "group",
    "群": "group",
    "group": "group",
    "引": "quote",
    "引用": "quote",
    "quote": "quote",
    "链接": "link",
    "link": "link",
    "图": "picture",
    "图片": "picture",
    "picture": "picture",
    "名片": "card",
    "card": "card",
    "私": "whisper",
    "私聊": "whisper",
    "whisper": "whisper",
    "谁": "who",
    "who": "who",
    "钟": "clock",
    "clock": "clock",
    "帮助": "help",
    "help": "help",
    "?": "help",
}
"""Every name of every command; the list in HELP shows the shortest."""
HELP = """\
直接打字，就是在群里说话；写 @围炉 或 @小林 就是提到他。 Type to speak; @name mentions.
  /我是 小林   /as      以小林的身份说话 speak as somebody else
  /来 小明     /join    有人进群 somebody comes in
  /走 小明     /leave   有人离开（不写名字就是你自己） somebody leaves
  /组 读书会   /group   换一个群，不写名字就列出各群 go to a group, or list them
  /引 我也是   /quote   引用围炉的上一句来回复 reply to what Weilu said last
  /链接 网址   /link    分享链接，网址后可写标题 share a link: the address, then its title
  /图 码.png   /picture 发一张图 send a picture from a file
  /名片 小明   /card    发一张名片 send a name card
  /私 我的记录 /whisper 跟围炉私聊 speak to Weilu in private
  /谁          /who     群里有谁 who is here
  /钟 +1h      /clock   拨动沙箱的时钟 move the sandbox's clock: +30m +1h +1d
  /帮助        /help    这张表 this list        Ctrl-C 停下 stops"""


@frozen
class Typed:
    """`command` is what to do, empty for words to say; `unknown` is a command nobody knows."""

    command: str
    rest: str


def parse(line: str) -> Typed | None:
    """One typed line; None for an empty one. `//x` says `/x`.

    The Chinese keyboard's `、` is a slash too. Raises nothing, whatever is typed.
    """
    text = line.strip()
    if not text:
        return None
    if text.startswith("//") or text[0] not in "/、":
        return Typed("", text[1:] if text.startswith("//") else text)
    name, rest = (*text[1:].split(maxsplit=1), "", "")[:2]
    return Typed(COMMANDS.get(name.casefold(), "unknown"), rest)
