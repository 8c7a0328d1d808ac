"""A client of the scoring service; it needs neither the library nor the service to be installed beside it."""

from creditscore_client.client import Client
from creditscore_client.errors import NotAllowedError, NotFoundError, RefusedError, ServiceError, UnavailableError
from creditscore_client.questions import SnapshotRow
from creditscore_client.request_ids import request_id

__all__ = [
    "Client",
    "NotAllowedError",
    "NotFoundError",
    "RefusedError",
    "ServiceError",
    "SnapshotRow",
    "UnavailableError",
    "request_id",
]
