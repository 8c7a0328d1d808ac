"""A bundle and a policy that were sent are read as any others: what was changed on the way is refused."""

from dataclasses import replace

import pandas as pd
import pytest

from creditscore.errors import BundleError, PolicyError
from creditscore.scoring import Bundle, score_rows
from creditscore.scoring.parcel import Parcel, _unpacked


@pytest.fixture(autouse=True)
def _nothing_was_opened_before():
    _unpacked.cache_clear()


def test_what_is_sent_scores_with_the_same_bits(bundle, policy, snapshot_rows):
    found = Parcel.of(bundle, policy).score(snapshot_rows)
    pd.testing.assert_frame_equal(found, score_rows(bundle, policy, snapshot_rows), check_exact=True)


def test_a_file_that_was_changed_on_the_way_is_refused(bundle, policy, snapshot_rows):
    parcel = Parcel.of(bundle, policy)
    altered = replace(parcel, bundle_hash="altered", files=parcel.files | {"model.json": b"another"})
    with pytest.raises(BundleError, match=r"model.json is not the file"):
        altered.score(snapshot_rows)


def test_another_sound_bundle_is_refused_too(template, bundle, policy, snapshot_rows):
    other = Parcel.of(Bundle.open(template.bundles / "second"), policy)
    with pytest.raises(BundleError, match="not the one that was sent"):
        replace(other, bundle_hash=bundle.hash[::-1]).score(snapshot_rows)


def test_a_policy_that_was_changed_on_the_way_is_refused(bundle, policy, snapshot_rows):
    parcel = Parcel.of(bundle, policy)
    altered = replace(parcel, policy=parcel.policy.replace(policy.version, "another"))
    with pytest.raises(PolicyError, match="not the one that was sent"):
        altered.score(snapshot_rows)


def test_nothing_but_text_and_bytes_travels(bundle, policy):
    parcel = Parcel.of(bundle, policy)
    assert {type(part) for part in (parcel.bundle_hash, parcel.policy_hash, parcel.policy)} == {str}
    assert {type(content) for content in parcel.files.values()} == {bytes}
