"""The front door: the command ``maillage``, made of the commands of every layer."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from producers.errors import MaillageError, SettingError, UsageError
from producers.settings import read_settings

WRONG_USE, INTERRUPTED, GONE = 2, 130, 141
COMMANDS = {
    **dict.fromkeys(("demo", "compute", "report", "metrics", "rebuild"), "analytics.command.week"),
    **dict.fromkeys(("simulate", "publish", "validate", "schema", "log"), "producers.commands"),
    **dict.fromkeys(("ingest", "gaps"), "warehouse.intake"),
    "rejects": "warehouse.refusal",
    **dict.fromkeys(("me", "erase"), "analytics.command.member"),
    **dict.fromkeys(("site", "serve"), "analytics.command.site"),
    "skills": "analytics.command.skill",
    "door": "analytics.command.door",
    "trends": "analytics.command.trend",
    "why": "analytics.command.why",
    **dict.fromkeys(("sql", "status", "doctor"), "warehouse.commands"),
    **dict.fromkeys(("backup", "retention"), "warehouse.upkeep"),
}
"""Every command and the layer that has it; a layer is loaded when one of its commands is called."""


class Door(click.Group):
    """A group that loads a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the data's way."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name; None for an unknown one."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        commands: list[click.Command] = import_module(COMMANDS[cmd_name]).COMMANDS
        return next(command for command in commands if command.name == cmd_name)


@click.command(cls=Door, context_settings={"max_content_width": 80, "help_option_names": ["-h", "--help"]})
@click.version_option(package_name="maillage", message="%(package)s %(version)s")
@click.pass_context
def maillage(context: click.Context) -> None:
    """Map the skills of a network of third places and follow their dynamics.

    \b
    Example:
      maillage demo                        a region, and its weekly report
      maillage publish stackexchange DIR   real events into the log
      maillage ingest --once               from the log into the warehouse
      maillage compute                     what is stale
      maillage report                      the page of the last week
    """
    context.obj = read_settings()


def main() -> None:
    """Run the command; what went wrong is one line on standard error.

    Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted, 141 when whoever reads the output has gone (as the
    shell tells of ``cat`` then).
    """
    code = _run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = GONE
    if code == GONE:  # what is still held back must not complain when the interpreter ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _run() -> int:
    """Return the exit code of the command."""
    try:
        return maillage(prog_name="maillage", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except MaillageError as error:
        click.echo(f"maillage: {error}", err=True)
        return WRONG_USE if isinstance(error, UsageError | SettingError) else 1
    except SystemExit:  # what click makes of an output that nobody reads any more, and of nothing else
        return GONE


if __name__ == "__main__":
    main()
