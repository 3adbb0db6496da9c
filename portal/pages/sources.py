"""What search finds of the page tree: pages, toolkits, news."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from portal.pages.media import Audience
from portal.pages.models import BoardPage, NewsPage, PortalPage, StandardPage, ToolkitPage
from portal.pages.tree import PortalPageQuerySet, url_of
from portal.registry import EntryData, SearchSource, search_sources

AUDIENCE_KEYS: dict[str, frozenset[str]] = {
    Audience.PUBLIC: frozenset({"public", "members", "officers"}),
    Audience.MEMBERS: frozenset({"members", "officers"}),
    Audience.OFFICERS: frozenset({"officers"}),
}


def rows_of(*models: type[PortalPage]) -> Callable[[], PortalPageQuerySet]:
    def rows() -> PortalPageQuerySet:
        types = ContentType.objects.get_for_models(*models, for_concrete_models=False).values()
        found: PortalPageQuerySet = PortalPage.objects.live().filter(content_type__in=types)
        return found

    return rows


def entries(pages: Sequence[PortalPage]) -> Iterable[EntryData]:
    """One query for each page type, and one for the tags of toolkits."""
    for model in (StandardPage, BoardPage, NewsPage, ToolkitPage):
        wanted = ContentType.objects.get_for_model(model).pk
        pks = [page.pk for page in pages if page.content_type_id == wanted]
        if not pks:
            continue
        found = model.objects.filter(pk__in=pks)
        if model is ToolkitPage:
            found = found.prefetch_related("tagged_items__tag")
        for page in found:
            yield _entry(page)


def _entry(page: Any) -> EntryData:
    dated = getattr(page, "date", None) or _day(page.first_published_at)
    return EntryData(
        object_id=page.pk,
        title=page.title,
        summary=page.summary or page.search_description,
        body=_words(page),
        tags=[item.tag.name for item in page.tagged_items.all()] if isinstance(page, ToolkitPage) else (),
        dated=dated,
        audience=AUDIENCE_KEYS[page.shown_to],
    )


def _words(page: Any) -> str:
    """The texts of the page's blocks, without markup; a testimonial without consent is left out."""
    texts: list[str] = []
    for name in ("seats", "body"):
        stream = getattr(page, name, None) or []
        for block in stream:
            if block.block_type == "testimonial" and not block.value.get("consent"):
                continue
            texts.extend(str(text) for text in block.block.get_searchable_content(block.value))
    return " ".join(" ".join(texts).split())


def _day(instant: datetime | None) -> date | None:
    return instant.date() if instant else None


def urls(pks: Sequence[int]) -> dict[int, str]:
    found = PortalPage.objects.filter(pk__in=pks).values_list("pk", "url_path")
    return {pk: url_of(url_path) for pk, url_path in found}


def facts(pks: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """The page's own summary in one line; one query."""
    found = PortalPage.objects.filter(pk__in=pks).exclude(summary="").values_list("pk", "summary")
    return {pk: Truncator(summary).chars(100) for pk, summary in found}


def register() -> None:
    for kind, label, singular, models, order in (
        ("toolkit", _("Toolkits"), _("Toolkit"), (ToolkitPage,), 60),
        ("news", _("News"), _("News"), (NewsPage,), 70),
        ("page", _("Pages"), _("Page"), (StandardPage, BoardPage), 80),
    ):
        search_sources.add(
            kind,
            SearchSource(
                kind=kind,
                label=label,
                singular=singular,
                model=PortalPage,
                rows=rows_of(*models),
                entries=entries,
                urls=urls,
                facts=facts,
                order=order,
            ),
        )
