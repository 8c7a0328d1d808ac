"""Every bundle of a workspace and what it is: champion, challenger, or champion of former days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from creditscore.domain import Workspace
from creditscore.errors import BundleError
from creditscore.scoring.appointment import Champion
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.challenger import challenger_of
from creditscore.scoring.champion import standing_champion
from creditscore.scoring.gate_result import GateResult
from creditscore.scoring.history import Change, history_of
from creditscore.scoring.naming import bundle_folders
from creditscore.scoring.registered import Registration, registrations

AUC, SLOPE = "auc_test", "calibration_slope_test"
FIRST, LAST = "development_first_on", "test_last_on"


@dataclass(frozen=True, slots=True)
class Reign:
    """When a bundle decided, in UTC; ``until`` is ``None`` while it still does."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """What is told of one bundle of the workspace.

    Parameters
    ----------
    folder_name, bundle_hash
        Its name and its identity; no hash where it is broken.
    trouble
        Why it cannot be used; ``None`` for a sound one. Of a broken one nothing else is told.
    registered_at, registry_version
        When training registered it, and as which version; ``None`` where nobody has told it.
    first_on, last_on, learned_until
        First and last day of observation, and the last day whose facts it learned from.
    auc, auc_low, auc_high, calibration_slope
        On its out-of-time test, with a 95 % interval; ``None`` where training told none.
    gates
        What each gate said.
    roles
        ``champion``, ``challenger``, or neither.
    reigns
        When it decided, the first time first.
    """

    folder_name: str
    bundle_hash: str | None
    trouble: str | None = None
    registered_at: datetime | None = None
    registry_version: str | None = None
    first_on: date | None = None
    last_on: date | None = None
    learned_until: date | None = None
    auc: float | None = None
    auc_low: float | None = None
    auc_high: float | None = None
    calibration_slope: float | None = None
    gates: tuple[GateResult, ...] = ()
    role: str | None = None
    reigns: tuple[Reign, ...] = ()

    @property
    def gates_passed(self) -> bool | None:
        """Whether every gate let it pass; ``None`` where nobody knows."""
        return all(gate.passed for gate in self.gates) if self.gates else None


def list_models(workspace: Workspace) -> tuple[ListedModel, ...]:
    """Tell of every bundle of the workspace, the champion first, then the challenger, then the others by name.

    Raises
    ------
    BundleError
        If a record of champions, challengers or registrations is damaged.
    """
    desk = _Records(
        champion=standing_champion(workspace),
        challenger=challenger_of(workspace),
        reigns=reigns_of(history_of(workspace)),
        versions=registrations(workspace),
    )
    listed = [desk.told_of(folder) for folder in bundle_folders(workspace)]
    order = {"champion": 0, "challenger": 1}
    return tuple(sorted(listed, key=lambda one: (order.get(one.role or "", 2), one.folder_name)))


def reigns_of(history: Sequence[Change]) -> dict[str, tuple[Reign, ...]]:
    """Return when each bundle decided, by its hash."""
    found: dict[str, tuple[Reign, ...]] = {}
    for number, change in enumerate(history):
        until = history[number + 1].at if number + 1 < len(history) else None
        found[change.after.bundle_hash] = (*found.get(change.after.bundle_hash, ()), Reign(change.at, until))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Records:
    """What the workspace says of its bundles, beside what each says itself."""

    champion: Champion | None
    challenger: Champion | None
    reigns: Mapping[str, tuple[Reign, ...]]
    versions: Mapping[str, Registration]

    def told_of(self, folder: Path) -> ListedModel:
        """Tell of one bundle."""
        try:
            bundle = Bundle.open(folder)
        except BundleError as error:
            return ListedModel(folder_name=folder.name, bundle_hash=None, trouble=error.found)
        training, metrics, known = bundle.training, bundle.metrics, self.versions.get(bundle.hash)
        return ListedModel(
            folder_name=folder.name,
            bundle_hash=bundle.hash,
            registered_at=known.at if known else None,
            registry_version=known.version if known else None,
            first_on=_day(training.get(FIRST)),
            last_on=_day(training.get(LAST)),
            learned_until=bundle.learned_until,
            auc=metrics.get(AUC),
            auc_low=metrics.get(f"{AUC}_low"),
            auc_high=metrics.get(f"{AUC}_high"),
            calibration_slope=metrics.get(SLOPE),
            gates=bundle.gates,
            role=self._role(bundle),
            reigns=self.reigns.get(bundle.hash, ()),
        )

    def _role(self, bundle: Bundle) -> str | None:
        for role, one in (("champion", self.champion), ("challenger", self.challenger)):
            if one is not None and one.bundle_hash == bundle.hash:
                return role
        return None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
