"""Redirects that an officer or a renamed page left behind."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, ResolverMatch, resolve
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect

from portal.pages.models.media import Document
from portal.pages.models.tree import PortalPage

MOST_HOPS = 5
"""Of redirects that lead to redirects."""


class AudienceRedirects(RedirectMiddleware):  # type: ignore[misc]
    """Wagtail's redirects, but nobody is led to a page that they may not see, nor told that it exists.

    Its address would tell its title. So what is judged is the page that answers where the redirect leads, however the
    address is written; where nothing answers, as at the last address of a page that is gone, nobody is led.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer: HttpResponse = super().process_response(request, response)
        if answer is response or _answers(request, answer.headers["Location"], MOST_HOPS):
            return answer
        return response


def _answers(request: HttpRequest, location: str, hops: int) -> bool:
    """Is there something at `location` that this person may see: another site, a feature of the portal, a page."""
    address = urlsplit(location)
    if address.netloc and not _is_ours(request, address.hostname or ""):
        return True
    path = posixpath.normpath(posixpath.join(request.path, unquote(address.path)))
    path = f"/{path.strip('/')}/".replace("//", "/")
    match = _match(path.rstrip("/")) or _match(path)  # no page answers without its slash
    if match is None:
        return False
    if match.url_name == "wagtaildocs_serve":
        return bool(Document.objects.visible_to(request.user).filter(pk=match.kwargs["pk"]).exists())
    if match.url_name != "wagtail_serve" or path == "/":
        return True
    page = PortalPage.objects.at(path)
    if page is not None:
        return bool(page.is_visible_to(request.user))
    further = get_redirect(request, path.rstrip("/"))
    return bool(further and further.link and hops and _answers(request, further.link, hops - 1))


def _is_ours(request: HttpRequest, host: str) -> bool:
    named = [known for known in settings.ALLOWED_HOSTS if known != "*"]
    here = [split_domain_port(name)[0] for name in (request.get_host(), urlsplit(settings.PORTAL_URL).netloc)]
    return validate_host(host.removesuffix("."), named + here)


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None
