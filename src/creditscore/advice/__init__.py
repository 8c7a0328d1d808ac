"""Advice: what a bulk purchase or a longer term does to a customer's score, and how far it may go."""

from creditscore.advice.advisor import Advisor, advise
from creditscore.advice.answer import Advice, EndedBy, Most, Provenance, Refusal, Standing
from creditscore.advice.bundle import (
    ScenarioBundle,
    ScenarioContents,
    open_scenario,
    set_scenario,
    write_scenario,
)
from creditscore.advice.history import ASKED, History, asked_of, history_features
from creditscore.advice.inverse import largest
from creditscore.advice.request import Request

__all__ = [
    "ASKED",
    "Advice",
    "Advisor",
    "EndedBy",
    "History",
    "Most",
    "Provenance",
    "Refusal",
    "Request",
    "ScenarioBundle",
    "ScenarioContents",
    "Standing",
    "advise",
    "asked_of",
    "history_features",
    "largest",
    "open_scenario",
    "set_scenario",
    "write_scenario",
]
