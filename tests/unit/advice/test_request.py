"""What may be asked."""

import pytest

from creditscore.advice import Request
from creditscore.domain import Purpose
from creditscore.errors import ParameterError


def test_a_purpose_may_be_given_as_its_word():
    assert Request(purpose="bulk_purchase", amount=1).purpose is Purpose.BULK_PURCHASE


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"purpose": "standard", "amount": 1}, "no scenario"),
        ({"purpose": "bulk_purchase"}, "without amount"),
        ({"purpose": "term_extension"}, "without term_days"),
        ({"purpose": "bulk_purchase", "amount": 0}, "amount"),
        ({"purpose": "bulk_purchase", "amount": 1.5}, "amount"),
        ({"purpose": "bulk_purchase", "amount": True}, "amount"),
        ({"purpose": "bulk_purchase", "amount": 2**53}, "amount"),
        ({"purpose": "term_extension", "term_days": -1}, "term_days"),
        ({"purpose": "bulk_purchase", "amount": 1, "max_default_probability": 3.0}, "max_default_probability"),
    ],
)
def test_what_makes_no_sense_is_refused(asked, found):
    with pytest.raises(ParameterError, match=found):
        Request(**asked)


def test_an_error_does_not_tell_the_amount():
    with pytest.raises(ParameterError) as refused:
        Request(purpose="bulk_purchase", amount=2**60)
    assert str(2**60) not in str(refused.value)
