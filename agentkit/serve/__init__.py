"""The server: other programs reach the assistant and the model over HTTP.

Needs the extra `serve`. `agentkit serve` runs it for a home; an application makes its
own with `make_app`.
"""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.serve.server import make_app as make_app
    from agentkit.serve.service import ServeLimits as ServeLimits
    from agentkit.serve.tenants import Tenant as Tenant
    from agentkit.serve.tenants import digest_of as digest_of

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
        __name__,
        {
            "server": ("make_app",),
            "service": ("ServeLimits",),
            "tenants": ("Tenant", "digest_of"),
        },
    )
