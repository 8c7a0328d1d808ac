"""One function, one column: what a feature is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from inspect import cleandoc, signature
from typing import Any, TypeVar, get_type_hints

import ibis

from creditscore.domain import Family, Reason, Risk, Unit
from creditscore.errors import ParameterError
from creditscore.features.relations.base import Relation
from creditscore.features.wording import as_html, as_text, direction

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A column of the snapshot: a function of one relation, and the words that travel with it.

    Parameters
    ----------
    name
        Name of the column.
    family
        Family it belongs to.
    unit
        Unit of its values.
    risk
        What happens to the risk of default when it rises, where a credit analyst would sign it.
    reason
        Principal reason to tell when it speaks against a customer.
    description
        What it measures and when it is missing.
    relation
        Relation of the book that it is computed from.
    function
        From the relation to an Ibis value, one value for each customer and day.
    """

    name: str
    family: Family
    unit: Unit
    risk: Risk
    reason: Reason
    description: str
    relation: type[Relation]
    function: Callable[[Any], ibis.Value]

    @property
    def monotone(self) -> int:
        """Sign that a model of the default probability must keep: 1, -1, or 0 where it is free."""
        return self.risk.monotone

    @property
    def sources(self) -> tuple[str, ...]:
        """What it rests on: tables of the book, or columns of them, such as ``customers.onboarded_on``."""
        return self.relation.sources(self.function)

    def __call__(self, relation: Relation) -> ibis.Value:
        """Return the column's expression over ``relation``."""
        return self.function(relation)

    def explain(self) -> str:
        """Return all that there is to say of the feature, one line each, to print."""
        return as_text(self)

    def __repr__(self) -> str:
        return f"<{self.name}: {self.family}, {self.unit}, {direction(self)}, from {self.relation.__name__}>"

    def _repr_html_(self) -> str:
        return as_html(self)


def feature(*, family: str, unit: str, risk: str, reason: Reason) -> Callable[[Callable[[Any], ibis.Value]], Feature]:
    """Turn a function of one relation into a feature named like the function, described by its docstring.

    Raises
    ------
    ParameterError
        If the function lacks a docstring, or its only parameter is not annotated with a relation, or a word is none
        of the house's.

    Examples
    --------
    >>> from creditscore.features import Receivables
    >>> @feature(family="exposure", unit="amount", risk="either", reason=Reason("Z01", en="It owes much", zh="欠款多"))
    ... def owed_amount(receivables: Receivables) -> ibis.Value:
    ...     '''Sum of the open receivables.'''
    ...     return receivables.open_amount.sum()
    >>> owed_amount
    <owed_amount: exposure, amount, either way, from Receivables>
    >>> print(owed_amount.explain())
    owed_amount
      what it is  Sum of the open receivables.
      family      exposure
      unit        amount
      direction   either way
      made from   Receivables
      reason      Z01
                  It owes much
                  欠款多
    """

    def define(function: Callable[[Any], ibis.Value]) -> Feature:
        return Feature(
            name=function.__name__,
            family=_word(Family, family, of=function.__name__),
            unit=_word(Unit, unit, of=function.__name__),
            risk=_word(Risk, risk, of=function.__name__),
            reason=reason,
            description=_description(function),
            relation=_relation(function),
            function=function,
        )

    return define


def _word(kind: type[Word], word: str, *, of: str) -> Word:
    try:
        return kind(word)
    except ValueError:
        raise ParameterError(
            where=f"feature {of}",
            found=f"{word!r} is no {kind.__name__.lower()}.",
            fix=f"Use one of {', '.join(kind)}.",
        ) from None


def _description(function: Callable[..., object]) -> str:
    if not function.__doc__:
        raise ParameterError(
            where=f"feature {function.__name__}",
            found="It has no docstring.",
            fix="Say in one sentence what it measures and when it is missing.",
        )
    return cleandoc(function.__doc__)


def _relation(function: Callable[..., object]) -> type[Relation]:
    annotations = [get_type_hints(function).get(name) for name in signature(function).parameters]
    if len(annotations) == 1 and isinstance(annotations[0], type) and issubclass(annotations[0], Relation):
        return annotations[0]
    raise ParameterError(
        where=f"feature {function.__name__}",
        found="Its parameters are not one relation.",
        fix="Give it one parameter, annotated with a relation such as Receivables.",
    )
