"""Which policy file a command means."""

from pathlib import Path
from typing import TYPE_CHECKING

from creditscore.errors import PolicyError

if TYPE_CHECKING:
    from creditscore.policy import Policy

SHIPPED = Path("shipped")


def read_policy(file: Path) -> "Policy":
    """Read a policy file, or the one that comes with this version where it is called `shipped`.

    Raises
    ------
    PolicyError
        If there is no such file, or it contradicts itself.
    """
    from creditscore.policy import load_policy  # noqa: PLC0415 - keeps --help quick

    if file == SHIPPED:
        return load_policy()
    if not file.is_file():
        raise PolicyError(where=f"policy {file.name!r}", found="There is no such file.", fix="Name one, or `shipped`.")
    return load_policy(file)
