"""Amounts: from what a source writes to whole minor units of the book's currency."""

from collections.abc import Mapping

# ISO 4217: currencies whose minor unit is not a hundredth.
_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXPONENTS = {code: decimals for decimals, codes in _DECIMALS.items() for code in codes.split()}


def minor_units(currency: str) -> int:
    """Return how many decimal places the minor unit of a currency has (ISO 4217).

    >>> minor_units("CNY"), minor_units("JPY"), minor_units("BHD")
    (2, 0, 3)
    """
    return _EXPONENTS.get(currency, 2)


def factor_to_book(currency: str, *, book: str, rates: Mapping[str, float], minor: bool = False) -> float | None:
    """Return what an amount of ``currency`` is multiplied by to give minor units of the book's currency.

    Parameters
    ----------
    currency, book
        ISO 4217 codes of the source's amount and of the book.
    rates
        Value of one unit of each foreign currency in units of the book's currency.
    minor
        Whether the source already counts in minor units.

    Returns
    -------
    float | None
        The factor, None where no rate is known.

    Examples
    --------
    >>> factor_to_book("JPY", book="USD", rates={"JPY": 0.007})
    0.7000000000000001
    >>> factor_to_book("XYZ", book="USD", rates={}) is None
    True
    """
    rate = 1.0 if currency == book else rates.get(currency)
    if rate is None:
        return None
    # Powers are combined before they are applied: cents to cents is exactly one.
    exponent = minor_units(book) - (minor_units(currency) if minor else 0)
    return float(rate * 10**exponent)
