"""The day that `weilu demo` plays: who says what, and when. What Weilu does is not written here."""

from bot.events import Kind
from bot.frozen import frozen
from storage.values import Topic

DAY = "2026-11-20"
"""A Friday; the times below are Shanghai's."""
GROUP = "围炉读书会"
OWNER = "老周"
OWNER_ID = "laozhou"
"""He is the operator, so demo.yaml names him."""
CAST = ("小林", "阿青", "陈姐", "大鹏", "日结小助手")
WEILU = "围炉"
"""As a `quote`: what Weilu said last."""


@frozen
class Chapter:
    """A part of the day begins; the clock is moved to it."""

    at: str
    zh: str
    en: str


@frozen
class Says:
    """A member says something; `@name` in it mentions. `quote` is whose last words it quotes."""

    at: str
    who: str
    text: str = ""
    quote: str = ""
    kind: Kind = Kind.TEXT


@frozen
class Whispers:
    """Somebody says something to Weilu in private."""

    at: str
    who: str
    text: str


@frozen
class Comes:
    """Somebody is brought into the group."""

    at: str
    who: str
    inviter: str


@frozen
class Goes:
    """Somebody is removed from the group."""

    at: str
    who: str
    remover: str


Beat = Chapter | Says | Whispers | Comes | Goes

TOPICS = (
    Topic(
        key="demo-habit",
        title="书改变的一个小习惯",
        text="有没有一本书，让你真的改掉或养成了一个小习惯？是哪本，什么习惯，后来坚持住了吗？",
        category="阅读",
        author="阿青",
        weight=3,
    ),
    Topic(
        key="demo-no",
        title="一次说「不」",
        text="最近一次拒绝别人是什么时候？怎么说的，后来怎么样？",
        category="生活",
        weight=2,
    ),
    Topic(
        key="demo-first-customer",
        title="第一个顾客",
        text="第一个为你的东西掏钱的人是谁？他为什么愿意？",
        category="创业",
        weight=1,
    ),
)

SCRIPT: tuple[Beat, ...] = (
    Chapter("08:30", "清晨", "early morning"),
    Says("08:31", "老周", "早。昨晚把《乡土中国》翻完了，差序格局那章比想象中好读"),
    Says("08:32", "小林", "早呀，我刚挤上地铁，站着看了十页"),
    Says("08:33", "阿青", "早，店里刚煮上咖啡，路过的进来坐"),
    Comes("08:40", "小满", "小林"),
    Says("08:42", "小满", "大家好，我是小满，从成都来，做了六年产品，最近在学着自己开小店"),
    Says("08:43", "小林", "@小满 欢迎欢迎，终于把你拉进来了"),
    Says("08:44", "阿青", "@小满 开什么店？我开书店的，踩过的坑可以讲三天"),
    Says("08:46", "小满", "想开一家只卖旧书和明信片的，@阿青 改天一定请教", quote="阿青"),
    Says("08:48", "小满", "@围炉 群规"),
    Chapter("09:00", "早间话题", "the morning topic"),
    Says("09:03", "阿青", "我先来。《微习惯》，从每晚读一页开始，两年没断过", quote=WEILU),
    Says("09:05", "老周", "年轻时读《如何阅读一本书》，从此书就放枕头上，不读几页睡不下"),
    Says("09:06", "小林", "哈哈哈枕头上放书我笑出声", quote="老周"),
    Says("09:09", "陈姐", "《断舍离》。扔掉的不是东西，是每周一次的无效饭局", quote=WEILU),
    Says("09:11", "小满", "《深度工作》，上午手机放另一个房间，坚持到第三周就破功了", quote=WEILU),
    Says("09:12", "陈姐", "@小满 破功不丢人，第四周重新开始就行，我断过五次"),
    Says("09:14", "小满", "被安慰到了，今天就重新开始", quote="陈姐"),
    Says("09:20", "大鹏", "程序员说一个：《代码整洁之道》，从此变量不叫 a b c 了"),
    Says("09:21", "小林", "@大鹏 那你上次发我的表格，列名怎么还是 a b c"),
    Says("09:22", "大鹏", "那是数据，不是代码[捂脸]", quote="小林"),
    Says("09:31", "小林", kind=Kind.IMAGE),
    Says("09:31", "小林", "我的枕边书，三本都没读完，请大家监督"),
    Chapter("10:15", "广告来了", "an advertisement"),
    Says(
        "10:16",
        "日结小助手",
        "【招募】兼职日结，在家动动手指日入三百，名额不多，详情加微信 rijie666",
    ),
    Says("10:18", "陈姐", "又来，这种别信，押金交了就找不到人"),
    Goes("10:20", "日结小助手", "老周"),
    Says("10:21", "老周", "清掉了。围炉提醒得比我快"),
    Chapter("12:10", "抢书", "somebody floods"),
    Says("12:10:02", "大鹏", "兄弟们！！"),
    Says("12:10:05", "大鹏", "旧书市集半价"),
    Says("12:10:08", "大鹏", "真的半价"),
    Says("12:10:11", "大鹏", "我抢到全套《万历十五年》了"),
    Says("12:10:14", "大鹏", "品相九成新"),
    Says("12:10:17", "大鹏", "还有《昨日的世界》"),
    Says("12:10:20", "大鹏", "快来快来"),
    Says("12:10:23", "大鹏", "还剩三套"),
    Says("12:10:26", "大鹏", "两套了！！"),
    Says("12:10:29", "大鹏", "最后一套！！！"),
    Says("12:12", "阿青", "@大鹏 慢点说，我在往那边走，帮我留一套"),
    Says("12:14", "大鹏", "哎呀激动了，下回合成一条发。@阿青 给你留了", quote="阿青"),
    Chapter("15:30", "误会一场", "a misunderstanding"),
    Says("15:42", "小满", "下午好安静。@阿青 书店电话多少？想请你留两套老明信片"),
    Says("15:44", "阿青", "打 13800001234，说是我们群里的", quote="小满"),
    Whispers("15:46", "阿青", "申诉 4 这是书店门口写着的电话，小满问我才说的"),
    Whispers("15:55", "老周", "撤销 4 店里公开的电话，有人问才答，不算引流"),
    Says("15:58", "陈姐", "我在改商业计划书，第七版，改到怀疑人生"),
    Says("16:01", "小满", "@陈姐 第七版说明前六版都有人认真看过"),
    Chapter("21:00", "晚上", "evening"),
    Says("21:02", "老周", "今天的话题聊得好。周日下午共读第三章，线上，七点半"),
    Says("21:03", "小林", "收到，这次一定读完"),
    Says("21:04", "阿青", "我来带，问题提前一天发", quote="老周"),
    Says("21:06", "小满", "第一天进群就赶上，开心。@小林 谢谢拉我进来"),
    Says("21:07", "小林", "@小满 客气，周日见"),
    Says("21:10", "小满", "@围炉 我的记录"),
    Says("21:15", "大鹏", "书都到家了，晒一下"),
    Says("21:16", "大鹏", kind=Kind.IMAGE),
    Says("21:20", "陈姐", "第八版写完了。晚安各位"),
    Chapter("22:30", "夜深", "good night"),
)
