"""Where a book is computed: one protocol, an embedded engine, and a cluster."""

from creditscore.book.engines.base import Engine, Relations
from creditscore.book.engines.duckdb import DuckDB, DuckDBRelations
from creditscore.book.engines.spark import Spark, SparkRelations

__all__ = ["DuckDB", "DuckDBRelations", "Engine", "Relations", "Spark", "SparkRelations"]
