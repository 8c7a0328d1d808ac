"""Features and snapshots to watch."""

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import Family, Reason, Risk, Unit
from creditscore.features import Feature, catalogue


@pytest.fixture
def named_features():
    relation = catalogue()[0].relation

    def build(*names):
        return tuple(
            Feature(
                name=name,
                family=Family.BEHAVIOUR,
                unit=Unit.RATIO,
                risk=Risk.RISES,
                reason=Reason("B99", en=f"{name} is high", zh=name),
                description=f"{name}, for a test.",
                relation=relation,
                function=lambda _: None,
            )
            for name in names
        )

    return build


@pytest.fixture
def portfolio():
    def build(seed, *, size=1500, **columns):
        generator = np.random.default_rng(seed)
        frame = pd.DataFrame(
            {
                "steady": generator.normal(size=size),
                "other": generator.exponential(size=size),
                "score": generator.normal(70, 10, size=size),
                "grade": generator.integers(1, 13, size=size),
            }
        )
        return frame.assign(**columns)

    return build
