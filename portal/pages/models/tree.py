"""What all our page types share: who can see a page, its address without a query, and its search entry.

`audience` is what an officer chose; `shown_to` is what holds: the tightest audience from the home page down to the
page. It is kept with the row, so that every list, menu, feed and search asks one column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageManager, PagePermissionTester, PageQuerySet

from portal.districts.models.standing import standing_of
from portal.pages.models.media import Audience, audiences_of, tighter
from portal.pages.signals import pages_changed
from portal.search.entries.indexing import index

HOME_DEPTH = 2
STEP = 4  # letters of `path` for one level, as treebeard has it


class PortalPageQuerySet(PageQuerySet):  # type: ignore[misc]
    def visible_to(self, user: Any) -> PortalPageQuerySet:
        """Published pages whose effective audience this person belongs to."""
        found: PortalPageQuerySet = self.live().filter(shown_to__in=audiences_of(standing_of(user)))
        return found

    def at(self, address: str) -> PortalPage | None:
        """The page whose address is this path; one query."""
        parts = [part for part in address.split("/") if part]
        found: list[PortalPage] = list(self.filter(slug=parts[-1], depth=HOME_DEPTH + len(parts))) if parts else []
        for page in found:
            if page.url == f"/{'/'.join(parts)}/":
                return page
        return None

    def update(self, **values: Any) -> int:
        """As Django's, with audiences and search entries kept true in the same transaction."""
        with transaction.atomic():
            touched = list(self.values_list("pk", "path"))
            count: int = super().update(**values)
            if set(values) - {"shown_to"}:
                for pk, path in touched:
                    settle(pk, path)
        return count

    update.alters_data = True  # type: ignore[attr-defined]


class PortalPageForm(WagtailAdminPageForm):  # type: ignore[misc]
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        slug = cleaned.get("slug")
        if slug and self.parent_page is not None and self.parent_page.depth == HOME_DEPTH and is_taken(slug):
            self.add_error("slug", _("The portal itself uses this address. Choose another one."))
        return cleaned


def is_taken(slug: str) -> bool:
    """Does a feature of the portal answer at `/slug/`, so that a page there would never be seen."""
    try:
        return resolve(f"/{slug}/").url_name != "wagtail_serve"
    except Resolver404:
        return False


class PortalPagePermissions(PagePermissionTester):  # type: ignore[misc]
    def can_set_view_restrictions(self) -> bool:
        """Never: `audience` decides, and nothing beside it."""
        return False


class BesidePublish(FieldPanel):  # type: ignore[misc]
    """A field of the form that no tab shows: `pages/admin/who_can_see.html` does, in the editor's footer."""

    class BoundPanel(FieldPanel.BoundPanel):  # type: ignore[misc]
        def is_shown(self) -> bool:
            return False


