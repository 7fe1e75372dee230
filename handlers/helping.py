"""What somebody may do here, and only that."""

from bot.texts import Language, Text
from handlers.wording import say

HELP = Text(
    zh="@我，或私聊我，可以问：\n帮助：看这几句\n群规：这里的约定和理由\n我的记录：我记下了你的什么\n"
    "别点我、可以点我：话题里会不会提到你；别引用我、可以引用我：小结里引不引用你的话\n"
    "目标：大家的目标到哪了\n"
    "推荐话题 标题：想问大家的话\n"
    "举报：引用那条消息写「举报」，或私聊我「举报 名字 理由」\n"
    "申诉：觉得处理得不对，私聊我「申诉 案件号 理由」",
    en="Mention me or write to me in private and ask:\nhelp: these lines\n"
    "rules: what we agreed on, and why\nmy record: what I have noted about you\n"
    "don't mention me, you may mention me: in topics;"
    " don't quote me, you may quote me: in summaries\n"
    "goal: how far our goal is\n"
    "propose topic TITLE: what to ask\n"
    "report: quote the message and write “report”, or in private “report name reason”\n"
    "appeal: if you think I was wrong, in private “appeal”, the number of the case and why",
)
OPERATORS = Text(
    zh="你是运营者，还可以私聊我，或在运营群里写（在成员群里要 @我）：\n"
    "案件；案件 17：等人看的，或其中一个的详情\n"
    "维持 17 理由；撤销 17 理由（是规则错了，末尾写「误判」）\n"
    "提醒、警告、静言 3天、移出 7天、封禁 @谁 理由\n"
    "解封 @谁 理由；关联 名字 名字；取消关联 名字 名字\n"
    "豁免 @谁 规则 理由 到 2026-12-31；取消豁免 @谁 规则 理由；豁免：看现在有哪些\n"
    "标签 @谁 产品、增长；去标签 @谁 产品：谁懂什么，话题点人时用\n"
    "任务；完成 5；再移出 5；公告问到的：已公布 5，再发 5\n"
    "话题：看话题的口令；通过 5、婉拒 5 理由：成员推荐的话题\n"
    "目标 进展 120，目标 进展 +3：大家的目标到了多少\n"
    "「@谁」也可以写 名字、名字@群名 或 #案件号。",
    en="As an operator you can also write, in private or in the operators' group (in a group of"
    " members mention me):\n"
    "cases; case 17: what waits, or one of them in full\n"
    "uphold 17 reason; overturn 17 reason (end with “false hit” if the rule was wrong)\n"
    "remind, warn, quiet 3d, remove 7d, ban @who reason\n"
    "release @who reason; link name name; unlink name name\n"
    "exempt @who rule reason until 2026-12-31; unexempt @who rule reason; exemptions: the list\n"
    "tag @who product, growth; untag @who product: what they know, for topics that mention them\n"
    "tasks; done 5; remove again 5; asked about an announcement: posted 5, say again 5\n"
    "topic: the orders about topics; approve 5, decline 5 reason: what members proposed\n"
    "goal progress 120, goal progress +3: how far the common goal is\n"
    "For @who you can also write name, name@group or #case.",
)
HINT = Text(
    zh="这句我没听懂。可以问我：帮助、群规、我的记录。",
    en="I did not get that. You can ask me: help, rules, my record.",
)


def help_for(language: Language, *, operator: bool) -> str:
    """The words; those of operators below the members' own."""
    lines = [say(HELP, language)]
    if operator:
        lines.append(say(OPERATORS, language))
    return "\n\n".join(lines)
