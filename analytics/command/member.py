"""The commands for one member: everything that is known about her, and her erasure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from analytics.command.week import bring_up_to_date
from analytics.member.build import page_of
from analytics.member.check import differences
from analytics.member.content import Page
from analytics.member.page import html
from analytics.member.words import LOCALES
from analytics.publication import PAGES, publish_week
from analytics.week import Week, parse_week
from producers.errors import InputError, UsageError, WarehouseError
from producers.identity import pseudonym, read_key
from producers.settings import Settings
from warehouse.access import note_look
from warehouse.certificate import commitment, verified
from warehouse.commands import Format, as_format
from warehouse.erasure import Erased, erase
from warehouse.held import held, require_known
from warehouse.retention import PAGES_FOLDER

_member = re.compile(r"m_[0-9a-f]{24}").fullmatch
_page = re.compile(r".*/(\d{4})/S(\d{2})/.*").fullmatch


def member_of(settings: Settings, text: str) -> str:
    """Return the pseudonym that is meant: given as it is, or as ``<source urn>#<what she is called there>``.

    Raises:
        UsageError: when it is neither.
    """
    if _member(text):
        return text
    if "#" in text:
        return pseudonym(read_key(settings.home), text)
    raise UsageError("this is no member's id", expected="m_ and 24 hexadecimal digits, or source#identity")


@click.command("me")
@click.argument("member", metavar="ID")
@click.option(
    "--lang", "language", type=click.Choice(list(LOCALES)), default="fr", show_default=True, help="Her language."
)
@click.option("--json", "as_json", is_flag=True, help="Print the content as JSON, to take along.")
@click.option("--check", is_flag=True, help="Compute her figures of the last week again from the listed inputs.")
@click.option("--why", default="", metavar="TEXT", help="Why her data are opened; she reads it.")
@click.pass_obj
def me_command(settings: Settings, member: str, language: str, why: str, *, as_json: bool, check: bool) -> None:
    """Show a member everything that the network knows about her.

    Every event with its source and how long it is kept, every figure with its formula and its inputs, what was
    published, who looked, and how to correct, object, take along or be erased. That you looked is written down first.

    \b
    Example:
      maillage me m_0123456789abcdef01234567 --lang de --why "she asked for it"
    """
    known, present = member_of(settings, member), datetime.now(UTC)
    require_known(settings.warehouse, known)
    note_look(settings.warehouse, known, what="maillage me", why=why, present=present)
    page = page_of(held(settings.warehouse, known, present=present), site=settings.site, present=present)
    if as_json:
        click.echo(msgspec.json.encode(page).decode())
    elif check:
        click.echo(_checked(settings, page))
    else:
        click.echo(write_page(settings, page, language))


def write_page(settings: Settings, page: Page, language: str) -> Path:
    """Return where the page stands now, for nobody else to read; it goes with what is kept no longer."""
    folder = settings.home / PAGES_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{page.members[0]}.{language}.html"
    path.touch(mode=0o600)
    path.write_text(html(page, language, threshold=settings.threshold_persons), encoding="utf-8")
    return path


def _checked(settings: Settings, page: Page) -> str:
    """Return that her last figures follow from the listed inputs.

    Raises:
        WarehouseError: naming those that do not.
    """
    weeks = {figure.week for figure in page.figures[:1]}
    figures = [figure for figure in page.figures if figure.week in weeks and not figure.stale]
    if not figures:
        return "no figure about her stands for the last week; if weeks are stale: maillage compute"
    if wrong := differences(page, settings.warehouse, weeks=weeks):
        raise WarehouseError(
            f"{len(wrong)} of {len(figures)} figures do not follow from their inputs, such as {wrong[0].figure.metric}",
            remedy="run: maillage rebuild, and report it",
        )
    return f"{len(figures)} figures computed again from the listed inputs, and all are the same"


@click.command("erase")
@click.argument("member", metavar="ID", required=False)
@click.option("--verify", type=click.Path(path_type=Path), metavar="FILE", help="Check a certificate instead.")
@click.option("--receipt", help="With --verify and ID: check that it is about her.")
@as_format
@click.pass_obj
def erase_command(
    settings: Settings, member: str | None, verify: Path | None, receipt: str | None, style: Format
) -> None:
    """Forget a member, for good: everywhere, at once.

    She leaves the warehouse, its published copy, the backups, the folder log and the drafts; a keyed hash stays, so
    that nothing about her is taken in again. A signed certificate says what was found and what is left where until
    when. Weeks that she touched become stale: maillage compute.

    \b
    Example:
      maillage erase m_0123456789abcdef01234567
      maillage erase --verify var/erasures/5f0c….json
    """
    if verify:
        click.echo(_verified(settings, verify, member, receipt, style))
        return
    if not member or receipt:
        raise click.UsageError("give the ID of a member, or --verify FILE")
    done = erase(settings, member_of(settings, member), present=datetime.now(UTC))
    for week in _weeks(done.withdrawn):
        bring_up_to_date(settings, datetime.now(UTC))
        publish_week(settings, week, PAGES)
    click.echo(_told(done, style))


def _verified(settings: Settings, path: Path, member: str | None, receipt: str | None, style: Format) -> str:
    """Return what a certificate says, once it holds."""
    found = verified(path, read_key(settings.home))
    if bool(member) != bool(receipt):
        raise click.UsageError("an ID is checked with --receipt, and a receipt with an ID")
    if member and receipt and commitment(receipt, member_of(settings, member)) != found.commitment:
        raise InputError(f"{path} verifies, but is about somebody else", remedy="check the ID and the receipt")
    if style == "json":
        return msgspec.json.encode(found).decode()
    about = ", and is about this member" if member else ""
    return f"{path} verifies{about}: erased {found.erased_at:%Y-%m-%d %H:%M} UTC, request {found.request}"


def _told(done: Erased, style: Format) -> str:
    if style == "json":
        return msgspec.json.encode({"certificate": str(done.certificate), "receipt": done.receipt or None}).decode()
    if not done.receipt:
        return f"erased before; the certificate: {done.certificate}"
    return (
        f"erased; the certificate: {done.certificate}\n"
        f"give her this receipt, which is kept nowhere: {done.receipt}\n"
        "weeks that she touched are stale: maillage compute"
    )


def _weeks(withdrawn: tuple[Path, ...]) -> list[Week]:
    """Return the weeks of the published pages that were taken down, which are published again without her."""
    found = {match.groups() for path in withdrawn if (match := _page(path.as_posix()))}
    return sorted(parse_week(f"{year}-W{number}") for year, number in found)


COMMANDS: list[click.Command] = [me_command, erase_command]
"""What the front door has of this room."""
