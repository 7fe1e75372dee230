"""The command `weilu`: each noun or verb in a file of its own, gathered here."""

import contextlib
import sys
import tempfile
import traceback
from pathlib import Path

from typer._click.exceptions import UsageError  # typer carries its own click, not re-exported
from typer.exceptions import Abort

from bot.cli import check, database, demo, frame, members, outbox, report, rules, run, topics
from bot.cli.opening import FAULTY, leave
from bot.cli.speech import tr

app = frame.new(
    name="weilu",
    help=tr(
        "围炉：让微信群有秩序、有话聊的机器人。",
        "Weilu, a bot that keeps WeChat and WeCom groups alive and in order.",
    ),
)
app.command("run", help=tr("启动围炉", "start Weilu"))(run.run)
app.command("check", help=tr("检查配置文件", "check the config file"))(check.check)
app.command("demo", help=tr("看一个群的一天", "watch a day of a lively group"))(demo.demo)
app.command("report", help=tr("各群近况，读自数据库", "what happened, from the database"))(
    report.report
)
app.add_typer(topics.app, name="topics", help=tr("话题库", "the topic bank"))
app.add_typer(rules.app, name="rules", help=tr("试一试规则", "try the rules"))
app.add_typer(members.app, name="members", help=tr("成员：查看、导出、遗忘", "members"))
app.add_typer(outbox.app, name="outbox", help=tr("发件箱：查看、恢复、取消", "the outbox"))
app.add_typer(database.app, name="db", help=tr("数据库", "the database"))


def main() -> None:
    """Run the command line; a wrong call gets a sentence, never a traceback."""
    try:
        status = app(standalone_mode=False)
    except UsageError as usage:
        hint = usage.ctx.command_path if usage.ctx else "weilu"
        said = leave(
            tr(
                f"命令写得不对：{usage.format_message()}\n用 {hint} --help 看用法。",
                f"That call is off: {usage.format_message()}\nSee {hint} --help.",
            ),
            FAULTY,
        )
        sys.exit(said.exit_code)
    except (Abort, KeyboardInterrupt):
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last door: no traceback reaches a person
        sys.exit(leave(_unexpected(error)).exit_code)
    sys.exit(status if isinstance(status, int) else 0)


def _unexpected(error: Exception) -> str:
    """A sentence for a fault of ours; the traceback goes into a file that can be sent to us."""
    file = Path(tempfile.gettempdir()) / "weilu-error.txt"
    kept = tr("详情没能写下来", "the details could not be written down")
    with contextlib.suppress(OSError):
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        kept = tr(f"详情在 {file}，请发给我们", f"the details are in {file}, please send it to us")
    return tr(
        f"围炉出了没料到的错（{type(error).__name__}），已记下的都在；{kept}。",
        f"Something unexpected went wrong ({type(error).__name__}), nothing recorded is lost; "
        f"{kept}.",
    )
