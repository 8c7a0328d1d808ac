"""Which code computed a score."""

import hashlib
from functools import cache
from pathlib import Path

import creditscore

# All that a score and what is decided on it depend on: scoring and the rooms below it that it draws on.
ROOMS = ("accounts", "book", "decisions", "domain", "features", "models", "outcomes", "policy", "scoring")
DIGITS = 12


@cache
def code_version() -> str:
    """Return the package's version and, after ``+``, the first digits of the SHA-256 of the sources behind a score.

    The sources of what is decided on a score count too. Two runs with the same code version, bundle, policy and
    snapshot give the same bits. Text and whitespace count, so a new code version does not mean that a score moves, but
    a moved score always means a new code version.
    """
    root = Path(creditscore.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in (root / room).rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{creditscore.__version__}+{digest.hexdigest()[:DIGITS]}"
