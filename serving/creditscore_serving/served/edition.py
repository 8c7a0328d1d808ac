"""An edition: the bundle, the policies and the scored day that answers are made from, as one immutable object."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from creditscore.policy import Policies, Policy
from creditscore.scoring import EXPOSURE, IN_DEFAULT, Bundle, DailyRun
from creditscore_serving.served.columns import ServedScores
from creditscore_serving.served.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """The champion, verified and warm, with the policies that its scores are decided by.

    Parameters
    ----------
    bundle, policies
        The two.
    currency
        Currency of amounts; ``None`` where this machine has no book.
    feature_names, known_names
        Features that a posted row needs, and all that it may name.
    """

    bundle: Bundle
    policies: Policies
    currency: str | None
    feature_names: frozenset[str] = field(init=False)
    known_names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        names = frozenset(self.bundle.feature_names)
        object.__setattr__(self, "feature_names", names)
        object.__setattr__(self, "known_names", names | {EXPOSURE, IN_DEFAULT})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedDay:
    """The run that is served for the latest day, with its scores at hand.

    Parameters
    ----------
    run, policy
        The run, and the policy that decided it.
    scores
        Its scores.
    frozen
        Why customers are frozen, for those that are, as answers say it.
    """

    run: DailyRun
    policy: Policy
    scores: ServedScores
    frozen: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Edition:
    """What one answer is made from; a request takes an edition once and keeps to it.

    Parameters
    ----------
    model, day
        The champion, and the latest scored day. The day may have been scored by an earlier champion, and says so.
    """

    model: ServedModel
    day: ServedDay

    @cached_property
    def words(self) -> Words:
        """The texts of reasons and actions."""
        return Words(self.model.bundle)

    @cached_property
    def id(self) -> str:
        """Hash of what is served, 16 hexadecimal digits: alike in every worker that serves the same."""
        model = self.model
        parts = (model.bundle.hash, self.day.run.run_id, *(policy.hash for policy in model.policies.by_first_day))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @cached_property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """Headers that name it."""
        run = self.day.run
        named = {
            "x-edition": self.id,
            "x-bundle": self.model.bundle.hash,
            "x-run": run.run_id,
            "x-as-of": f"{run.as_of}",
        }
        return tuple((name.encode(), value.encode()) for name, value in named.items())
