"""Metrics of discrimination, calibration, grades and stability: computing only, no drawing."""

from creditscore.validation.calibration import (
    BrierDecomposition,
    CalibrationBin,
    ChiSquare,
    brier,
    brier_decomposition,
    calibration_error_by_chance,
    calibration_table,
    chi_square,
    expected_calibration_error,
    hosmer_lemeshow,
    jeffreys_interval,
    log_loss,
)
from creditscore.validation.censored import censored_concordance
from creditscore.validation.cox import CalibrationLine, calibration_line
from creditscore.validation.discrimination import (
    Curve,
    PairedDelong,
    auc,
    cap_curve,
    gini,
    ks,
    paired_delong,
    roc_curve,
)
from creditscore.validation.estimate import Estimate
from creditscore.validation.expected import expected_auc
from creditscore.validation.grades import (
    AucComparison,
    Concentration,
    GradeAuc,
    NormalTest,
    auc_on_grades,
    concentration,
    correlated_binomial_critical,
    current_against_initial_auc,
    jeffreys,
    normal_test,
)
from creditscore.validation.migration import MigrationBandwidth, MigrationZ, migration_bandwidth, migration_z
from creditscore.validation.ratio import ratio_of_sums
from creditscore.validation.stability import (
    Psi,
    PsiBin,
    psi,
    psi_categorical,
    psi_expected,
    two_proportion_p_value,
)
from creditscore.validation.value_bins import ValueBin, default_rates_by_value

__all__ = [
    "AucComparison",
    "BrierDecomposition",
    "CalibrationBin",
    "CalibrationLine",
    "ChiSquare",
    "Concentration",
    "Curve",
    "Estimate",
    "GradeAuc",
    "MigrationBandwidth",
    "MigrationZ",
    "NormalTest",
    "PairedDelong",
    "Psi",
    "PsiBin",
    "ValueBin",
    "auc",
    "auc_on_grades",
    "brier",
    "brier_decomposition",
    "calibration_error_by_chance",
    "calibration_line",
    "calibration_table",
    "cap_curve",
    "censored_concordance",
    "chi_square",
    "concentration",
    "correlated_binomial_critical",
    "current_against_initial_auc",
    "default_rates_by_value",
    "expected_auc",
    "expected_calibration_error",
    "gini",
    "hosmer_lemeshow",
    "jeffreys",
    "jeffreys_interval",
    "ks",
    "log_loss",
    "migration_bandwidth",
    "migration_z",
    "normal_test",
    "paired_delong",
    "psi",
    "psi_categorical",
    "psi_expected",
    "ratio_of_sums",
    "roc_curve",
    "two_proportion_p_value",
]
