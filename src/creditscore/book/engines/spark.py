"""The engine of a cluster: Spark. Below scoring, only this module knows pyspark."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from creditscore.book.engines.base import Relations
from creditscore.book.engines.dialect import spark_schema, spark_sql
from creditscore.book.tables import TABLES
from creditscore.errors import ParameterError, some

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from creditscore.book.store import Book

TOGETHER = "customer_id"  # rows of one customer are kept in one place, so that joins and sums move nothing
MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # what does not fit is refused, never cut
}
PLANNING = {
    "spark.sql.join.preferSortMergeJoin": "false",  # observations are fewer than facts, so they fit a hash table
    "spark.sql.optimizer.canChangeCachedPlanOutputPartitioning": "false",  # what is kept together stays together
}
OWN = ("part-", "_", ".")  # how the names of all files begin that Spark writes
CONFIGURED = ("PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS", "SPARK_CONF_DIR")
ALONE: dict[str, bool | float | int | str | None] = {
    "spark.master": "local[*]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "8",
}


@dataclass(frozen=True, slots=True)
class Spark:
    """The engine that computes on a Spark cluster.

    Each opening of a book works in a session of its own, so tables and settings of the given one stay as they are.

    Parameters
    ----------
    session
        A session of the cluster.
    location
        URI under which the executors find ``root``, such as ``s3a://bucket/portfolio``; by default they see the paths
        that this process sees.
    root
        Folder that is shared with the executors under ``location``.
    """

    session: "SparkSession"
    location: str | None = None
    root: Path = Path()

    @classmethod
    def started(cls, *, location: str | None = None, root: Path = Path()) -> Self:
        """Return the engine of the running session, or of one that is started as Spark was configured.

        Where neither ``spark-submit`` nor ``PYSPARK_SUBMIT_ARGS`` nor ``SPARK_CONF_DIR`` configures Spark, it runs on
        this machine alone, listens on loopback only and shows no page.

        Raises
        ------
        ParameterError
            If Spark has to be started and there is no Java.
        """
        from pyspark.sql import SparkSession  # noqa: PLC0415 - heavy

        if not has_java():
            raise ParameterError(
                where="Spark",
                found="There is no Java to run it.",
                fix="Install Java 17, such as Debian's openjdk-17-jre-headless, or set JAVA_HOME.",
            )
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("creditscore")
        if not any(name in os.environ for name in CONFIGURED):
            builder = builder.config(map=ALONE)
        return cls(builder.getOrCreate(), location, root)

    def uri(self, path: Path) -> str:
        """Return how the executors call a path of this process.

        Raises
        ------
        ParameterError
            If the path does not lie below the folder that is shared with them.
        """
        whole, root = path.resolve(), self.root.resolve()
        if self.location is None:
            return f"file://{whole.as_posix()}"
        if not whole.is_relative_to(root):
            raise ParameterError(
                where=f"Spark, {path.name}",
                found=f"It does not lie below {root.name!r}, which the executors know as {self.location}.",
                fix="Give the folder that is shared with the executors as `root`.",
            )
        return f"{self.location.rstrip('/')}/{whole.relative_to(root).as_posix()}"

    def write(self, frame: "DataFrame", folder: Path, *, order: Sequence[str]) -> None:
        """Write a data frame as a folder of Parquet files, each sorted, in the place of what was written there before.

        The folder is whole when it holds ``_SUCCESS``.

        Raises
        ------
        ParameterError
            If the folder holds something else than Spark writes.
        """
        strangers = [path.name for path in folder.iterdir() if not path.name.startswith(OWN)] if folder.is_dir() else []
        if strangers:
            raise ParameterError(
                where=f"folder {folder.name!r}",
                found=f"It holds other files, such as {some(strangers)}, which would be removed.",
                fix="Give a new folder.",
            )
        frame.sortWithinPartitions(*order).write.mode("overwrite").parquet(self.uri(folder), compression="zstd")

    @contextmanager
    def relations(self, book: "Book") -> Iterator["SparkRelations"]:
        """Open the tables of a book in a session that ends with the block."""
        session = self.session.newSession()
        for name, value in (MEANING | PLANNING).items():
            session.conf.set(name, value)
        relations = SparkRelations(book, session, self.uri)
        try:
            yield relations
        finally:
            relations.release()


def has_java() -> bool:
    """Tell whether Spark runs already, or finds the Java that it needs."""
    return any(name in os.environ for name in ("JAVA_HOME", "PYSPARK_GATEWAY_PORT")) or shutil.which("java") is not None


class SparkRelations(Relations):
    """The tables of a book on a Spark cluster.

    Expressions are compiled by Ibis and run by Spark's own session; rows travel as Arrow.

    Parameters
    ----------
    book
        The book.
    session
        The session, which no other relations use.
    uri
        Tells how the executors call a path.
    """

    distributed: ClassVar[bool] = True

    def __init__(self, book: "Book", session: "SparkSession", uri: Callable[[Path], str]) -> None:
        super().__init__(book)
        self.session = session
        self._uri = uri
        self._kept: list[DataFrame] = []

    def read(self, path: Path, *, name: str, schema: pa.Schema) -> ir.Table:
        """Return a Parquet file as a table of this name; nothing is read before it is needed."""
        columns = ibis.Schema.from_pyarrow(schema)
        return self._named(name, self.session.read.schema(spark_schema(columns)).parquet(self._uri(path)), columns)

    def keep(self, name: str, table: ir.Table) -> ir.Table:
        """Evaluate a table at its first use; its rows stay on the executors, those of one customer together."""
        frame = self.frame(table)
        beside = self._beside(name, frame.columns)
        kept = (frame.repartition(*beside) if beside else frame).persist()
        self._kept.append(kept)
        return self._named(f"kept_{name}", kept, table.schema())

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Evaluate an expression and collect its rows in this process."""
        return self.frame(expression).toArrow().cast(expression.schema().to_pyarrow())

    def frame(self, expression: ir.Table) -> "DataFrame":
        """Return an expression as a Spark data frame, which leaves its rows on the executors."""
        for table in expression.op().find(ops.InMemoryTable):
            rows = table.data.to_pyarrow(table.schema)
            self.session.createDataFrame(rows).createOrReplaceTempView(table.name)
        return self.session.sql(spark_sql(expression))

    def release(self) -> None:
        """Let go of what was kept."""
        while self._kept:
            self._kept.pop().unpersist()

    def _named(self, name: str, frame: "DataFrame", schema: ibis.Schema) -> ir.Table:
        frame.createOrReplaceTempView(name)
        return ibis.table(schema, name=name)

    def _beside(self, name: str, columns: Sequence[str]) -> tuple[str, ...]:
        if TOGETHER in columns:
            return (TOGETHER,)
        return TABLES[name].clustered_by if name in TABLES else ()
