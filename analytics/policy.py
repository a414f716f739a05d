"""What a page of the site may do: style itself, show its own pictures, and run the one script that it names by hash.

A report has no script; the map has one, and says at its head which. A server that sends no other policy than this one
lets that script run and nothing that a text could have brought into a page.
"""

from __future__ import annotations

import html
import re

_HEAD = 1024
"""Bytes in which a page says what it may do: before its title, so before any text that somebody else has told."""
_said = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_script = re.compile(r"script-src ('sha256-[A-Za-z0-9+/]{43}=')(?:;|$)")


def policy(frames: str, page: bytes = b"") -> str:
    """Return the policy (CSP) for a file whose content is ``page``, shown in frames of ``frames`` only."""
    said = _said.search(page[:_HEAD].decode(errors="replace"))
    script = _script.search(html.unescape(said[1])) if said else None
    allowed = f"script-src {script[1]}; " if script else ""
    return (
        f"default-src 'none'; {allowed}style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {frames}"
    )
