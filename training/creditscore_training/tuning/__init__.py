"""Tuning: a search of an estimator's parameters on folds inside the development period, under the promotion rules.

:func:`creditscore_training.tuning.session.tune` carries it out, and
:func:`creditscore_training.tuning.choice.tuned_recipe` takes what it found. Nothing is imported here, because recipes
import the plan of a tuning and must not pay for the rest.
"""
