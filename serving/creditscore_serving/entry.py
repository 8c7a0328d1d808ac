"""What ``bentoml serve`` imports: the service of the workspace that ``CREDITSCORE_WORKSPACE`` names."""

import os
from pathlib import Path

from creditscore.domain import Workspace
from creditscore_serving.service import service_of

Scores = service_of(Workspace(Path(os.environ.get("CREDITSCORE_WORKSPACE", "."))))
