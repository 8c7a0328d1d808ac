"""Score a day in processes that kill themselves, each at its own moment.

Arguments: the day, then pairs of a moment and a workspace. The processes are forks of this one, which has paid for
the imports once; each does the whole run by itself.
"""

import os
import signal
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from creditscore.domain import Workspace
from creditscore.features import catalogue
from creditscore.scoring import daily, insertion, score_portfolio

WRITE = pd.DataFrame.to_parquet
STATEMENTS = {
    "after the run was inserted": "INSERT INTO runs",
    "after some of the scores were inserted": "INSERT INTO scores",
    "after the scores were inserted": "INSERT INTO scores",
    "after the changes of alerts were inserted": "INSERT INTO alert_changes",
    "after the movements of reserves were inserted": "INSERT INTO reserve_movements",
    "before the commit": "INSERT INTO publications",
}


def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def half_written(name):
    """Write half of the file of this name, then die."""

    def write(frame, path, **options):
        WRITE(frame, path, **options)
        if name in path.name:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
            die()

    return write


def arm(moment):
    """Arrange for death at a moment."""
    insertion.ROWS_AT_ONCE = 50 if moment == "after some of the scores were inserted" else insertion.ROWS_AT_ONCE
    if moment == "before the scores are computed":
        daily.score_rows = die
    elif moment.startswith("while the "):
        pd.DataFrame.to_parquet = half_written(moment.split()[2])
    elif moment == "before the snapshot file takes its name":
        Path.replace = die
    elif moment == "after the snapshot file":
        pd.DataFrame.to_parquet = lambda frame, path, **options: (
            die() if "scores" in path.name else WRITE(frame, path, **options)
        )
    elif moment == "after both files":
        daily.ScoreStore.publish = die
    else:
        statement = STATEMENTS[moment]

        @sa.event.listens_for(sa.Engine, "after_cursor_execute")
        def _after(_connection, _cursor, text, *_rest):
            if text.startswith(statement):
                die()


def killed(moment, root, day):
    """Score the day in a child that dies on the way; return whether it did."""
    child = os.fork()
    if child == 0:
        arm(moment)
        score_portfolio(Workspace(root), as_of=day)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def main():
    catalogue()  # the last of the imports
    day = date.fromisoformat(sys.argv[1])
    for moment, root in zip(sys.argv[2::2], sys.argv[3::2], strict=True):
        if not killed(moment, Path(root), day):
            sys.exit(f"the run was not killed {moment}")


if __name__ == "__main__":
    main()