class PortalPage(Page):  # type: ignore[misc]
    """A page of this portal; never made by itself."""

    audience = models.CharField(
        _("Who can see this"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.MEMBERS,
        help_text=_("Pages below this one are never open to more people than it is."),
    )
    shown_to = models.CharField(max_length=10, choices=Audience.choices, default=Audience.MEMBERS, editable=False)
    summary = models.TextField(
        _("summary"), blank=True, max_length=300, help_text=_("One or two sentences, shown in lists and in search.")
    )

    objects = PageManager.from_queryset(PortalPageQuerySet)()

    is_creatable = False
    private_page_options: list[str] = []
    base_form_class = PortalPageForm
    show_in_menus_default = False

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [
        BesidePublish("audience"),
        MultiFieldPanel([FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")], _("Search")),
        FieldPanel("show_in_menus"),
    ]

    class Meta:
        indexes = [models.Index(fields=["shown_to"], name="portal_page_shown_to")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the page, what it and the pages below show to whom, and their search entries: one transaction."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.shown_to = settle(self.pk, self.path)

    def permissions_for_user(self, user: Any) -> PortalPagePermissions:
        return PortalPagePermissions(user, self)

    def is_visible_to(self, user: Any) -> bool:
        return bool(self.live) and self.shown_to in audiences_of(standing_of(user))

    # --- address: one site, so it follows from the path alone ---------------------------------------------------------
    def get_url(self, request: HttpRequest | None = None, current_site: Any = None) -> str:
        return url_of(self.url_path)

    url = property(get_url)

    def get_absolute_url(self) -> str:
        return url_of(self.url_path)

    def get_full_url(self, request: HttpRequest | None = None) -> str:
        return f"{settings.PORTAL_URL}{url_of(self.url_path)}"

    full_url = property(get_full_url)

    # --- on screen ----------------------------------------------------------------------------------------------------
    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> TemplateResponse:
        if not getattr(request, "is_preview", False) and not self.is_visible_to(request.user):
            raise Http404
        response: TemplateResponse = super().serve(request, *args, **kwargs)
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> TemplateResponse:
        """For the editor's preview panel, a frame on the same origin: see `portal.middleware`."""
        response: TemplateResponse = super().serve_preview(request, mode_name)
        response.allow_framing = True  # type: ignore[attr-defined]
        return response

    @property
    def is_public(self) -> bool:
        return bool(self.shown_to == Audience.PUBLIC)

    @property
    def description(self) -> str:
        """For search engines and shared links."""
        return str(self.search_description or self.summary)

    def crumbs(self) -> list[tuple[str, str]]:
        """The published pages between home and this one, as (title, address). One query, none where none can be.

        They are never for fewer people than this one, but one that is not published yet, or no longer, is nobody's.
        """
        steps = [self.path[: STEP * level] for level in range(HOME_DEPTH + 1, self.depth)]
        if not steps:
            return []
        above = Page.objects.live().filter(path__in=steps).order_by("path").values_list("title", "url_path")
        return [(title, url_of(url_path)) for title, url_path in above]


def url_of(url_path: str) -> str:
    """The address of a page from its `url_path`, whose first part is the home page's own slug."""
    return "/" + url_path.split("/", 2)[2]


def settle(pk: int, path: str) -> str:
    """Write the effective audience of a page and of all below it, and the search entries that follow from it.

    Part of the caller's transaction. Three queries and one more for each audience that changed. Returns the page's own.
    """
    above = [path[: STEP * level] for level in range(HOME_DEPTH, len(path) // STEP)]
    limit: str = Audience.PUBLIC
    for audience in PortalPage.objects.filter(path__in=above).values_list("audience", flat=True):
        limit = tighter(limit, audience)
    holds = {path[:-STEP]: limit}
    changed: dict[str, list[int]] = defaultdict(list)
    rows = PortalPage.objects.filter(path__startswith=path).order_by("path")
    for row_pk, row_path, audience, shown_to in rows.values_list("pk", "path", "audience", "shown_to"):
        holds[row_path] = tighter(holds.get(row_path[:-STEP], limit), audience)
        if holds[row_path] != shown_to:
            changed[holds[row_path]].append(row_pk)
    for audience, pks in changed.items():
        PortalPage.objects.filter(pk__in=pks).update(shown_to=audience)
    index_pages({pk, *(row_pk for pks in changed.values() for row_pk in pks)})
    return holds.get(path, limit)


def index_pages(pks: Iterable[int]) -> None:
    """Write the search entries of these pages anew, whatever their kinds."""
    of_kind: dict[str, list[int]] = defaultdict(list)
    for pk, content_type_id in Page.objects.filter(pk__in=pks).values_list("pk", "content_type_id"):
        kind = kind_of(content_type_id)
        if kind:
            of_kind[kind].append(pk)
    for kind, found in of_kind.items():
        index(kind, found)
    pages_changed.send(sender=PortalPage)


def kind_of(content_type_id: int) -> str:
    """The search kind of a page type, "" for those that search does not find."""
    model = ContentType.objects.get_for_id(content_type_id).model_class()
    return getattr(model, "search_kind", "")


def after_bare_save(sender: type[Page], instance: Page, *, raw: bool = False, **kwargs: Any) -> None:
    """Wagtail moves and unpublishes through its own `Page`, which knows nothing of ours: settle the subtree."""
    if not raw:
        settle(instance.pk, instance.path)


def after_delete(sender: type[PortalPage], instance: PortalPage, **kwargs: Any) -> None:
    kind = kind_of(instance.content_type_id)
    if kind:
        index(kind, [instance.pk])
    pages_changed.send(sender=PortalPage)
