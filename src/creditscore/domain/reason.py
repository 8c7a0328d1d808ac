"""Principal reasons in words that a person can read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A coded principal reason, in English and Chinese.

    >>> Reason("B07", en="A large share of the open balance is past due", zh="逾期金额占未结余额比例偏高").text("en")
    'A large share of the open balance is past due'
    """

    code: str
    en: str
    zh: str

    def text(self, language: str) -> str:
        """Return the reason in ``"en"`` or ``"zh"``."""
        return {"en": self.en, "zh": self.zh}[language]
