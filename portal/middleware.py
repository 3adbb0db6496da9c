"""Headers that depend on the kind of page."""

from csp.constants import SELF
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control


class PolicyMiddleware(CSPMiddleware):
    """The strict content policy on portal pages, the admin's own on `/admin/` and on previews; no shared caching.

    A page rendered for Wagtail's preview panel sits in a same-origin frame; the preview view marks its response by
    `allow_framing`.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith("/admin/"):
            response._csp_replace = settings.ADMIN_CSP  # type: ignore[attr-defined]
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        elif getattr(response, "allow_framing", False):
            response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        if not response.has_header("Cache-Control") and not request.path.startswith(settings.STATIC_URL):
            patch_cache_control(response, private=True, no_store=True)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return super().process_response(request, response)
