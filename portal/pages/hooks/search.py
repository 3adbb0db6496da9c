"""What search finds of the editorial side: pages, toolkits, news, documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import prefetch_related_objects
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from portal.pages.models import BoardPage, Document, NewsPage, PortalPage, StandardPage, ToolkitPage
from portal.pages.models.media import Audience
from portal.pages.models.tree import PortalPageQuerySet, url_of
from portal.registry import EntryData, SearchSource, panels, search_sources
from portal.search.asking import related
from portal.search.entries.indexing import index
from portal.text import one_line

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
    return one_line(" ".join(texts))


def _day(instant: datetime | None) -> date | None:
    return timezone.localdate(instant) if instant else None


def urls(pks: Sequence[int]) -> dict[int, str]:
    found = PortalPage.objects.filter(pk__in=pks).values_list("pk", "url_path")
    return {pk: url_of(url_path) for pk, url_path in found}


def facts(pks: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """The page's own summary in one line; one query."""
    found = PortalPage.objects.filter(pk__in=pks).exclude(summary="").values_list("pk", "summary")
    return {pk: Truncator(summary).chars(100) for pk, summary in found}


# --- documents --------------------------------------------------------------------------------------------------------
def document_entries(documents: Sequence[Document]) -> Iterable[EntryData]:
    """Two queries for the tags, one for the words. No file is opened: `deeds.read_documents` has kept its words."""
    prefetch_related_objects(list(documents), "tags", "words")
    for document in documents:
        yield EntryData(
            object_id=document.pk,
            title=document.title,
            body=f"{document.filename}\n{_text(document)}",
            tags=sorted(tag.name for tag in document.tags.all()),
            dated=timezone.localdate(document.created_at),
            audience=AUDIENCE_KEYS[document.audience],
        )


def _text(document: Document) -> str:
    """The words of its present file; "" until they are read."""
    words = getattr(document, "words", None)
    return words.text if words is not None and words.sha256 == document.sha256 else ""


def document_urls(pks: Sequence[int]) -> dict[int, str]:
    found = Document.objects.filter(pk__in=pks).only("file")
    return {document.pk: document.url for document in found}


def document_facts(pks: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """ "CSV, 12.4 KB"; one query."""
    facts = {}
    for document in Document.objects.filter(pk__in=pks).only("file", "file_size"):
        size = filesizeformat(document.file_size) if document.file_size else ""
        facts[document.pk] = ", ".join(filter(None, [document.file_extension.upper(), size]))
    return facts


def index_tagged(instance: Any, action: str = "", **kwargs: Any) -> None:
    """Told by taggit that a document was tagged anew."""
    if isinstance(instance, Document) and action.startswith("post_"):
        index("document", [instance.pk])


def index_with_tag(instance: Any, **kwargs: Any) -> None:
    """Told by Django that a tag was written: what carries it is found under its new name."""
    index("document", Document.objects.filter(tags=instance).order_by().values_list("pk", flat=True))
    index("toolkit", ToolkitPage.objects.filter(tags=instance).order_by().values_list("pk", flat=True))


def index_without_tag(instance: Any, **kwargs: Any) -> None:
    """Told by Django that a tag is taken off something, also because the tag is gone."""
    if instance.content_type_id == ContentType.objects.get_for_model(Document).pk:
        index("document", [instance.object_id])


def index_toolkit(instance: Any, **kwargs: Any) -> None:
    index("toolkit", [instance.content_object_id])


def register() -> None:
    search_sources.add(
        SearchSource(
            kind="document",
            label=_("Documents"),
            singular=_("Document"),
            model=Document,
            rows=Document.objects.all,
            entries=document_entries,
            urls=document_urls,
            facts=document_facts,
            order=75,
        ),
    )
    for kind, label, singular, models, order in (
        ("toolkit", _("Toolkits"), _("Toolkit"), (ToolkitPage,), 60),
        ("news", _("News"), _("News"), (NewsPage,), 70),
        ("page", _("Pages"), _("Page"), (StandardPage, BoardPage), 80),
    ):
        search_sources.add(
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
                is_offered=kind == "toolkit",
            ),
        )
    panels.add(related.panel("toolkit"))
