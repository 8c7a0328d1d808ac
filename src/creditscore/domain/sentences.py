"""Sentences that remember how they were made, so that another language can say them too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from creditscore.domain.reason import Reason
from creditscore.errors import EXAMPLES_SHOWN

EN: Final = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language and what its catalogue says for each English phrase.

    Parameters
    ----------
    code
        ISO 639-1: ``"en"`` or ``"zh"``.
    phrases
        English templates and what stands for them; what the catalogue lacks stays English.

    Examples
    --------
    >>> chinese = Language(code="zh", phrases={"{count:,} customers": "{count:,} 位客户"})
    >>> chinese.say(text("{count:,} customers", count=1200))
    '1,200 位客户'
    >>> chinese.say("C0000042")
    'C0000042'
    """

    code: str
    phrases: Mapping[str, str] = field(default_factory=dict, repr=False)

    def say(self, said: str) -> str:
        """Return a sentence, or a word, in this language."""
        if self.code == EN:  # what the code says already, where one of a noun is not as many
            return said
        return said.in_language(self) if isinstance(said, Text) else self.phrases.get(said, said)


ENGLISH: Final = Language(code=EN)


class Text(str):
    """A sentence in English that remembers its template and what filled it; make it with :func:`text`.

    It is a string like any other. Only :meth:`Language.say` asks for more.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, english: str, *, template: str, values: Mapping[str, object]) -> Self:
        """Keep the English sentence with its parts."""
        self = super().__new__(cls, english)
        self.template, self.values = template, values
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """Survive the way between processes, within an error or a frame."""
        return (str(self),), {"template": self.template, "values": self.values}

    def in_language(self, language: Language) -> str:
        """Fill the template of another language with the parts, each said in that language."""
        template = language.phrases.get(self.template, self.template)
        return _filled(template, {name: _said(value, language) for name, value in self.values.items()})


class Joined(Text):
    """Several sentences, or the words of a list, as one; make it with :func:`joined`."""

    __slots__ = ()

    def in_language(self, language: Language) -> str:
        """Say each part, and between them what that language sets there."""
        parts = [str(_said(part, language)) for part in self.values.values()]
        return language.phrases.get(self.template, self.template).join(parts)


class Kept(Text):
    """Words that no language changes; make them with :func:`kept`."""

    __slots__ = ()

    def in_language(self, language: Language) -> str:  # noqa: ARG002 - it is the same in each
        """Return the words as they are."""
        return str(self)


def text(template: str, /, **values: object) -> Text:
    """Return a sentence made from a template, as :meth:`str.format` would.

    Parameters
    ----------
    template
        What the catalogue of another language has an entry for. Numbers belong into the values, never into it.
    values
        Numbers, words, reasons, or other sentences.

    Examples
    --------
    >>> text("AUC {area:.2f} on {customers}.", area=0.812, customers="7 customers")
    'AUC 0.81 on 7 customers.'
    """
    return Text(_filled(template, {n: _said(v, ENGLISH) for n, v in values.items()}), template=template, values=values)


def joined(parts: Sequence[str], separator: str = " ") -> Text:
    """Return sentences one after the other, without those that are empty.

    >>> joined(["One.", "", "Two."])
    'One. Two.'
    """
    kept = [part for part in parts if part]
    return Joined(
        separator.join(kept), template=separator, values=dict(zip(map(str, range(len(kept))), kept, strict=True))
    )


def kept(words: str) -> Text:
    """Return words of people or of data, which stay even where the catalogue knows them.

    >>> chinese = Language(code="zh", phrases={"high": "高"})
    >>> chinese.say("high"), chinese.say(kept("high"))
    ('高', 'high')
    """
    return Kept(words, template=words, values={})


def several(keys: Iterable[object], *, most: int = EXAMPLES_SHOWN) -> Text:
    """List the first of many keys, then the count of the others, as the errors do with :func:`creditscore.errors.some`.

    >>> several(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    >>> several([])
    ''
    """
    named = [key if isinstance(key, str) else str(key) for key in keys]
    shown, more = joined(named[:most], ", "), len(named) - most
    return text("{shown} and {more} more", shown=shown, more=more) if more > 0 else shown


def _filled(template: str, values: Mapping[str, object]) -> str:
    # Without values a brace is a brace: formulas have some.
    return template.format(**values) if values else template


def _said(value: object, language: Language) -> object:
    if isinstance(value, str):
        return language.say(value)
    return value.text(language.code) if isinstance(value, Reason) else value
