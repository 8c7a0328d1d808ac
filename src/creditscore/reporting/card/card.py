"""The card itself: its parts in order, as Markdown, and its file."""

from pathlib import Path

from creditscore.domain import ENGLISH, Language, Text, Workspace, kept, text
from creditscore.policy import policy_in_force
from creditscore.reporting.card import details, quality
from creditscore.reporting.card.changes import changes
from creditscore.reporting.card.markdown import Part, escaped, written
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


def model_card(workspace: Workspace, bundle: Bundle, *, language: Language = ENGLISH) -> str:
    """Return the card of a bundle as Markdown [1]_.

    It is made from the bundle, from what the workspace records of it, and from ``model_card.yaml``; the same of these
    give the same text. It lies outside the bundle: appointments become known later, and a bundle never changes.

    Parameters
    ----------
    workspace
        The portfolio.
    bundle
        One of its bundles.
    language
        What it is written in; the words of ``model_card.yaml`` stay as they are.

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
    title = text("Model card: {name}, {hash}", name=kept(bundle.name), hash=bundle.hash[:12])
    chapters = [
        f"## {language.say(name)}\n\n{written(parts, language)}\n"
        for name, parts in _chapters(workspace, bundle).items()
    ]
    return "\n".join([f"# {escaped(language.say(title))}\n", *chapters])


def _chapters(workspace: Workspace, bundle: Bundle) -> dict[str, tuple[Part, ...]]:
    words, records = card_words(workspace), card_records(workspace, bundle)
    evidence = Evidence(frame=bundle.evaluation(), horizon_months=bundle.horizon_months)
    return {
        "Model": (details.details(bundle, words, registered=records.registered),),
        "Purpose": (words.purpose,),
        "Data": details.data(bundle, evidence),
        "Features": details.features(bundle),
        "Performance": quality.performance(bundle, evidence),
        "Calibration": (quality.calibration(evidence, policy=policy_in_force(workspace)),),
        "Limits": (quality.limits(evidence, words),),
        "Gates": (quality.gates(bundle),),
        "Approvals": approvals(records),
        "Changes": _changes(workspace, bundle, records),
        "Hyperparameters": (details.hyperparameters(bundle),),
        "Materiality and monitoring": (_materiality(words), MONITORING),
        "Sources": (SOURCES,),
    }


def write_model_card(workspace: Workspace, bundle: Bundle, *, language: Language = ENGLISH) -> Path:
    """Write the card beside the bundle's folder and return its path.

    One that is not in English stands beside the English one, as in ``card-NAME.zh.md``.

    Raises
    ------
    BundleError, ContractError
        As for :func:`model_card`.
    StoreError
        If the disk is full or the folder cannot be written; a card that was there stays.
    """
    path = card_path(workspace, bundle, language=language)
    card = model_card(workspace, bundle, language=language)
    with whole_file(path) as draft:
        draft.write_text(card, "utf-8")
    return path


def card_path(workspace: Workspace, bundle: Bundle, *, language: Language = ENGLISH) -> Path:
    """Return where the card of a bundle lies: beside its folder, because a folder holds only what its hash covers.

    Its name begins with another word, so that a pattern such as ``trade_credit-*`` finds folders alone.
    """
    suffix = "md" if language == ENGLISH else f"{language.code}.md"
    return workspace.bundles / f"card-{bundle.folder.name}.{suffix}"


def _changes(workspace: Workspace, bundle: Bundle, records: CardRecords) -> tuple[Part, ...]:
    if records.before is None:
        return ("No bundle of this workspace decided before.",)
    before = opened(workspace, records.before)
    if isinstance(before, str):
        return (before,)
    return (text("Against {name}:", name=kept(before.folder.name)), *changes(bundle, before))


def _materiality(words: CardWords) -> Text:
    return text(
        "Materiality: {materiality} (`{file}`). It decides how deeply the model is validated.",
        materiality=words.materiality,
        file=FILE,
    )
