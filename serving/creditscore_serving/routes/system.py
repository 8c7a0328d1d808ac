"""Readiness with its details, and the description of the endpoints."""

import os
from http import HTTPStatus

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from creditscore_serving.desk.desk import Desk
from creditscore_serving.openapi import description
from creditscore_serving.schemas.decisions import EditionAnswer

USUAL_HORIZON = 12  # described until a bundle says otherwise
JSON = "application/json"


def system_routes(desk: Desk) -> list[Route]:
    """Return the routes that probes and client developers ask."""

    async def readyz(_: Request) -> Response:
        found = what_is_served(desk)
        status = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return Response(to_json(found), status, {"cache-control": "no-store"}, JSON)

    async def openapi(_: Request) -> Response:
        edition = desk.editions.current
        horizon = USUAL_HORIZON if edition is None else edition.model.bundle.horizon_months
        return Response(description(horizon), media_type=JSON)

    return [
        Route("/readyz", readyz),
        Route("/v1/edition", readyz),
        Route("/openapi.json", openapi),
        Route("/docs.json", openapi),
    ]


def what_is_served(desk: Desk) -> EditionAnswer:
    """Return what is served now, whether it is the newest, and why it is not."""
    editions = desk.editions
    edition = editions.current
    model, run = (None, None) if edition is None else (edition.model, edition.day.run)
    return EditionAnswer(
        ready=edition is not None,
        edition=None if edition is None else edition.id,
        bundle_hash=None if model is None else model.bundle.hash,
        bundle_name=None if model is None else model.bundle.name,
        run_id=None if run is None else run.run_id,
        as_of=None if run is None else run.as_of,
        policy_hashes=[] if model is None else [policy.hash for policy in model.policies.by_first_day],
        age_seconds=editions.age_seconds,
        refused=list(editions.refused),
        worker=os.getpid(),
    )
