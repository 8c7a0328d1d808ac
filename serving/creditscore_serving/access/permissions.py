"""What a caller may do, and which of it each route asks for."""

from enum import StrEnum
from urllib.parse import quote

CUSTOMERS = "/v1/customers/"


class Permission(StrEnum):
    """One thing that a key or a token may allow; ``ADMIN`` allows them all."""

    SCORES_READ = "scores:read"
    SCORES_COMPUTE = "scores:compute"
    DECISIONS_WRITE = "decisions:write"
    AMOUNTS_READ = "amounts:read"
    METRICS_READ = "metrics:read"
    ADMIN = "admin"


# Probes of an orchestrator carry no key; the description of the endpoints holds no data.
OPEN_PATHS = frozenset({"/livez", "/readyz", "/healthz", "/", "/docs.json", "/openapi.json", "/docs", "/favicon.ico"})
OPEN_PREFIXES = ("/static_content/", "/assets/")
# Questions that are posted because they are long; they change nothing.
POSTED = {
    "/v1/score": Permission.SCORES_READ,
    "/v1/scores": Permission.SCORES_READ,
    "/v1/rows": Permission.SCORES_COMPUTE,
    "/v1/facts": Permission.SCORES_COMPUTE,
    "/v1/advice": Permission.SCORES_COMPUTE,
    "/v1/applications": Permission.DECISIONS_WRITE,
}


def permission_for(method: str, path: str) -> Permission | None:
    """Return what a route asks for, or ``None`` where anybody may ask.

    A route that nobody thought of is the administrator's alone.

    >>> str(permission_for("GET", "/v1/customers/C1/score"))
    'scores:read'
    >>> permission_for("GET", "/readyz") is None
    True
    >>> str(permission_for("DELETE", "/v1/customers/C1"))
    'admin'
    """
    reads = method in {"GET", "HEAD"}
    if method == "POST" and path in POSTED:
        return POSTED[path]
    if reads and path.startswith("/v1/"):
        return Permission.SCORES_READ
    if reads and path == "/metrics":
        return Permission.METRICS_READ
    if reads and (path in OPEN_PATHS or path.startswith(OPEN_PREFIXES)):
        return None
    return Permission.ADMIN


def action_of(method: str, path: str) -> tuple[str, str | None]:
    """Return the action of a request in words without a customer, and the customer that its path names.

    >>> action_of("GET", "/v1/customers/C0000042/score")
    ('GET /v1/customers/{customer_id}/score', 'C0000042')
    >>> action_of("POST", "/v1/scores")
    ('POST /v1/scores', None)
    """
    if not path.startswith(CUSTOMERS):
        return f"{method} {quote(path[:200])}", None
    customer_id, _, rest = path[len(CUSTOMERS) :].partition("/")
    return f"{method} {CUSTOMERS}{{customer_id}}" + (f"/{quote(rest[:100])}" if rest else ""), customer_id[:200] or None
