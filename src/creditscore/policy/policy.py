"""Policy is data: one YAML file, validated and hashed; every result carries the hash."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Self

from creditscore.errors import PolicyError
from creditscore.policy.actions import Actions
from creditscore.policy.alerts import Alerts
from creditscore.policy.approval import Approval
from creditscore.policy.colours import ColourBands
from creditscore.policy.limits import GroupLimit
from creditscore.policy.loss import Loss
from creditscore.policy.master_scale import MasterScale
from creditscore.policy.reader import build, build_from
from creditscore.policy.reserve import ReserveRates
from creditscore.policy.scale import ScoreScale
from creditscore.policy.targets import Targets
from creditscore.policy.validity import PolicyChange, Validity, check_log

SHIPPED = Path(__file__).with_name("default.yaml")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Everything by which a probability of default becomes a decision.

    Parameters
    ----------
    version
        The owner's name for this state of the policy.
    validity
        The days that it decides.
    changes
        Its change log, earliest first; the last entry is this version.
    scale, master_scale, colours
        From log-odds to score, grade and colour.
    actions, group_limit, reserve
        What a colour means for trade and for the reserve, and what a group may owe together.
    loss
        What is lost when a customer defaults.
    alerts, approval, targets
        Rules for receivables, for applications and for the portfolio.
    """

    version: str
    validity: Validity
    changes: tuple[PolicyChange, ...]
    scale: ScoreScale
    master_scale: MasterScale
    colours: ColourBands
    actions: Actions
    group_limit: GroupLimit
    reserve: ReserveRates
    loss: Loss
    alerts: Alerts
    approval: Approval
    targets: Targets

    def __post_init__(self) -> None:
        check_log(self.changes, version=self.version)

    @property
    def text(self) -> str:
        """The canonical content as JSON: policies with equal content have equal texts."""
        content = asdict(self)
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical content."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Build a policy from its canonical content, as strictly as from a file.

        Raises
        ------
        PolicyError
            If the text is no JSON, or a number is missing, unknown or contradicts another one.
        """
        try:
            content = json.loads(text)
        except ValueError as cause:
            raise PolicyError(where="policy text", found="It is no JSON.", fix="Give what Policy.text said.") from cause
        return build(cls, content, where="policy text")


def load_policy(path: Path | None = None) -> Policy:
    """Load a policy file, or the shipped policy where ``path`` is ``None`` or there is no such file.

    Parameters
    ----------
    path
        The YAML file; usually ``workspace.policy``.

    Raises
    ------
    PolicyError
        If a number is missing, unknown or contradicts another one; the message names the line and the key.

    Examples
    --------
    >>> policy = load_policy()
    >>> policy.colours.green, policy.reserve.red
    (80.0, 0.15)
    """
    source = SHIPPED if path is None or not path.exists() else path
    return build_from(Policy, source, where=f"policy {source.name!r}")
