"""The page tree on the web: pages, the sitemap, and what robots are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.districts.models.standing import standing_of
from portal.pages.models.tree import HOME_DEPTH, PortalPage, url_of
from portal.pages.screens.home import for_member, for_visitor
from portal.registry import PanelContext


@login_not_required
@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """The page at `path`, or the home page where it is empty; two queries for the page itself.

    Our own in place of Wagtail's, which asks once for each part of the path.
    """
    if not path.strip("/"):
        return _home(request)
    page = PortalPage.objects.visible_to(request.user).at(path)
    if page is None:
        raise Http404
    response: HttpResponse = page.specific.serve(request)
    return response


@login_not_required
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """To the page of this number."""
    found: PortalPage = get_object_or_404(PortalPage.objects.visible_to(request.user), id=pk)  # `pk` may be too large
    return redirect(found.url)


def _home(request: HttpRequest) -> TemplateResponse:
    standing = standing_of(request.user)
    context = PanelContext(user=request.user, now=timezone.now())
    if standing.is_member:
        return TemplateResponse(request, "pages/home_member.html", for_member(standing, context))
    return TemplateResponse(request, "pages/home_visitor.html", for_visitor(context))


class PublicPages(Sitemap[PortalPage]):
    """Published pages that everyone can see, and nothing else."""

    protocol = settings.PORTAL_URL.partition("://")[0]

    def items(self) -> Any:
        pages = PortalPage.objects.live().filter(shown_to="public", depth__gte=HOME_DEPTH)
        return pages.order_by("path").only("path", "url_path", "last_published_at")

    def location(self, item: PortalPage) -> str:
        return url_of(item.url_path)

    def lastmod(self, item: PortalPage) -> datetime | None:
        found: datetime | None = item.last_published_at
        return found

    def get_domain(self, site: Any = None) -> str:
        return settings.PORTAL_URL.partition("://")[2]


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return sitemap_view(request, {"pages": PublicPages})


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = ["/admin/", "/accounts/", "/search/", "/media/", "/documents/"]
    lines = ["User-agent: *", *[f"Disallow: {path}" for path in closed], ""]
    lines.append(f"Sitemap: {settings.PORTAL_URL}{reverse('pages:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
