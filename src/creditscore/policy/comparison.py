"""What differs between two policies, number by number."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from creditscore.policy.policy import Policy

Plain = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs.

    Parameters
    ----------
    key
        Its place, such as ``reserve.red`` or ``master_scale.grades[3].label``.
    before, after
        The value in each policy; ``None`` also where one of them has no such place.
    """

    key: str
    before: Plain
    after: Plain


def compare_policies(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Return every value that differs between two policies, none if they decide alike.

    They stand in the order of the file; what only the second has comes last.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from creditscore.policy import load_policy
    >>> policy = load_policy()
    >>> stricter = replace(policy, reserve=replace(policy.reserve, red=0.2))
    >>> compare_policies(policy, stricter)
    (Difference(key='reserve.red', before=0.15, after=0.2),)
    """
    old, new = dict(_leaves(asdict(before))), dict(_leaves(asdict(after)))
    keys = dict.fromkeys([*old, *new])
    return tuple(Difference(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key))


def _leaves(content: object, place: str = "") -> Iterator[tuple[str, Plain]]:
    if isinstance(content, Mapping):
        for name, value in content.items():
            yield from _leaves(value, f"{place}.{name}" if place else str(name))
    elif isinstance(content, (list, tuple)):
        for index, value in enumerate(content):
            yield from _leaves(value, f"{place}[{index}]")
    elif isinstance(content, date):
        yield place, content.isoformat()
    elif content is None or isinstance(content, (str, int, float)):
        yield place, content
