"""Which policy of a workspace decides a day."""

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Self

from creditscore.domain import Workspace
from creditscore.errors import PolicyError
from creditscore.policy.policy import Policy, load_policy


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of a workspace, each for its own days.

    Parameters
    ----------
    by_first_day
        At least one, by the first day that each decides.
    """

    by_first_day: tuple[Policy, ...]

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """Read ``policy.yaml`` and every ``policy-*.yaml`` beside it; without any the shipped policy decides.

        Raises
        ------
        PolicyError
            If a file is broken, or two of them decide one day.
        """
        found = {path: load_policy(path) for path in workspace.policy_files}
        _check_apart(found)
        return cls(tuple(sorted(found.values() or [load_policy()], key=_first_day)))

    @property
    def latest(self) -> Policy:
        """The one that decides the latest days."""
        return self.by_first_day[-1]

    def on(self, day: date) -> Policy:
        """Return the policy that decides a day.

        Raises
        ------
        PolicyError
            If none does.
        """
        for policy in self.by_first_day:
            if day in policy.validity:
                return policy
        raise PolicyError(
            where="policy",
            found=f"None of {len(self.by_first_day)} decides {day}.",
            fix="Widen `validity` of one, or lay a policy for that day beside the others as policy-NAME.yaml.",
        )


def policy_in_force(workspace: Workspace, as_of: date | None = None) -> Policy:
    """Return the policy of a workspace that decides a day; by default that of the latest days.

    Raises
    ------
    PolicyError
        As :meth:`Policies.of` and :meth:`Policies.on` do.
    """
    policies = Policies.of(workspace)
    return policies.latest if as_of is None else policies.on(as_of)


def _first_day(policy: Policy) -> date:
    return policy.validity.first_on or date.min


def _check_apart(found: dict[Path, Policy]) -> None:
    for (path, policy), (other_path, other) in combinations(found.items(), 2):
        if policy.validity.overlaps(other.validity):
            raise PolicyError(
                where=f"policies {path.name!r} and {other_path.name!r}",
                found="Both decide some days.",
                fix="Let the `validity` of the earlier one end before that of the later one begins.",
            )
