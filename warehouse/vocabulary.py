"""The vocabulary in the warehouse: every mart speaks of skills by the codes of one version."""

from __future__ import annotations

from producers.vocabulary import VERSION, code_of, vocabulary
from warehouse.connection import Connection
from warehouse.stale import mark_all
from warehouse.statement import statement


def adopt(connection: Connection) -> bool:
    """Return whether the marts spoke of another version; then every subject is pending and every result stale.

    So no figure is ever computed on codes of two versions.
    """
    if connection.execute("SELECT DISTINCT version FROM vocabulary").fetchall() == [(VERSION,)]:
        return False
    concepts = vocabulary().concepts
    connection.execute("DELETE FROM vocabulary")
    connection.execute(
        statement("vocabulary/adopt"),
        {
            "version": VERSION,
            "skill": list(concepts),
            "theme": [each.group for each in concepts.values()],
            "industry": [each.industry for each in concepts.values()],
            **{lang: [each.labels.of(lang) for each in concepts.values()] for lang in ("fr", "de", "en")},
        },
    )
    connection.execute(statement("ingest/everything"))
    mark_all(connection)
    return True


def classify(connection: Connection) -> None:
    """Hold in the temporary table ``meant`` what the pending subjects' texts mean; what means nothing is itself."""
    terms = [term for (term,) in connection.execute(statement("vocabulary/told")).fetchall()]
    skills = [code_of(term) or term for term in terms]
    connection.execute(statement("vocabulary/meant"), {"terms": terms, "skills": skills})
