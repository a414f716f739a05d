"""The front door: the command ``maillage``, made of the commands of every layer."""

from __future__ import annotations

import sys

import click

from analytics import commands as analytics
from producers import commands as producers
from producers.errors import MaillageError, SettingError, UsageError
from producers.settings import read_settings
from warehouse import commands as warehouse

WRONG_USE = 2


@click.group(context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]})
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


for _command in (*analytics.COMMANDS, *producers.COMMANDS, *warehouse.COMMANDS):
    maillage.add_command(_command)


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
