"""From a workspace to the inputs of the workbook, and to its file."""

from pathlib import Path

from creditscore.book import Book
from creditscore.domain import ENGLISH, Language, Workspace, kept, text
from creditscore.policy import Policy, policy_in_force
from creditscore.reporting.ecb.inputs import EcbInputs, Migrations
from creditscore.reporting.ecb.migrations import migrations_of
from creditscore.reporting.ecb.populations import NO_INITIAL, initial_population, population
from creditscore.reporting.ecb.workbook import TITLE, ecb_sheets
from creditscore.reporting.evidence import Evidence
from creditscore.reporting.translation import translated
from creditscore.reporting.workbook import render_workbook
from creditscore.scoring import Bundle, open_champion
from creditscore.scoring.files import whole_file

FILE = "ecb_validation.xlsx"


def ecb_inputs(workspace: Workspace) -> EcbInputs:
    """Read what the champion's validation is computed from.

    Current are the customers of its out-of-time test, initial those of its calibration period; migrations are those
    between two days that it scored.

    Parameters
    ----------
    workspace
        The portfolio.

    Raises
    ------
    BundleError
        If no sound bundle decides.
    ContractError
        If the workspace has no book, or the evaluation lacks a column.
    """
    bundle, book, policy = open_champion(workspace), Book.open(workspace.book), policy_in_force(workspace)
    grades = policy.master_scale.labels
    evidence = Evidence(frame=bundle.evaluation(), horizon_months=bundle.horizon_months)
    current = population(evidence, "test", grades=grades)
    initial, initial_auc = initial_population(evidence, grades=grades)
    migrations = migrations_of(workspace, book, bundle, grades=grades)
    told = {
        **_model(bundle, policy),
        "Currency of the amounts": book.currency,
        "Current population": current.described,
        "Initial population": text("Not available: {why}", why=NO_INITIAL) if initial is None else initial.described,
        "Migrations": _period(migrations),
    }
    return EcbInputs(
        overview=told,
        current=current.by_grade,
        initial=NO_INITIAL if initial is None else initial.by_grade,
        initial_auc=initial_auc,
        migrations=migrations,
    )


def write_ecb_workbook(workspace: Workspace, *, language: Language = ENGLISH) -> Path:
    """Write the champion's validation in the order of the ECB's instructions and return the path of the workbook.

    Parameters
    ----------
    workspace
        The portfolio.
    language
        What it is written in.

    Raises
    ------
    BundleError, ContractError
        As for :func:`ecb_inputs`.
    StoreError
        If the disk is full or the folder cannot be written; a workbook that was there stays.
    """
    content = render_workbook(
        translated(ecb_sheets(ecb_inputs(workspace)), language),
        title=language.say(TITLE),
        currency=Book.open(workspace.book).currency,
        language=language,
    )
    path = workspace.reports / (FILE if language == ENGLISH else f"{Path(FILE).stem}.{language.code}.xlsx")
    with whole_file(path) as draft:
        draft.write_bytes(content)
    return path


def _model(bundle: Bundle, policy: Policy) -> dict[str, str]:
    return {
        "Model": kept(bundle.name),
        "Bundle": bundle.hash,
        "Scope": "all customers of the book that were not in default; one model rates them all",
        "PD": text(
            "default within {months} months, definition {version}",
            months=bundle.horizon_months,
            version=kept(bundle.definition.version),
        ),
        "Default definition": bundle.definition.hash,
        "Grades": text(
            "{count} grades, policy {version} ({hash})",
            count=len(policy.master_scale.labels),
            version=kept(policy.version),
            hash=policy.hash[:12],
        ),
        "Learned from facts until": bundle.training.get("learned_until", "not told by training"),
    }


def _period(migrations: Migrations | str) -> str:
    return text("Not available: {why}", why=migrations) if isinstance(migrations, str) else migrations.period
