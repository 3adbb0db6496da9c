"""Redirects that an officer or a renamed page left behind."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from portal.pages.models.tree import PortalPage


class AudienceRedirects(RedirectMiddleware):  # type: ignore[misc]
    """Wagtail's redirects, but nobody is led to a page that they may not see, nor told that it exists."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer: HttpResponse = super().process_response(request, response)
        if answer is not response:
            target = PortalPage.objects.at(urlsplit(answer.headers["Location"]).path)
            if target is not None and not target.is_visible_to(getattr(request, "user", None)):
                return response
        return answer
