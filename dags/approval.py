"""The approval of a report by a person: asked for the newest week that is over, passed by every other one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param
from airflow.sdk.definitions.context import Context

PUBLISH, CORRECT = "Publier", "À corriger"
REMARK = "Remarque"
PATIENCE = timedelta(days=6)
"""How long a question waits; then its week is about to be an old one, for which nobody is asked."""


@dataclass(frozen=True)
class Answer:
    """What a person said, or would have: what is to be corrected, None for nothing."""

    to_correct: str | None = None

    @classmethod
    def of(cls, result: dict[str, Any] | None) -> Answer:
        """Return the answer that a task left; without one, as when it was marked a success, the report may appear."""
        if result is None or CORRECT not in result["chosen_options"]:
            return cls()
        return cls((result["params_input"] or {}).get(REMARK) or "")

    def result(self) -> dict[str, Any]:
        """Return what a task leaves that nobody was asked by."""
        chosen = PUBLISH if self.to_correct is None else CORRECT
        return {"chosen_options": [chosen], "params_input": {REMARK: self.to_correct}}


class Approval(HITLOperator):
    """Asks a person where one is to be asked, and passes otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("params", None)  # those of the DAG, which Airflow hands to every task
        super().__init__(
            subject="Publier le rapport ?",
            options=[PUBLISH, CORRECT],
            defaults=[PUBLISH],
            response_timeout=PATIENCE,
            params={
                REMARK: Param(
                    None,
                    type=["null", "string"],
                    maxLength=500,
                    title=REMARK,
                    description_md="Ce qui est à corriger ; paraît en tête de la page. **Aucun nom de personne.**",
                )
            },
            **kwargs,
        )

    def execute(self, context: Context) -> Any:
        """Return the answer that needs nobody, or wait for a person's."""
        from dags import report_steps

        question = report_steps.question()
        if question is None:
            return report_steps.unasked().result()
        self.subject, self.body = question.subject, question.body
        return super().execute(context)
