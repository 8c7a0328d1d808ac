"""States on disk: rows that many days share, and for each of the last days what it adds to them."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from creditscore.book import Book
from creditscore.features.daily.building import SHELVES, built_state
from creditscore.features.daily.disk import kept, let_go, opened, rewritten
from creditscore.features.daily.news import News
from creditscore.features.daily.state import LedgerState
from creditscore.features.ledger.plan import Plan

FORMAT = 1
DAYS_KEPT = 3
LARGEST_TAIL = 0.2  # of the base; beyond it the rows that live are written as a new base
TABLES = ("invoices", "payments")


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The states of one portfolio's last days.

    A state is taken up only while the past of the book is as it was: the same files, or files to which nothing was
    added that was known by the state's day. Otherwise, and where there is none, it is built anew from the book. The
    folder may be deleted at any time.

    Parameters
    ----------
    root
        The folder.
    """

    root: Path

    def state_of(self, book: Book, plan: Plan, as_of: date) -> LedgerState:
        """Return the state of a day: kept, advanced from an earlier one, or built.

        Raises
        ------
        OSError
            If the folder cannot be written.
        TooWide
            If a sum might not fit into 64 bits.
        """
        earlier = self._latest(book, plan, as_of)
        if earlier is None:
            state, base = self._built(book, plan, as_of)
        else:
            state, base, files = earlier
            if state.as_of == as_of:
                return state
            state = state.advanced(News.of(files, state.customers, after=state.as_of, until=as_of), as_of)
            if len(state.bills.tail) > LARGEST_TAIL * len(state.bills.base):
                state, base = self._compacted(state)
        self._keep(state, base, book)
        for shelf in (state.bills, state.payments):
            let_go(shelf)
        return state

    def is_ahead_of(self, as_of: date) -> bool:
        """Tell whether a later day is kept: going back would mean to build anew."""
        return any(folder.name > f"day-{as_of}" for folder in self.root.glob("day-*"))

    def _built(self, book: Book, plan: Plan, as_of: date) -> tuple[LedgerState, Path]:
        base = self._new_base()
        return built_state(book, plan, as_of=as_of, base=base), base

    def _compacted(self, state: LedgerState) -> tuple[LedgerState, Path]:
        base = self._new_base()
        bills, payments = (rewritten(getattr(state, name), base, name, fields) for name, fields in SHELVES.items())
        return replace(state, bills=bills, payments=payments), base

    def _new_base(self) -> Path:
        self.root.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="base-", dir=self.root))

    def _latest(self, book: Book, plan: Plan, as_of: date) -> tuple[LedgerState, Path, dict[str, list[Path]]] | None:
        for folder in sorted(self.root.glob("day-*"), reverse=True):
            meta = json.loads((folder / "meta.json").read_text("utf-8"))
            day, base = date.fromisoformat(meta["as_of"]), self.root / meta["base"]
            same = meta["format"] == FORMAT and meta["plan"] == plan_digest(plan) and meta["sizes"] == _sizes(folder)
            if same and day <= as_of and base.is_dir() and _past_stands(book, meta["files"], day):
                return _opened_state(folder, base, plan, day), base, _files_of_news(book, meta["files"], day)
        return None

    def _keep(self, state: LedgerState, base: Path, book: Book) -> None:
        """Write a day in one step, then forget what is older than the last few."""
        draft = Path(tempfile.mkdtemp(prefix=".day-", dir=self.root))
        try:
            _write_day(state, draft)
            files = {name: {"file": book.files.get(name), "last_known": str(book.last_known(name))} for name in TABLES}
            meta = {"format": FORMAT, "as_of": str(state.as_of), "plan": plan_digest(state.plan), "base": base.name}
            content = meta | {"files": files, "sizes": _sizes(draft)}
            (draft / "meta.json").write_text(json.dumps(content, indent=2) + "\n", "utf-8")
            target = self.root / f"day-{state.as_of}"
            shutil.rmtree(target, ignore_errors=True)
            draft.rename(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        self._forget()

    def _forget(self) -> None:
        days = sorted(self.root.glob("day-*"))
        for folder in days[:-DAYS_KEPT]:
            shutil.rmtree(folder, ignore_errors=True)
        metas = [folder / "meta.json" for folder in days[-DAYS_KEPT:]]
        used = {json.loads(meta.read_text("utf-8"))["base"] for meta in metas}
        for base in self.root.glob("base-*"):
            if base.name not in used:
                shutil.rmtree(base, ignore_errors=True)


def _sizes(folder: Path) -> dict[str, int]:
    """Return the sizes of a day's files; a file that was cut short has another."""
    return {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.name != "meta.json"}


def plan_digest(plan: Plan) -> str:
    """Return a hash of the totals of a plan: states of other totals are of no use to it."""
    told = [[total.name, total.kind, repr(total.value.to_expr())] for total in plan.totals]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def _past_stands(book: Book, files: Mapping[str, Mapping[str, str]], day: date) -> bool:
    """Tell whether nothing that was known by a day has been added to the book since."""
    return all(book.learned_since(name, files[name]["file"]) > day for name in TABLES)


def _files_of_news(book: Book, files: Mapping[str, Mapping[str, str]], day: date) -> dict[str, list[Path]]:
    """Return the files in which to look for what became known after a day: what was added since, where that is all."""
    found = {}
    for name in TABLES:
        added = book.added_since(name, files[name]["file"])
        all_is_added = added is not None and date.fromisoformat(files[name]["last_known"]) <= day
        found[name] = (added or []) if all_is_added else [book.path(name)]
    return {name: paths if book.has(name) else [] for name, paths in found.items()}


def _opened_state(folder: Path, base: Path, plan: Plan, day: date) -> LedgerState:
    totals = np.load(folder / "totals.npy")
    return LedgerState(
        as_of=day,
        plan=plan,
        customers=pd.Index(pd.read_parquet(folder / "customers.parquet")["customer_id"], dtype="str"),
        totals={total.name: totals[place] for place, total in enumerate(plan.totals)},
        **{name: opened(base, name, fields, day=folder) for name, fields in SHELVES.items()},
    )


def _write_day(state: LedgerState, folder: Path) -> None:
    for name in SHELVES:
        kept(getattr(state, name), name, day=folder)
    totals = [state.totals[total.name] for total in state.plan.totals]
    np.save(folder / "totals.npy", np.reshape(totals, (len(totals), len(state.customers))))
    pd.DataFrame({"customer_id": state.customers}).to_parquet(folder / "customers.parquet", index=False)
