"""The composition root: the one module that knows every app."""

from typing import NoReturn

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from portal import health, metrics
from portal.districts.wagtail_user_views import OwnAccountView
from portal.pages.views import files, serving

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler429 = "portal.errors.too_many"  # allauth's limits end there
handler500 = "portal.errors.server_error"

# One front door: Wagtail's own ways to sign in and to reset a password lead to it.
_front_door = login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True))
_reset = login_not_required(RedirectView.as_view(pattern_name="account_reset_password"))


def _nowhere(request: HttpRequest) -> NoReturn:
    raise Http404


urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("accounts/", include("allauth.urls")),
    path("admin/login/", _front_door, name="admin-login"),
    path("admin/password_reset/", _reset, name="admin-password-reset"),
    path("admin/account/", require_admin_access(OwnAccountView.as_view()), name="admin-account"),
    path("admin/failwhale/", _nowhere, name="admin-failwhale"),  # Wagtail's own: a view that only fails
    path("admin/", include(wagtailadmin_urls)),
    path("documents/<int:pk>/<path:filename>", files.document, name="wagtaildocs_serve"),
    path("", include("portal.districts.urls")),
    path("search/", include("portal.search.urls")),
    path("search/", include("portal.saved.urls")),
    path("notices/", include("portal.notices.urls")),
    path("", include("portal.events.urls")),
    path("", include("knowledge.urls")),
    path("", include("purchasing.urls")),
    path("", include("portal.pages.urls")),
    # Not `wagtail.urls`: it holds another way to sign in.
    re_path(r"^(?P<path>(?:[\w\-]+/)*)$", serving.serve, name="wagtail_serve"),
]
