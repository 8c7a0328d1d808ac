"""``creditscore models``: the bundles of a workspace, which decides, which challenges it, and who did before."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.answers import Language
from creditscore.cli.console import Folder, console, say
from creditscore.cli.contests import described
from creditscore.cli.listings import listing
from creditscore.domain import Workspace

if TYPE_CHECKING:
    from creditscore.scoring import AliasMove, Appointed, Registry

HERE = Path()
UNKNOWN = " Which version of the registry the bundle is nobody has told, so no alias goes to it."
HELP = "Show the models of a workspace, compare them, and say which decides."
Named = Annotated[
    str,
    typer.Argument(metavar="BUNDLE", help="Name, first digits of the hash, or the word champion or challenger."),
]
Carded = Annotated[str, typer.Argument(metavar="[BUNDLE]", help="As for promote; the champion if it is left out.")]
Challenging = Annotated[str | None, typer.Argument(metavar="[BUNDLE]", help="As for promote; none with --off.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="The one to compare with, named in the same way.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the history.")]
Despite = Annotated[
    str | None,
    typer.Option("--despite-gates", metavar="REASON", help="Why it may decide although its gates did not let it pass."),
]
Off = Annotated[bool, typer.Option("--off", help="Let nobody run beside the champion any more.")]
TrackingUri = Annotated[
    str | None,
    typer.Option(
        "--tracking-uri",
        help="MLflow's store whose aliases move too; default: MLFLOW_TRACKING_URI, else sqlite:///mlruns/mlflow.db.",
    ),
]
Alone = Annotated[
    bool,
    typer.Option("--without-registry", help="Change the workspace alone, such as while MLflow cannot be reached."),
]


@dataclass(frozen=True, slots=True)
class ModelCommands:
    """The commands.

    Parameters
    ----------
    registry_at
        Returns what moves the aliases of the registry at a URI (the default one for ``None``). Training gives it;
        without training there is none, and the workspace alone is changed.
    """

    registry_at: "Callable[[str | None], Registry] | None" = None

    def app(self) -> typer.Typer:
        """Return them as one group."""
        models = typer.Typer(help=HELP, no_args_is_help=True)
        models.command("list")(list_models)
        models.command()(compare)
        models.command()(card)
        for command in (self.promote, self.rollback, self.challenge):
            models.command()(command)
        return models

    def promote(
        self,
        bundle: Named,
        workspace: Folder = HERE,
        reason: Why = "",
        despite_gates: Despite = None,
        tracking_uri: TrackingUri = None,
        *,
        without_registry: Alone = False,
    ) -> None:
        """Make a bundle the champion: it decides from the next daily run on. Its gates must have passed."""
        from creditscore.scoring import promote  # noqa: PLC0415 - brings pandas and LightGBM

        registry = self._registry(tracking_uri, alone=without_registry)
        place = Workspace(workspace)
        done = promote(place, bundle, reason=reason, despite_gates=despite_gates, registry=registry)
        self._tell(done, alone=without_registry)

    def rollback(
        self,
        workspace: Folder = HERE,
        reason: Why = "",
        tracking_uri: TrackingUri = None,
        *,
        without_registry: Alone = False,
    ) -> None:
        """Make the champion before champion again."""
        from creditscore.scoring import rollback  # noqa: PLC0415 - as above

        registry = self._registry(tracking_uri, alone=without_registry)
        self._tell(rollback(Workspace(workspace), reason=reason, registry=registry), alone=without_registry)

    def challenge(
        self,
        bundle: Challenging = None,
        workspace: Folder = HERE,
        tracking_uri: TrackingUri = None,
        *,
        off: Off = False,
        without_registry: Alone = False,
    ) -> None:
        """Let a bundle run beside the champion in each daily run, without deciding anything; or stop it with --off."""
        from creditscore.scoring import challenge, end_challenge  # noqa: PLC0415 - as above

        if (bundle is None) is not off:
            raise typer.BadParameter("Name the bundle that shall challenge, or give --off alone.")
        registry, place = self._registry(tracking_uri, alone=without_registry), Workspace(workspace)
        done = (
            end_challenge(place, registry=registry) if bundle is None else challenge(place, bundle, registry=registry)
        )
        self._tell(done, alone=without_registry)

    def _registry(self, tracking_uri: str | None, *, alone: bool) -> "Registry | None":
        return None if alone or self.registry_at is None else self.registry_at(tracking_uri)

    def _tell(self, done: "Appointed", *, alone: bool) -> None:
        before = "nobody" if done.before is None else done.before.folder_name
        after = "Nobody" if done.after is None else done.after.folder_name
        say(f"{after} is {done.role}; before it was {before}.")
        say(self._told(done, alone=alone))

    def _told(self, done: "Appointed", *, alone: bool) -> str:
        if alone:
            return "The registry was not told, as asked; the same command without --without-registry tells it."
        if self.registry_at is None:
            return "No registry was told: its aliases are moved where the extra `training` is installed."
        unknown = done.after is not None and done.after.registry_version is None
        told = ", ".join(_moved(one) for one in done.moves)
        return f"Registry: {told or 'it knows no bundle of this workspace'}." + (UNKNOWN if unknown else "")


def list_models(workspace: Folder = HERE) -> None:
    """List every bundle of the workspace: what it learned from, how good it is, and whether it decides or did."""
    from creditscore.scoring import list_models as every  # noqa: PLC0415 - as above

    models = every(Workspace(workspace))
    if models:
        console.print(listing(models))
    broken = [one for one in models if one.trouble is not None]
    for one in broken:
        say(f"{one.folder_name} cannot be used: {one.trouble}")
    say(f"{len(models)} bundles, {len(broken)} of them broken.")


def compare(first: Named, second: Other, workspace: Folder = HERE) -> None:
    """Compare two bundles on the customers and days that both were tested on, and on what both foretold since."""
    from creditscore.scoring import compare_models  # noqa: PLC0415 - as above

    for part in described(compare_models(Workspace(workspace), first, second)):
        console.print(part, highlight=False, soft_wrap=isinstance(part, str))


def card(bundle: Carded = "champion", workspace: Folder = HERE, lang: Language = "en") -> None:
    """Write the model card of a bundle: what it is, how good, where not to use it, who appointed it, what changed."""
    from creditscore.reporting import language_of, write_model_card  # noqa: PLC0415 - as above
    from creditscore.scoring import bundle_named  # noqa: PLC0415 - as above

    place = Workspace(workspace)
    say(f"{write_model_card(place, bundle_named(place, bundle), language=language_of(lang))}")


def register(app: typer.Typer) -> None:
    """Register ``models`` with its commands; training registers them again, with a registry."""
    app.add_typer(ModelCommands().app(), name="models")


def _moved(one: "AliasMove") -> str:
    return f"{one.model}@{one.alias} is {'nobody' if one.version is None else f'version {one.version}'}"
