"""The aliases of MLflow's model registry: which version decides, and which runs beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mlflow.exceptions import MlflowException

from creditscore.errors import StoreError
from creditscore.scoring import AliasMove
from creditscore_training.tracking import SQLITE, move_aliases, tracking_uri_or_default


@dataclass(frozen=True, slots=True)
class MlflowRegistry:
    """Moves aliases in one MLflow store; moving twice is as moving once.

    Parameters
    ----------
    tracking_uri
        MLflow's store.
    """

    tracking_uri: str

    def __call__(self, moves: Sequence[AliasMove]) -> None:
        """Make all moves, those that set an alias first.

        Raises
        ------
        StoreError
            If MLflow cannot be reached or does not know the model or the version. Some of the moves may have been made;
            the same again completes.
        """
        self._demand_store()
        try:
            move_aliases(moves, tracking_uri=self.tracking_uri)
        except MlflowException as error:
            raise StoreError(
                where="MLflow",
                found=f"It did not move the alias: {str(error).splitlines()[0]}",
                fix="The workspace was not changed. Check --tracking-uri and run again, or add --without-registry.",
            ) from error

    def _demand_store(self) -> None:
        """Refuse to make an empty store where one is only to be told."""
        path = Path(self.tracking_uri.removeprefix(SQLITE))
        if self.tracking_uri.startswith(SQLITE) and not path.is_file():
            raise StoreError(
                where="MLflow",
                found="There is no store at the tracking URI. The workspace was not changed.",
                fix="Give --tracking-uri, run where training ran, or add --without-registry.",
            )


def registry_at(tracking_uri: str | None) -> MlflowRegistry:
    """Return the registry at a URI, or at the default one."""
    return MlflowRegistry(tracking_uri_or_default(tracking_uri))
