"""What a bundle says of itself: identity, data, features, hyperparameters."""

from collections.abc import Iterator

import pandas as pd

from creditscore.outcomes import DefaultDefinition
from creditscore.reporting.card import markdown
from creditscore.reporting.card.words import CardWords
from creditscore.reporting.evidence import Evidence
from creditscore.reporting.sections.origins import population_table
from creditscore.reporting.sections.wording import counted
from creditscore.scoring import Bundle
from creditscore.scoring.registered import Registration

MOST_IMPORTANT = 10
UNTOLD = "not told by this bundle"


def details(bundle: Bundle, words: CardWords, *, registered: Registration | None) -> str:
    """Return what the model is and who answers for it."""
    version = UNTOLD if registered is None else f"{registered.version}, registered {registered.at:%Y-%m-%d %H:%M} UTC"
    told = {
        "model": bundle.name,
        "bundle": bundle.folder.name,
        "hash": bundle.hash,
        "version in the registry": version,
        "estimator": bundle.hyperparameters.get("estimator", UNTOLD),
        "code": str(bundle.manifest.get("code_version", UNTOLD)),
        "answers": f"probability of default within {counted(bundle.horizon_months, 'month')}",
        **{name: getattr(words, name) for name in ("owner", "developer", "validator", "approver", "contact")},
    }
    return markdown.entries(told)


def data(bundle: Bundle, evidence: Evidence) -> str:
    """Return the periods with their counts, the default definition, and what was learned from."""
    training = bundle.training
    learned = {
        "default": described(bundle.definition),
        "learned from facts until": f"{bundle.learned_until}" if bundle.learned_until else UNTOLD,
        "fingerprint of the book": training.get("book_fingerprint", UNTOLD),
        "hash of the panel": training.get("panel_hash", UNTOLD),
        "share of customers kept out of the fit": training.get("unseen_share", UNTOLD),
    }
    return f"{markdown.table(population_table(evidence))}\n\n{markdown.entries(learned)}"


def described(definition: DefaultDefinition) -> str:
    """Return a default definition as a sentence."""
    horizon, cure = (counted(months, "month") for months in (definition.horizon_months, definition.cure_months))
    return (
        f"{', or '.join(_grounds(definition))}; within {horizon}; an event counts for {cure}, write-off and insolvency "
        f"for ever; definition {definition.version} ({definition.hash[:12]})"
    )


def features(bundle: Bundle) -> str:
    """Return the features by family and direction, and those that push most."""
    contract = pd.DataFrame({"family": [str(one.family) for one in bundle.contract]})
    contract["risk"] = [str(one.risk) for one in bundle.contract]
    counts = pd.crosstab(contract["family"], contract["risk"])
    by_family = pd.DataFrame({"family": counts.index, "feature_count": counts.sum(axis=1).to_numpy()})
    for risk in counts.columns:
        by_family[f"risk_{risk}"] = [str(count) for count in counts[risk]]
    text = (
        f"{counted(len(bundle.contract), 'feature')}. Name, family, unit, direction of risk and reason of each are in "
        "the bundle's manifest, and a feature that differs from them is refused. Where risk rises or falls with a "
        "feature, so must the PD."
    )
    return "\n\n".join([text, markdown.table(by_family), *_pushing(bundle)])


def _pushing(bundle: Bundle) -> Iterator[str]:
    if bundle.importances:
        most = list(bundle.importances.items())[:MOST_IMPORTANT]
        frame = pd.DataFrame(most, columns=["feature", "mean_push_in_log_odds"])
        yield f"The {counted(len(most), 'feature')} that push most, out of time:\n\n{markdown.table(frame)}"


def hyperparameters(bundle: Bundle) -> str:
    """Return the choices that the fit was made with."""
    return markdown.entries(bundle.hyperparameters) if bundle.hyperparameters else f"They are {UNTOLD}."


def _grounds(definition: DefaultDefinition) -> Iterator[str]:
    if definition.days_past_due is not None:
        yield (
            f"open invoices at least {definition.days_past_due} days past due, together {definition.material_amount:,} "
            "minor units or more"
        )
    if definition.events:
        yield f"an event of {', '.join(definition.events)}"
