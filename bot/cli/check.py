"""`weilu check`: is the config right, and what does it say?"""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.leaving import read_config
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, out
from bot.cli.speech import tr
from bot.config_check import differences, render, schema
from bot.unsent import unsent


def check(
    config: ConfigPath = DEFAULT,
    as_schema: Annotated[
        bool,
        typer.Option("--schema", help=tr("输出 JSON Schema", "print the file's JSON Schema")),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Exit status 2 with all faults at once; a valid file shows what differs from the defaults.

    Programmes that would never be posted because of the quiet hours are named.
    """
    if as_schema:
        typer.echo(json.dumps(schema(), ensure_ascii=False, indent=2))
        return
    loaded = read_config(config)
    found = differences(loaded)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    out.print(tr(f"{config}：没有问题。", f"{config}: no faults."), style="green")
    for line in unsent(loaded, datetime.now(UTC)):
        out.print(line, markup=False, soft_wrap=True, style="yellow")
    out.print(render(found), markup=False, soft_wrap=True)
