"""The model of the registry, as code: MLflow stores this file and the bundle, and no pickle.

MLflow runs this file when it loads a registered version, so it stands on its own and imports nothing of this package.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel, PythonModelContext

from creditscore.domain import pd_column
from creditscore.scoring import Bundle


class BundleModel(PythonModel):
    """From feature columns to the calibrated probability of default and its log odds.

    Scores, grades and colours are policy, which may change while a model stands; ``creditscore score`` adds them.
    """

    def load_context(self, context: PythonModelContext) -> None:
        """Open the bundle, which checks every file against its checksum."""
        self.bundle = Bundle.open(Path(context.artifacts["bundle"]))

    def predict(self, model_input: pd.DataFrame) -> pd.DataFrame:
        """Return the probability of default and the log odds of each row."""
        model = self.bundle.model
        matrix = np.ascontiguousarray(model_input[list(self.bundle.feature_names)].to_numpy(np.float64))
        return pd.DataFrame(
            {
                pd_column(model.horizon_months): model.default_probability(matrix),
                "log_odds": model.log_odds(matrix),
            }
        )


set_model(BundleModel())
