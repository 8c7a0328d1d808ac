import numpy as np

from creditscore.domain import Verdict
from creditscore.reporting import Evidence, language_of
from creditscore.reporting.sections.bands import band_table, bands_section
from creditscore.reporting.translation import translated


def test_each_way_of_banding_holds_every_customer_once(evidence, policy):
    table = band_table(evidence, policy=policy, currency="CNY")
    counted = table.groupby("by")["customer_count"].sum().to_dict()
    assert counted == dict.fromkeys(("size", "tenure", "colour"), len(evidence.cohort))


def test_the_quarters_of_size_are_equally_full_and_end_at_an_observed_exposure(evidence, policy):
    table = band_table(evidence, policy=policy, currency="CNY")
    quarters = table[table["segment"].str.contains("quarter")]
    owed = evidence.cohort["exposure_amount"].gt(0).sum()
    assert (quarters["customer_count"] - owed / 4).abs().max() < 1
    middle = np.sort(evidence.cohort.loc[evidence.cohort["exposure_amount"] > 0, "exposure_amount"])[(owed - 1) // 2]
    assert quarters["segment"].iloc[1] == f"2nd quarter, up to {middle / 100:,.0f} CNY"


def test_an_exposure_of_nothing_or_of_nobody_knows_what_is_a_band_of_its_own(frame, policy):
    exposure = frame["exposure_amount"].astype("Int64").mask(frame["customer_id"] < "C00100")
    exposure = exposure.mask(frame["customer_id"].between("C00100", "C00299"), 0)
    table = band_table(
        Evidence(frame=frame.assign(exposure_amount=exposure), horizon_months=12), policy=policy, currency=None
    ).set_index("segment")
    assert table.loc["not known", "customer_count"] == 100
    assert table.loc["nothing open", "customer_count"] >= 200


def test_tenure_is_cut_at_the_bounds_of_the_policy_which_belong_to_the_middle(frame, policy):
    years = np.select([frame["customer_id"] < "C00010", frame["customer_id"] < "C00030"], [1.0, 3.0], 3.5)
    years[frame["customer_id"] >= "C02990"] = 0.5
    table = band_table(
        Evidence(frame=frame.assign(cooperation_years=years), horizon_months=12), policy=policy, currency=None
    )
    tenure = table[table["by"] == "tenure"]
    assert dict(zip(tenure["segment"], tenure["customer_count"], strict=True)) == {
        "less than 1 year": 10,
        "1 to 3 years": 30,
        "more than 3 years": 2960,
    }


def test_a_bundle_from_before_tenure_was_kept_says_so(frame, policy):
    older = Evidence(frame=frame.drop(columns="cooperation_years"), horizon_months=12)
    section = bands_section(older, policy=policy, currency=None)
    tenure = section.table[section.table["by"] == "tenure"]
    assert tenure["band"].tolist() == ["not known"]
    assert "trained before tenure was kept" in section.note


def test_a_colour_is_not_blamed_for_ranking_less_well_than_all(evidence, policy):
    section = bands_section(evidence, policy=policy, currency="CNY")
    table = section.table
    assert (table.loc[table["by"] == "colour", "auc"].dropna() < 0.8).any()
    assert section.verdict is Verdict.PASS
    assert "colour: " not in section.answer


def test_a_band_whose_risk_is_understated_asks_for_a_review_and_is_named(frame, policy):
    rng = np.random.default_rng(8)
    new = frame["cooperation_years"] < 3
    flag = frame["default_flag"].mask(new & (rng.random(len(frame)) < 0.3), 1.0)
    struck = Evidence(
        frame=frame.assign(default_flag=flag, cooperation_years=np.where(new, 0.5, 5.0)), horizon_months=12
    )
    section = bands_section(struck, policy=policy, currency=None)
    assert section.verdict is Verdict.REVIEW
    assert "tenure: less than 1 year" in section.answer


def test_nothing_of_the_bands_stays_english_in_chinese(frame, understated, sparse, policy, still_english):
    exposure = frame["exposure_amount"].astype("Int64").mask(frame["customer_id"] < "C00100")
    gaps = frame.assign(exposure_amount=exposure.mask(frame["customer_id"].between("C00100", "C00299"), 0))
    older = frame.drop(columns="cooperation_years")
    told = [
        *(bands_section(one, policy=policy, currency="CNY") for one in (understated, sparse)),
        *(bands_section(Evidence(frame=one, horizon_months=12), policy=policy, currency=None) for one in (gaps, older)),
    ]
    assert {one.verdict for one in told} == {Verdict.PASS, Verdict.REVIEW, Verdict.UNKNOWN}
    assert still_english(told) == []


def test_a_band_is_said_in_chinese_with_its_bounds(evidence, policy):
    section = translated(bands_section(evidence, policy=policy, currency="CNY"), language_of("zh"))
    said = section.table["band"].tolist()
    assert said[0].startswith("第 1 四分位组 ≤ ")
    assert {"1 至 3 年", "超过 3 年", "绿"} < set(said)
    assert section.figure.charts[0].y.ticks[-1] == "颜色：红"
