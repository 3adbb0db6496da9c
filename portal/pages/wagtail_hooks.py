"""The page tree's part of the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.rich_text.feature_registry import FeatureRegistry

from portal.pages.admin import ChapterPanel, PagesReport
from portal.pages.hooks.rich_text import DocumentLinks, PageLinks


@hooks.register("construct_homepage_panels")
def add_chapter_panel(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(ChapterPanel())


@hooks.register("register_rich_text_features", order=1)  # in the place of Wagtail's own
def link_by_number(features: FeatureRegistry) -> None:
    features.register_link_type(PageLinks)
    features.register_link_type(DocumentLinks)


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    return [
        path("reports/audience/", PagesReport.as_view(), name="pages_report"),
        path("reports/audience/results/", PagesReport.as_view(results_only=True), name="pages_report_results"),
    ]


@hooks.register("register_reports_menu_item")
def report_menu_item() -> MenuItem:
    return MenuItem(
        _("Pages by who can see them"), reverse("pages_report"), name="pages-audience", icon_name="view", order=600
    )
