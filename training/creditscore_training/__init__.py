"""Training: from a recipe to a registered model.

A recipe (:mod:`creditscore_training.recipe`) is one frozen object that a data scientist copies and edits;
:func:`creditscore_training.pipeline.train` carries it out. Nothing is imported here, because the command line imports
this package before it knows whether anything will be trained.
"""
