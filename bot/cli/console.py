"""`weilu console`: a password for the web pages."""

import typer

from bot.cli import frame
from bot.cli.leaving import leave
from bot.cli.opening import out
from bot.cli.speech import tr

app = frame.new()

_SHORTEST = 12


@app.command("password", help=tr("给网页控制台设一个密码", "a password for the web console"))
def password() -> None:
    """Ask twice and print what belongs in the environment; the password is kept nowhere."""
    from console.sessions import hashed

    words = typer.prompt(tr("新密码", "New password"), hide_input=True, confirmation_prompt=True)
    if len(words) < _SHORTEST:
        raise leave(tr(f"密码至少 {_SHORTEST} 个字。", f"At least {_SHORTEST} characters, please."))
    out.print(f"WEILU_CONSOLE_PASSWORD_HASH={hashed(words)}", markup=False, soft_wrap=True)
