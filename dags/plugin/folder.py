"""A folder that is served: its files by their paths, and never anything beside it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fastapi import Response

from analytics.policy import policy

TYPES = {
    ".atom": "application/atom+xml",
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".parquet": "application/vnd.apache.parquet",
    ".txt": "text/plain",
    ".xml": "application/atom+xml",
}
"""What is served, by its suffix; any other file is as good as absent."""
INDEX = "index.html"
FRAMES = "'self'"
"""Who may show a page in a frame: Airflow itself."""


def find(root: Path, path: str) -> Path | None:
    """Return the file at ``path`` below ``root``, the index of a folder where it ends with a slash; None without one.

    Hidden files are absent, and so is whatever a link leads to outside of ``root``.
    """
    name = f"{path}{INDEX}" if not path or path.endswith("/") else path
    parts = name.split("/")
    if any(not part or part.startswith(".") for part in parts) or Path(name).suffix not in TYPES:
        return None
    try:
        found = root.joinpath(*parts).resolve(strict=True)
        inside = found.is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # no such file, a loop of links, a name that no file can have
        return None
    return found if inside and found.is_file() else None


def answer(root: Path, path: str, known: str) -> Response | None:
    """Return the file at ``path``, or that ``known`` (an If-None-Match) is still it; None without such a file."""
    found = find(root, path)
    if found is None:
        return None
    try:
        content = found.read_bytes()
    except OSError:  # it was replaced in this very moment
        return None
    tag = f'W/"{sha256(content).hexdigest()[:32]}"'
    if _knows(known, tag):
        return Response(status_code=304, headers={"ETag": tag})
    headers = {"ETag": tag}
    if found.suffix == ".html":
        headers["Content-Security-Policy"] = policy(FRAMES, content)
    return Response(content, media_type=TYPES[found.suffix], headers=headers)


def _knows(known: str, tag: str) -> bool:
    """Return whether one of the tags that somebody has is this one; weak or not is all the same here."""
    held = {each.strip().removeprefix("W/") for each in known.split(",")}
    return "*" in held or tag.removeprefix("W/") in held
