"""Scenario models: trained on requests, on top of the champion."""
