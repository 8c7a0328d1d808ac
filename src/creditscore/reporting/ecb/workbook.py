"""The workbook: one sheet for each section of the instructions, in their order."""

import pandas as pd

from creditscore.domain import text
from creditscore.reporting.ecb.inputs import EcbInputs
from creditscore.reporting.ecb.performance import discriminatory_sheet, predictive_sheet
from creditscore.reporting.ecb.stability import concentration_sheet, migrations_sheet, neighbours_sheet
from creditscore.reporting.sheets import Sheet

SOURCE = "European Central Bank, Instructions for reporting the validation results of internal models, February 2019"
TITLE = "Validation of the PD"
ORDER = text(
    "Ordered as in: {source}, section 2.5. The instructions set no thresholds, so no cell is called good or bad. "
    "Customers in default at the start are left out, each customer counts once, and so does each default.",
    source=SOURCE,
)


def ecb_sheets(inputs: EcbInputs) -> tuple[Sheet, ...]:
    """Return the sheets of the PD part in the order of the instructions [1]_.

    A number that cannot be computed is an empty cell, with the reason in its row.

    Parameters
    ----------
    inputs
        What the tests are computed from.

    References
    ----------
    .. [1] European Central Bank, *Instructions for reporting the validation results of internal models*, February 2019,
       section 2.5 and annex 3.
    """
    return (
        _overview(inputs),
        predictive_sheet(inputs),
        discriminatory_sheet(inputs),
        migrations_sheet(inputs),
        neighbours_sheet(inputs),
        concentration_sheet(inputs),
    )


def _overview(inputs: EcbInputs) -> Sheet:
    told = pd.DataFrame({"entry": inputs.overview.keys(), "value": inputs.overview.values()}, dtype=object)
    return Sheet(
        name="1 Overview",
        title=TITLE,
        parts=(ORDER, told.assign(source="ECB 2019, 2.5")),
    )
