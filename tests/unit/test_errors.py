import pickle

import pytest

from creditscore.errors import (
    BundleError,
    ContractError,
    CreditScoreError,
    ParameterError,
    PolicyError,
    StoreError,
    some,
)


@pytest.mark.parametrize("kind", [ContractError, ParameterError, PolicyError, BundleError])
def test_a_refusal_is_also_a_value_error(kind):
    assert issubclass(kind, ValueError)
    assert issubclass(kind, CreditScoreError)


def test_a_store_that_fails_is_also_an_os_error():
    assert issubclass(StoreError, OSError)


def test_an_error_survives_the_way_between_processes():
    error = PolicyError(where="ColourBands", found="They overlap.", fix="Order them.")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes, as multiprocessing sends them
    assert (copy.where, copy.found, copy.fix, str(copy)) == (error.where, error.found, error.fix, str(error))


def test_at_most_three_keys_are_named():
    assert some(range(2)) == "0, 1"
    assert some(range(1000)) == "0, 1, 2 and 997 more"
