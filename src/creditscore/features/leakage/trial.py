"""A trial: a scratch copy of the book that is written in one life after the other, and what moves in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from creditscore.book import Book
from creditscore.features.definition import Feature
from creditscore.features.leakage.entrances import (
    CUSTOMER,
    ENTRANCES,
    Entrance,
    Moment,
    Movers,
    as_snapshot,
    movers,
    on_the_day,
)
from creditscore.features.leakage.perturbing import Perturbed
from creditscore.features.leakage.proof import Moved

NOTHING = ""  # where nothing is perturbed


@dataclass(slots=True)
class Trial:
    """A scratch book, the lives of its tables, and the day that is looked at."""

    scratch: Book
    lives: Mapping[str, Perturbed]
    moment: Moment

    def live(self, life: Literal["stood", "later", "in_time"], *names: str) -> None:
        """Write these tables, all by default, as they are in one of their lives."""
        self.scratch = self.scratch.write({name: getattr(self.lives[name], life) for name in names or self.lives})

    def seen(self, entrance: Entrance, features: Sequence[Feature]) -> pd.DataFrame:
        """Return the features of the day, by customer, as the scratch book gives them."""
        return on_the_day(entrance(self.scratch, self.moment, features), self.moment)


def explained(trial: Trial, found: Mapping[str, Movers], features: Sequence[Feature]) -> tuple[Moved, ...]:
    """Say of each feature that moves in an entrance where it does, for how many customers, and which table does it."""
    told: list[Moved] = []
    for entrance, moved in found.items():
        news = {name: index for name, index in moved.items() if name not in {one.feature for one in told}}
        causes = _causes(trial, ENTRANCES[entrance], [one for one in features if one.name in news]) if news else {}
        told += [
            Moved(
                feature=name,
                seen_in=tuple(place for place in found if name in found[place]),
                customer_count=len(index),
                example=index[0],
                tables=tuple(table for table, by in causes.items() if name in by and name not in causes[NOTHING]),
                by_itself_flag=name in causes[NOTHING],
            )
            for name, index in news.items()
        ]
    order = [CUSTOMER, *(feature.name for feature in features)]
    return tuple(sorted(told, key=lambda one: order.index(one.feature)))


def _causes(trial: Trial, entrance: Entrance, features: Sequence[Feature]) -> dict[str, Movers]:
    """Return what moves when nothing is learned later, and when one table alone is perturbed."""
    trial.live("stood")
    stood = trial.seen(as_snapshot, features)
    causes = {NOTHING: movers(stood, trial.seen(entrance, features))}
    for name in trial.lives:
        trial.live("later", name)
        causes[name] = movers(stood, trial.seen(entrance, features))
        trial.live("stood", name)
    return causes
