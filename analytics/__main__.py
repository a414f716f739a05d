"""The front door: the command ``maillage``, made of the commands of every layer."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from producers.errors import MaillageError, SettingError, UsageError
from producers.settings import read_settings

WRONG_USE = 2
COMMANDS = {
    **dict.fromkeys(("demo", "compute", "report", "metrics", "rebuild"), "analytics.commands"),
    **dict.fromkeys(("simulate", "publish", "validate", "schema", "log"), "producers.commands"),
    **dict.fromkeys(("ingest", "rejects", "gaps"), "warehouse.intake"),
    **dict.fromkeys(("sql", "status", "doctor"), "warehouse.commands"),
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


@click.command(cls=Door, context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]})
@click.version_option(package_name="maillage", message="%(package)s %(version)s")
@click.pass_context
def maillage(context: click.Context) -> None:
    """Map the skills of a network of third places and follow their dynamics.

    \b
    Example:
      maillage demo                        a region of two years, and its weekly report
      maillage publish stackexchange DIR   real events into the log
      maillage ingest --once               from the log into the warehouse
      maillage compute                     what is stale
      maillage report                      the page of the last week
    """
    context.obj = read_settings()


def main() -> None:
    """Run the command; an error of ours is one line on standard error and exit code 1, or 2 for wrong use."""
    try:
        maillage()
    except MaillageError as error:
        click.echo(f"maillage: {error}", err=True)
        sys.exit(WRONG_USE if isinstance(error, UsageError | SettingError) else 1)
    except BrokenPipeError:
        sys.stderr.close()


if __name__ == "__main__":
    main()
