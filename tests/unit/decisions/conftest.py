"""Policies that differ from the shipped one in what the decisions depend on."""

from dataclasses import replace

import pytest


@pytest.fixture(scope="session")
def worse_economy(policy):
    """Return the shipped policy with a forecast that doubles the loss rates of the provision matrix."""
    return replace(policy, loss=replace(policy.loss, forward_looking_factor=2.0))
