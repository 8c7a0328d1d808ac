"""The card itself: its parts in order, as Markdown, and its file."""

from pathlib import Path

from creditscore.domain import Workspace
from creditscore.policy import policy_in_force
from creditscore.reporting.card import details, quality
from creditscore.reporting.card.changes import changes
from creditscore.reporting.card.markdown import escaped
from creditscore.reporting.card.records import CardRecords, approvals, card_records, opened
from creditscore.reporting.card.words import FILE, CardWords, card_words
from creditscore.reporting.evidence import Evidence
from creditscore.scoring import Bundle
from creditscore.scoring.files import whole_file

SOURCES = (
    'Order after Mitchell et al., "Model Cards for Model Reporting", FAT* 2019, doi:10.1145/3287560.3287596. '
    "Materiality, monitoring and outcomes analysis after SR 26-2 / OCC 2026-13 (17 April 2026). Thresholds are "
    "conventions of these reports, not of a supervisor."
)
MONITORING = (
    "Ongoing monitoring: `creditscore report drift` asks whether the portfolio has moved. Outcomes analysis: "
    "`creditscore report accuracy` judges the daily scores as their outcomes mature, `creditscore report ecb` tests "
    "the PD in the ECB's order. Effective challenge: a challenger may be scored beside the champion, `creditscore "
    "models challenge`."
)
DEPTH = "It decides how deeply the model is validated."


def model_card(workspace: Workspace, bundle: Bundle) -> str:
    """Return the card of a bundle as Markdown [1]_.

    It is made from the bundle, from what the workspace records of it, and from ``model_card.yaml``; the same of these
    give the same text. It lies outside the bundle: appointments become known later, and a bundle never changes.

    Parameters
    ----------
    workspace
        The portfolio.
    bundle
        One of its bundles.

    Raises
    ------
    BundleError
        If a record of the workspace is damaged.
    ContractError
        If the bundle's evaluation lacks a column, or ``model_card.yaml`` says what the card does not know.

    References
    ----------
    .. [1] Mitchell et al., *Model Cards for Model Reporting*, FAT* 2019. doi:10.1145/3287560.3287596
    """
    words, records = card_words(workspace), card_records(workspace, bundle)
    evidence = Evidence(frame=bundle.evaluation(), horizon_months=bundle.horizon_months)
    parts = {
        "Model": details.details(bundle, words, registered=records.registered),
        "Purpose": escaped(words.purpose),
        "Data": details.data(bundle, evidence),
        "Features": details.features(bundle),
        "Performance": quality.performance(bundle, evidence),
        "Calibration": quality.calibration(evidence, policy=policy_in_force(workspace)),
        "Limits": quality.limits(evidence, words),
        "Gates": quality.gates(bundle),
        "Approvals": approvals(records),
        "Changes": _changes(workspace, bundle, records),
        "Hyperparameters": details.hyperparameters(bundle),
        "Materiality and monitoring": _monitoring(words),
        "Sources": SOURCES,
    }
    chapters = [f"## {title}\n\n{text}\n" for title, text in parts.items()]
    return "\n".join([f"# Model card: {escaped(bundle.name)}, {bundle.hash[:12]}\n", *chapters])


def write_model_card(workspace: Workspace, bundle: Bundle) -> Path:
    """Write the card beside the bundle's folder and return its path.

    Raises
    ------
    BundleError, ContractError
        As for :func:`model_card`.
    StoreError
        If the disk is full or the folder cannot be written; a card that was there stays.
    """
    path = card_path(workspace, bundle)
    text = model_card(workspace, bundle)
    with whole_file(path) as draft:
        draft.write_text(text, "utf-8")
    return path


def card_path(workspace: Workspace, bundle: Bundle) -> Path:
    """Return where the card of a bundle lies: beside its folder, because a folder holds only what its hash covers.

    Its name begins with another word, so that a pattern such as ``trade_credit-*`` finds folders alone.
    """
    return workspace.bundles / f"card-{bundle.folder.name}.md"


def _changes(workspace: Workspace, bundle: Bundle, records: CardRecords) -> str:
    if records.before is None:
        return "No bundle of this workspace decided before."
    before = opened(workspace, records.before)
    if isinstance(before, str):
        return escaped(before)
    return f"Against {before.folder.name}:\n\n{changes(bundle, before)}"


def _monitoring(words: CardWords) -> str:
    return f"Materiality: {escaped(words.materiality)} (`{FILE}`). {DEPTH}\n\n{MONITORING}"
