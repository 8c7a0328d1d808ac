"""What an answer withholds from callers who may not see amounts, or not every customer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from creditscore_serving.access.caller import Caller

# Amounts are known by their names, as everywhere in this house: `amount`, or something that ends in `_amount`.
AMOUNT: Final = "amount"
SUFFIX: Final = "_amount"
# Beside an amount stands the number that made it: the agreed limit, which is an amount too.
RULED: Final = frozenset({"limit", "headroom"})
NUMBERS: Final = frozenset({"limit_number", "headroom_number"})
PERSONAL: Final = frozenset({"registration_number", "customer_name", "legal_representative"})
AFFILIATED: Final = {
    "en": "Credit is frozen because of an affiliated company outside your units",
    "zh": "因权限范围外的关联企业，信用已冻结",
}


def is_confidential(field: str) -> bool:
    """Tell whether a field of an answer is withheld without ``amounts:read``.

    >>> [name for name in ("score", "held_amount", "amount", "limit_number", "amount_of_days") if is_confidential(name)]
    ['held_amount', 'amount', 'limit_number']
    """
    return field == AMOUNT or field.endswith(SUFFIX) or field in NUMBERS or field in PERSONAL


def masked(answer: Any, caller: Caller) -> Any:  # noqa: ANN401 - whatever an answer holds
    """Return an answer as a caller may see it: the same fields, what is confidential as ``None``.

    Parameters
    ----------
    answer
        Plain content: mappings, lists and single values. It is not altered.
    caller
        Who asks.

    Examples
    --------
    >>> answer = {"score": 76.9, "reserve_amount": 4711, "limit": {"amount": 5, "rule": "asked", "number": 7.0}}
    >>> masked(answer, Caller("erp"))
    {'score': 76.9, 'reserve_amount': None, 'limit': {'amount': None, 'rule': 'asked', 'number': None}}
    """
    return answer if caller.sees_confidential else _without_amounts(answer)


def concealed(
    decision: Mapping[str, Any] | None, caller: Caller, sees: Callable[[str], bool]
) -> Mapping[str, Any] | None:
    """Return a decision whose freeze names no company that a caller may not see: it says that there is one.

    Parameters
    ----------
    decision
        With its ``freeze``: ``cause_id``, ``path`` (source, kind, target of each link), ``en`` and ``zh``, or ``None``.
    caller
        Who asks.
    sees
        Tells whether the caller may see a customer.
    """
    freeze = None if decision is None or caller.units is None else decision.get("freeze")
    if decision is None or freeze is None:
        return decision
    named = {freeze["cause_id"], *(end for source, _, target in freeze["path"] for end in (source, target))}
    if all(sees(one) for one in named):
        return decision
    return {**decision, "freeze": {**freeze, "cause_id": None, "path": [], **AFFILIATED}}


def _without_amounts(answer: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(answer, Mapping):
        return {name: _field(str(name), value) for name, value in answer.items()}
    if isinstance(answer, Sequence) and not isinstance(answer, str | bytes):
        return [_without_amounts(one) for one in answer]
    return answer


def _field(name: str, value: Any) -> Any:  # noqa: ANN401 - as above
    if is_confidential(name):
        return None
    if name in RULED and isinstance(value, Mapping):
        return {part: None if part in {AMOUNT, "number"} else one for part, one in value.items()}
    return _without_amounts(value)
