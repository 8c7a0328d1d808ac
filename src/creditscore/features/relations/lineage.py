"""What a feature rests on: the columns of its relation that it reads."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.operations as ops

if TYPE_CHECKING:
    from creditscore.features.relations.base import Relation

Function = Callable[[Any], ibis.Value]
Columns = Mapping[str, Any]


def columns_read(relation: "type[Relation]", function: Function, columns: Columns) -> tuple[str, ...]:
    """Return the columns that a function of a relation reads, in the order given; nothing is computed.

    Parameters
    ----------
    relation
        The relation.
    function
        From the relation to a value.
    columns
        Columns that the relation's table has, with their types. Where the function asks for others, as one of a
        relation that somebody derived may, nobody can tell, and no column is returned.
    """
    try:
        value = function(relation(ibis.table(columns, name="asked")))
    except (AttributeError, ibis.IbisError):
        return ()
    read = {field.name for field in value.op().find(ops.Field)}
    return tuple(name for name in columns if name in read)
