"""Which engine a command computes on."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.domain import Workspace

if TYPE_CHECKING:
    from creditscore.book import Spark


class EngineName(StrEnum):
    """What computes."""

    DUCKDB = "duckdb"
    SPARK = "spark"


Engine = Annotated[EngineName, typer.Option("--engine", help="What computes: this process, or a Spark cluster.")]
Location = Annotated[
    str | None,
    typer.Option(
        "--location",
        metavar="URI",
        envvar="CREDITSCORE_LOCATION",
        help="Where Spark's executors find the workspace, such as s3a://bucket/portfolio; by default at its own path.",
    ),
]


def cluster(name: EngineName, place: Workspace, location: str | None) -> "Spark | None":
    """Return the Spark cluster that is asked for; ``None`` where this process computes."""
    from creditscore.book import Spark  # noqa: PLC0415 - brings pandas and DuckDB

    return Spark.started(location=location, root=place.root) if name is EngineName.SPARK else None
