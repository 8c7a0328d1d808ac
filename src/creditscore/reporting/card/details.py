"""What a bundle says of itself: identity, data, features, hyperparameters."""

from collections.abc import Iterator

import pandas as pd

from creditscore.domain import Text, joined, kept, text
from creditscore.outcomes import DefaultDefinition
from creditscore.reporting.card.markdown import Part, entries
from creditscore.reporting.card.words import CardWords
from creditscore.reporting.evidence import Evidence
from creditscore.reporting.sections.origins import population_table
from creditscore.reporting.sections.wording import counted
from creditscore.scoring import Bundle
from creditscore.scoring.registered import Registration

MOST_IMPORTANT = 10
UNTOLD = "not told by this bundle"
RISKS = ("either", "falls", "rises")
HEADS = ("risk_either", "risk_falls", "risk_rises")


def details(bundle: Bundle, words: CardWords, *, registered: Registration | None) -> pd.DataFrame:
    """Return what the model is and who answers for it."""
    told = {
        "model": kept(bundle.name),
        "bundle": kept(bundle.folder.name),
        "hash": bundle.hash,
        "version in the registry": UNTOLD if registered is None else _version(registered),
        "estimator": bundle.hyperparameters.get("estimator", UNTOLD),
        "code": str(bundle.manifest.get("code_version", UNTOLD)),
        "answers": text("probability of default within {horizon}", horizon=counted(bundle.horizon_months, "month")),
        **{name: getattr(words, name) for name in ("owner", "developer", "validator", "approver", "contact")},
    }
    return entries(told)


def _version(registered: Registration) -> Text:
    return text(
        "{version}, registered {at} UTC", version=kept(registered.version), at=f"{registered.at:%Y-%m-%d %H:%M}"
    )


def data(bundle: Bundle, evidence: Evidence) -> tuple[Part, ...]:
    """Return the periods with their counts, the default definition, and what was learned from."""
    training = bundle.training
    learned = {
        "default": described(bundle.definition),
        "learned from facts until": f"{bundle.learned_until}" if bundle.learned_until else UNTOLD,
        "fingerprint of the book": training.get("book_fingerprint", UNTOLD),
        "hash of the panel": training.get("panel_hash", UNTOLD),
        "share of customers kept out of the fit": training.get("unseen_share", UNTOLD),
    }
    return population_table(evidence), entries(learned)


def described(definition: DefaultDefinition) -> Text:
    """Return a default definition as a sentence."""
    horizon, cure = (counted(months, "month") for months in (definition.horizon_months, definition.cure_months))
    return text(
        "{grounds}; within {horizon}; an event counts for {cure}, write-off and insolvency for ever; definition "
        "{version} ({hash})",
        grounds=joined(list(_grounds(definition)), ", or "),
        horizon=horizon,
        cure=cure,
        version=kept(definition.version),
        hash=definition.hash[:12],
    )


def features(bundle: Bundle) -> tuple[Part, ...]:
    """Return the features by family and direction, and those that push most."""
    contract = pd.DataFrame({"family": [str(one.family) for one in bundle.contract]})
    contract["risk"] = [str(one.risk) for one in bundle.contract]
    counts = pd.crosstab(contract["family"], contract["risk"])
    by_family = pd.DataFrame({"family": counts.index, "feature_count": counts.sum(axis=1).to_numpy()})
    for risk, head in zip(RISKS, HEADS, strict=True):
        if risk in counts:
            by_family[head] = [str(count) for count in counts[risk]]
    said = text(
        "{features}. Name, family, unit, direction of risk and reason of each are in the bundle's manifest, and a "
        "feature that differs from them is refused. Where risk rises or falls with a feature, so must the PD.",
        features=counted(len(bundle.contract), "feature"),
    )
    return said, by_family, *_pushing(bundle)


def _pushing(bundle: Bundle) -> Iterator[Part]:
    if bundle.importances:
        most = list(bundle.importances.items())[:MOST_IMPORTANT]
        yield text("The {features} that push most, out of time:", features=counted(len(most), "feature"))
        yield pd.DataFrame(most, columns=["feature", "mean_push_in_log_odds"])


def hyperparameters(bundle: Bundle) -> Part:
    """Return the choices that the fit was made with."""
    told: dict[str, str] = {kept(name): kept(value) for name, value in bundle.hyperparameters.items()}
    return entries(told) if told else "They are not told by this bundle."


def _grounds(definition: DefaultDefinition) -> Iterator[Text]:
    if definition.days_past_due is not None:
        yield text(
            "open invoices at least {days} days past due, together {amount:,} minor units or more",
            days=definition.days_past_due,
            amount=definition.material_amount,
        )
    if definition.events:
        yield text("an event of {kinds}", kinds=joined(definition.events, ", "))
