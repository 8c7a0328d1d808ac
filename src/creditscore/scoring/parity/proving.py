"""From a workspace to a proof of parity: each path gone, and compared with what the daily run recorded."""

from contextlib import nullcontext

from creditscore.domain import Progress, Workspace, silent
from creditscore.errors import ParameterError
from creditscore.scoring.parity.day import parity_day
from creditscore.scoring.parity.endpoint import endpoint_at
from creditscore.scoring.parity.over_http import paths_over_http
from creditscore.scoring.parity.paths import paths_within
from creditscore.scoring.parity.proof import ParityProof, PathResult


def prove_parity(
    workspace: Workspace, *, url: str | None = None, sample: int = 200, progress: Progress = silent
) -> ParityProof:
    """Score the latest scored day on every path, and compare each bit with what the daily run recorded.

    The snapshot of the day is scored by the call of a notebook: whole, in another order, one row at a time, in batches
    of several sizes and on several threads. A running endpoint is asked for the daily scores, and posted rows of the
    snapshot, one by one and many at once, and posted facts, where the book has not learned of the day since. Whether
    the book still gives the snapshot is the question of :func:`creditscore.scoring.replay`.

    Parameters
    ----------
    workspace
        The portfolio.
    url
        Where the endpoint runs; without it no path over HTTP is gone.
    sample
        Customers who are scored one at a time, evenly spread over the book; large batches hold all customers.
    progress
        Told after each path.

    Raises
    ------
    ParameterError
        If ``sample`` is none, or the endpoint cannot be reached or refuses.
    StoreError
        If no day was scored, or its snapshot is not that of the run that is served.
    BundleError, PolicyError
        If the bundle or the policy of the run is gone or altered.
    """
    if sample < 1:
        raise ParameterError(where="parity", found=f"sample is {sample}.", fix="Give 1 or more.")
    day = parity_day(workspace)
    results: list[PathResult] = []
    with nullcontext() if url is None else endpoint_at(url) as endpoint:
        paths = paths_within(workspace, day, sample=sample)
        paths += [] if endpoint is None else paths_over_http(endpoint, day, sample=sample)
        for path in paths:
            results.append(path())
            progress("paths", len(results), len(paths))
    return ParityProof(run=day.run, paths=tuple(results))
