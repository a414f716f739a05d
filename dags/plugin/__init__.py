"""The plugin: the weekly reports inside Airflow, for whoever is signed in.

Every process of Airflow loads this module, workers and the scheduler included; what it serves is loaded by the first
request. All addresses are relative, so that it works behind a path prefix.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk.plugins_manager import AirflowPlugin
from starlette.types import Receive, Scope, Send


class Deferred:
    """The application, loaded when it is first asked for something."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        from dags.plugin.app import app

        await app(scope, receive, send)


class MaillagePlugin(AirflowPlugin):
    """Reports in the left bar and on each run, and the week on the home page."""

    name = "maillage"
    fastapi_apps: list[Any] = [  # noqa: RUF012  Airflow declares it so
        {"app": Deferred(), "url_prefix": "/maillage", "name": "maillage"}
    ]
    external_views: list[Any] = [  # noqa: RUF012
        {
            "name": "Rapports",
            "href": "maillage/",
            "destination": "nav",
            "url_route": "rapports",
            "nav_top_level": True,
            "icon": "maillage/static/icon.svg",
            "icon_dark_mode": "maillage/static/icon-dark.svg",
        },
        {
            "name": "Rapport",
            "href": "maillage/run/{DAG_ID}/{RUN_ID}",
            "destination": "dag_run",
            "url_route": "rapport",
        },
    ]
    react_apps: list[Any] = [  # noqa: RUF012
        {
            "name": "La semaine du réseau",
            "bundle_url": "maillage/static/card.js",
            "destination": "dashboard",
            "url_route": "semaine",
        },
    ]
