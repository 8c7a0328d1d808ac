"""What a gate of training said of a model, as its bundle keeps it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GateResult:
    """What one gate found.

    Parameters
    ----------
    name
        Name of the gate.
    passed
        Whether the model may pass.
    sentence
        What was found and what was asked for.
    """

    name: str
    passed: bool
    sentence: str
