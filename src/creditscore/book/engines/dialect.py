"""Ibis expressions as Spark SQL that means what it means on the embedded engine."""

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import sqlglot as sg
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.backends.sql.rewrites import p
from ibis.common.exceptions import UnsupportedOperationError
from ibis.common.patterns import replace

WIDE = sge.DataType.build("decimal(38, 0)")
LONG = sge.DataType.build("bigint")
REAL = sge.DataType.build("double")
HALF = 32  # bits
LONG_BYTES = 8


@replace(p.WindowFunction(p.Sum))
def in_one_sum(_: ops.WindowFunction) -> ops.WindowFunction:
    """Sum integers over windows as decimals: a window takes one function and no arithmetic."""
    added = _.func
    if not added.arg.dtype.is_integer():
        return _
    return _.copy(func=added.copy(arg=ops.Cast(added.arg, dt.Decimal(38, 0))))


class SparkCompiler(PySparkCompiler):
    """The compiler of Ibis, with other words where Spark means something else by the same ones than DuckDB."""

    __slots__ = ()

    rewrites = (in_one_sum, *PySparkCompiler.rewrites)

    visit_Field = SQLGlotCompiler.visit_Field  # Ibis's own reads an option of a backend that is not loaded
    visit_IsNull = SQLGlotCompiler.visit_IsNull  # what is not a number is not missing
    visit_NotNull = SQLGlotCompiler.visit_NotNull

    def visit_NonNullLiteral(self, op: ops.Literal, *, value: object, dtype: dt.DataType) -> sge.Expression | None:
        """Say that a float is one: Spark reads 0.5 as a decimal, whose arithmetic rounds."""
        if dtype.is_floating():
            return sge.cast(self.visit_DefaultLiteral(op, value=value, dtype=dtype), REAL)
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

    def visit_Sum(self, op: ops.Sum, *, arg: sge.Expression, where: sge.Expression | None) -> sge.Expression:
        """Sum integers in 38 digits, since amounts times days outgrow 64 bits.

        The upper and the lower halves are summed apart in 64 bits, which is several times as fast as decimals are.
        """
        if not op.arg.dtype.is_integer():
            return super().visit_Sum(op, arg=arg, where=where)
        if op.arg.dtype.nbytes < LONG_BYTES:
            return sge.cast(self.agg.sum(arg, where=where), WIDE)
        whole = sge.cast(arg, LONG)
        upper = self.agg.sum(self.f.anon.shiftright(whole, HALF), where=where)
        lower = self.agg.sum(sge.BitwiseAnd(this=whole, expression=sge.convert(2**HALF - 1)), where=where)
        return sge.cast(sge.cast(upper, WIDE) * sge.convert(2**HALF) + lower, WIDE)

    def visit_CountStar(self, op: ops.CountStar, *, arg: object, where: sge.Expression | None) -> sge.Expression:
        """Count nothing as 0, with a condition as without one."""
        return self.f.count_if(where) if where is not None else super().visit_CountStar(op, arg=arg, where=None)

    def visit_Divide(self, op: ops.Divide, *, left: sge.Expression, right: sge.Expression) -> sge.Expression:
        """Divide as floats, by zero too: Spark would divide wide integers as decimals, and refuse a zero."""
        part, whole = sge.cast(left, REAL), sge.cast(right, REAL)
        found = part / whole
        return found if _never_zero(op.right) else self.if_(whole.eq(0), part * self.POS_INF, found)

    def visit_DateDelta(self, op: ops.DateDelta, **parts: sge.Expression) -> sge.Expression:
        """Count days in 64 bits, as Ibis says that they are; of months and years the two have different notions."""
        if op.part.value != "day":
            raise UnsupportedOperationError(f"Spark counts {op.part.value}s in another way. Count days.")
        return self.cast(self.f.anon.datediff(parts["left"], parts["right"]), op.dtype)


COMPILER = SparkCompiler()


def spark_sql(expression: ir.Table) -> str:
    """Return the expression as Spark SQL; its in-memory tables are called by their names.

    Each column has the type that Ibis says, so that what is summed wide is refused where it does not fit.

    >>> owed = ibis.table({"days": "int32"}, name="owed")
    >>> print(spark_sql(owed.agg(days=owed.days.sum())))
    SELECT CAST(`days` AS BIGINT) AS `days` FROM (SELECT CAST(SUM(`t0`.`days`) AS DECIMAL(38, 0)) AS `days` \
FROM `owed` AS `t0`) AS found
    """
    found = COMPILER.to_sqlglot(expression).subquery("found")
    typed = [
        sge.cast(sg.column(name, quoted=True), _type(kind)).as_(name, quoted=True)
        for name, kind in expression.schema().items()
    ]
    return sg.select(*typed).from_(found).sql(dialect=COMPILER.dialect)


def spark_schema(schema: ibis.Schema) -> str:
    """Return a schema in the words of Spark.

    >>> spark_schema(ibis.schema({"amount": "int64", "known_on": "date"}))
    '`amount` BIGINT, `known_on` DATE'
    """
    return ", ".join(f"`{name}` {_type(kind).sql(COMPILER.dialect)}" for name, kind in schema.items())


def _type(kind: dt.DataType) -> sge.DataType:
    return COMPILER.type_mapper.from_ibis(kind)


def _never_zero(divisor: ops.Value) -> bool:
    if isinstance(divisor, ops.NullIf):
        avoided = divisor.null_if_expr
        return isinstance(avoided, ops.Literal) and avoided.value == 0
    return isinstance(divisor, ops.Literal) and divisor.value not in {None, 0}
