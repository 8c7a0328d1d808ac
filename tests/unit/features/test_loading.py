import pytest

from creditscore.errors import ParameterError
from creditscore.features import load_features

OWN = '''
import ibis

from creditscore.domain import Reason
from creditscore.features import Receivables, feature, macro_level

REASON = Reason("Z01", en="Many open invoices", zh="未结发票较多")
rate = macro_level("UNRATE", risk="rises", reason=Reason("Z02", en="High unemployment", zh="失业率偏高"))


@feature(family="exposure", unit="count", risk="either", reason=REASON)
def open_invoices(receivables: Receivables) -> ibis.Value:
    """Number of invoices."""
    return receivables.open_amount.count()
'''


def test_a_file_gives_the_features_at_its_top_level(tmp_path):
    path = tmp_path / "own.py"
    path.write_text(OWN, "utf-8")
    assert [one.name for one in load_features(path)] == ["macro_unrate_level", "open_invoices"]


def test_a_file_without_features_is_refused(tmp_path):
    path = tmp_path / "own.py"
    path.write_text("x = 1\n", "utf-8")
    with pytest.raises(ParameterError, match="defines no feature"):
        load_features(path)


def test_what_is_no_python_file_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="no Python file"):
        load_features(tmp_path / "own.txt")
