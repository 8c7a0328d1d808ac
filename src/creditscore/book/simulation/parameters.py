"""Every number of the simulated portfolio; ``docs/simulated_portfolio.md`` explains each."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EconomyParameters:
    """Business cycle: a Markov chain of four regimes, and three states of each industry that depend on it.

    Parameters
    ----------
    regimes
        Names of the regimes, best first.
    regime_moves
        Monthly probability of going from one regime (row) to another (column).
    industry_moves
        For each regime, the monthly probability of an industry going from one state (row) to another (column);
        the states are strong, usual, weak.
    history_months
        Months of macro and industry series before the first month of the portfolio.
    """

    regimes: tuple[str, ...] = ("boom", "steady", "slowdown", "recession")
    regime_moves: tuple[tuple[float, ...], ...] = (
        (0.88, 0.11, 0.01, 0.00),
        (0.04, 0.90, 0.05, 0.01),
        (0.00, 0.14, 0.79, 0.07),
        (0.00, 0.04, 0.20, 0.76),
    )
    industry_moves: tuple[tuple[tuple[float, ...], ...], ...] = (
        ((0.95, 0.05, 0.00), (0.08, 0.90, 0.02), (0.00, 0.12, 0.88)),
        ((0.93, 0.07, 0.00), (0.04, 0.92, 0.04), (0.00, 0.07, 0.93)),
        ((0.90, 0.10, 0.00), (0.02, 0.91, 0.07), (0.00, 0.04, 0.96)),
        ((0.86, 0.14, 0.00), (0.01, 0.87, 0.12), (0.00, 0.03, 0.97)),
    )
    history_months: int = 24


@dataclass(frozen=True, slots=True)
class QualityParameters:
    """Latent quality: a chain on ``grades`` points of a standard normal, best last (Rouwenhorst 1995).

    Parameters
    ----------
    grades
        Number of points.
    persistence
        Correlation of quality with itself one month later.
    slip
        For each regime, the monthly probability of losing one grade on top.
    """

    grades: int = 15
    persistence: float = 0.999
    slip: tuple[float, ...] = (0.000, 0.004, 0.010, 0.020)


@dataclass(frozen=True, slots=True)
class StrainParameters:
    """Strain: whole units that requests, events and failing neighbours add and that fade month by month.

    Parameters
    ----------
    highest
        Units beyond which more strain adds nothing.
    stay
        Probability that a unit is still there a month later.
    bulk_rate, extension_rate
        Monthly probability of a request at average quality.
    bulk_slope, extension_slope
        Change of the log-odds of a request for each unit of quality.
    bulk_units, extension_units
        Probability of 1, 2, ... units: the order in months of usual turnover, the extension in months.
    bulk_strain, extension_strain
        Units of strain that each of these units adds when it is granted.
    bulk_grant, extension_grant
        Log-odds of a grant at average quality and its change for each unit of quality.
    event_rates
        Monthly probability of each kind of event at average quality without strain.
    event_slopes
        Change of its log-odds for each unit of quality.
    event_strain
        Change of its log-odds for each unit of strain.
    event_units
        Units of strain that an event adds.
    """

    highest: int = 10
    stay: float = 0.87
    bulk_rate: float = 0.022
    bulk_slope: float = 0.0
    bulk_units: tuple[float, ...] = (0.40, 0.30, 0.20, 0.10)
    bulk_strain: int = 2
    bulk_grant: tuple[float, float] = (0.8, 0.3)
    extension_rate: float = 0.014
    extension_slope: float = -0.45
    extension_units: tuple[float, ...] = (0.65, 0.35)
    extension_strain: int = 2
    extension_grant: tuple[float, float] = (0.5, 0.4)
    event_kinds: tuple[str, ...] = (
        "dishonesty",
        "environmental_penalty",
        "equity_pledge",
        "litigation",
        "negative_news",
    )
    event_rates: tuple[float, ...] = (0.0008, 0.0015, 0.0050, 0.0070, 0.0100)
    event_slopes: tuple[float, ...] = (-1.20, -0.20, -0.35, -0.75, -0.55)
    event_strain: tuple[float, ...] = (0.30, 0.00, 0.15, 0.25, 0.15)
    event_units: tuple[int, ...] = (3, 0, 0, 1, 0)


@dataclass(frozen=True, slots=True)
class HazardParameters:
    """Log-odds of default within a month.

    Parameters
    ----------
    intercept
        Log-odds at average quality, without strain, steady regime, usual industry, average company.
    quality
        For each unit of quality (a standard deviation).
    strain
        For each unit of strain.
    regime, industry_state
        For each regime and each state of the customer's industry.
    size, age
        For each standard deviation of log size, and for each unit of log(1 + age in years at onboarding), centred.
    sector_spread
        Half the difference between the riskiest and the safest industry at equal state.
    offset_bound
        The customer's own offset (size, age, sector) is kept within plus and minus this.
    """

    intercept: float = -7.70
    quality: float = -2.20
    strain: float = 0.30
    regime: tuple[float, ...] = (-0.15, 0.00, 0.12, 0.25)
    industry_state: tuple[float, ...] = (-0.20, 0.00, 0.25)
    size: float = -0.35
    age: float = -0.35
    sector_spread: float = 0.20
    offset_bound: float = 2.0


@dataclass(frozen=True, slots=True)
class NetworkParameters:
    """Links and the units of strain that the default of a neighbour adds.

    Parameters
    ----------
    grouped
        Share of customers in a corporate group.
    group_size
        Companies of a group, at most; at least two.
    guarantees, supplies
        Links of the kind for each customer.
    ending
        Share of the links that end within the window.
    guarantor_units
        Strain of a guarantor when the company it guarantees for defaults.
    child_units, parent_units
        Strain of an owned or controlled company when its parent defaults, and the other way round.
    affiliate_units, supplier_units
        Strain of an affiliated company, and of a supplier whose customer defaults.
    """

    grouped: float = 0.16
    group_size: int = 5
    guarantees: float = 0.12
    supplies: float = 0.10
    ending: float = 0.15
    guarantor_units: int = 4
    child_units: int = 4
    parent_units: int = 3
    affiliate_units: int = 2
    supplier_units: int = 1


@dataclass(frozen=True, slots=True)
class LedgerParameters:
    """Orders, terms and payments.

    Parameters
    ----------
    orders
        Median orders of a customer in a month; log-normal with ``orders_spread``, at least ``orders_least``.
    orders_quality
        Change of the log order rate for each unit of quality.
    season
        Amplitude of the yearly season of orders.
    turnover
        Median monthly turnover with a customer, in yuan; log-normal in size with ``turnover_spread``.
    terms, term_shares
        Payment terms in days and their shares.
    late
        Log-odds that an average customer pays an invoice late.
    late_quality, late_strain, late_size
        Change of these log-odds for each unit of quality, of strain, and of log amount relative to the usual invoice.
    late_regime, late_industry
        Change for each regime and state of the industry.
    late_culture
        Standard deviation of the customer's habit, which says nothing about its risk.
    delay, delay_slope
        Log of the mean delay in days of a late payment, and its change with the log-odds of being late.
    delay_shape
        Shape of the gamma law of these delays; the higher, the more regular they are.
    early
        How far the days by which other payments come early fall with the log-odds of being late.
    longest_delay
        No customer that has not defaulted pays later than this many days after the due day.
    partial
        Log-odds that a payment comes in two parts; it rises by 0.5 for each unit of the log-odds of being late.
    disputed
        Log-odds of a dispute at average quality; it falls by 0.3 for each unit of quality.
    disputed_at_once, dispute_settled
        Share of the disputes known with the invoice, and of those that are settled in a later version.
    credit_notes, new_due_days
        Share of credit notes, and of invoices whose due day is corrected later.
    booked_late
        Share of invoices that reach us one to three days after their issue.
    posted_late
        Share of payments that are posted one to ten days late.
    """

    orders: float = 1.70
    orders_spread: float = 0.35
    orders_least: float = 1.3
    orders_quality: float = 0.10
    season: float = 0.20
    turnover: float = 180_000.0
    turnover_spread: float = 0.9
    terms: tuple[int, ...] = (30, 60, 90)
    term_shares: tuple[float, ...] = (0.50, 0.35, 0.15)
    late: float = -1.20
    late_quality: float = -2.00
    late_strain: float = 0.20
    late_size: float = 0.25
    late_regime: tuple[float, ...] = (-0.15, 0.00, 0.15, 0.35)
    late_industry: tuple[float, ...] = (-0.15, 0.00, 0.20)
    late_culture: float = 0.10
    delay: float = 1.50
    delay_slope: float = 0.65
    delay_shape: float = 4.0
    early: float = 0.5
    longest_delay: int = 80
    partial: float = -2.6
    disputed: float = -4.1
    disputed_at_once: float = 0.4
    dispute_settled: float = 0.5
    credit_notes: float = 0.012
    new_due_days: float = 0.006
    booked_late: float = 0.15
    posted_late: float = 0.20


@dataclass(frozen=True, slots=True)
class StatementParameters:
    """Financial statements.

    Parameters
    ----------
    reporting
        Share of customers whose statements reach us.
    half_yearly
        Log size above which a customer also reports half-yearly.
    noise
        Standard deviation of the noise around what quality implies, in units of quality.
    """

    reporting: float = 0.98
    half_yearly: float = -2.5
    noise: float = 0.03


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters of the simulated portfolio."""

    economy: EconomyParameters = field(default_factory=EconomyParameters)
    quality: QualityParameters = field(default_factory=QualityParameters)
    strain: StrainParameters = field(default_factory=StrainParameters)
    hazard: HazardParameters = field(default_factory=HazardParameters)
    network: NetworkParameters = field(default_factory=NetworkParameters)
    ledger: LedgerParameters = field(default_factory=LedgerParameters)
    statements: StatementParameters = field(default_factory=StatementParameters)
    onboarded_later: float = 0.20


DEFAULTS = Parameters()
