import copy
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from creditscore.errors import (
    BundleError,
    ContractError,
    CreditScoreError,
    DeliveryError,
    ParameterError,
    PolicyError,
    StoreError,
    some,
)
from creditscore.policy import ColourBands


@pytest.mark.parametrize("kind", [ContractError, ParameterError, PolicyError, BundleError])
def test_a_refusal_is_also_a_value_error(kind):
    assert issubclass(kind, ValueError)
    assert issubclass(kind, CreditScoreError)


def test_a_store_that_fails_is_also_an_os_error():
    assert issubclass(StoreError, OSError)


@pytest.mark.parametrize("kind", [ContractError, ParameterError, PolicyError, BundleError, StoreError, DeliveryError])
def test_an_error_is_rebuilt_as_what_it_was(kind):
    error = kind(where="ColourBands", found="They overlap.", fix="Order them.")
    again = copy.copy(error)
    assert type(again) is kind
    assert (again.where, again.found, again.fix, str(again)) == (error.where, error.found, error.fix, str(error))


def test_an_error_survives_the_way_from_another_process():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        error = pool.submit(ColourBands, green=50.0, yellow=60.0).exception()
    assert type(error) is PolicyError
    assert error.where == "ColourBands"
    assert str(error) == f"{error.where}: {error.found} {error.fix}"


def test_at_most_three_keys_are_named():
    assert some(range(2)) == "0, 1"
    assert some(range(1000)) == "0, 1, 2 and 997 more"
