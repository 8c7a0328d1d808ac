import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.scoring import reason_texts
from creditscore.scoring.explanation import principal_reasons


def codes(bundle, pushes):
    told = principal_reasons(bundle.contract, np.array([pushes]))
    return [None if reason.isna()[0] else reason[0] for reason in told]


def test_the_largest_pushes_toward_default_come_first_and_the_safe_ones_never(bundle):
    known = [entry.reason.code for entry in bundle.contract]
    assert codes(bundle, [0.1, -9.0, 0.3, 0.2, 0.05]) == [known[2], known[3], known[0]]
    assert codes(bundle, [-1.0, -1.0, 0.3, 0.0, -2.0]) == [known[2], None, None]
    assert codes(bundle, [0.0] * 5) == [None, None, None]


def test_equal_pushes_are_told_in_the_order_of_the_features(bundle):
    assert codes(bundle, [0.2] * 5) == [entry.reason.code for entry in bundle.contract[:3]]


def test_a_model_of_two_features_has_at_most_two_reasons(bundle):
    told = principal_reasons(bundle.contract[:2], np.array([[0.1, 0.2]]))
    assert [reason[0] for reason in told[:2]] == [bundle.contract[1].reason.code, bundle.contract[0].reason.code]
    assert told[2].isna().all()


def test_reasons_are_told_in_both_languages(bundle):
    first, second = bundle.contract[0].reason, bundle.contract[1].reason
    assert reason_texts([first.code, second.code, None], language="en") == [first.en, second.en]
    assert reason_texts([first.code, float("nan")], language="zh") == [first.zh]


@pytest.mark.parametrize(("code", "language", "named"), [("Z98", "en", "Z98"), ("B01", "fr", "'fr'")])
def test_unknown_codes_and_languages_are_refused(code, language, named):
    with pytest.raises(ParameterError, match=named):
        reason_texts([code], language=language)
