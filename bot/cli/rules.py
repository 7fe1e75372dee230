"""`weilu rules`: what the rules would find, in texts and in what was recorded."""

from bot.cli import frame
from bot.cli.replay import replay
from bot.cli.rule_test import try_text
from bot.cli.speech import tr

app = frame.new()
app.command("test", help=tr("试一句话会碰到哪些规则", "what the rules would find in a text"))(
    try_text
)
app.command(
    "replay", help=tr("用历史消息试新规则", "try rules on what was recorded, changing nothing")
)(replay)
