"""Which requests teach the term, and which of them calibrate it."""

import pandas as pd
from sklearn.base import clone

from creditscore.advice import ASKED
from creditscore.models import ScenarioModel
from creditscore.scoring import Bundle
from creditscore_training.scenarios.requests import BASE
from creditscore_training.splits import CALIBRATION, DEVELOPMENT, UNSEEN_SHARE, held_out_customers


def with_strangers(rows: pd.DataFrame, base: Bundle) -> pd.DataFrame:
    """Add ``stranger_flag``: whether the champion was kept from learning anything of the customer."""
    share = float(base.training.get(UNSEEN_SHARE, 0.0))
    return rows.assign(stranger_flag=held_out_customers(rows["customer_id"], share=share))


def fitted(estimator: ScenarioModel, rows: pd.DataFrame) -> ScenarioModel:
    """Return a copy of the estimator, fitted on development and calibrated where the base log-odds are as in use.

    They are so in the calibration period, and before it for the champion's strangers. One period alone has few defaults
    among requests, and the luck of one year in them.

    Parameters
    ----------
    estimator
        How to fit.
    rows
        Requests with ``split`` and, from :func:`with_strangers`, ``stranger_flag``.

    Raises
    ------
    ParameterError
        If the requests to learn from, or to calibrate on, have outcomes of one class only.
    """
    early = rows["split"] == DEVELOPMENT
    honest = (rows["split"] == CALIBRATION) | (early & rows["stranger_flag"])
    model = clone(estimator)
    for part, learn in ((rows[early], model.fit), (rows[honest], model.calibrate)):
        learn(part[list(ASKED)], part["default_flag"], base_log_odds=part[BASE])
    return model
