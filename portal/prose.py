"""The HTML of members' Markdown, kept in a column beside it: written with the text, so that no reader waits for it.

What is kept begins with a line that names the renderer and the text it was made of. Where that is not what the row
holds (another release, a write that went past the models), readers get the text rendered anew, never what is stale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from time import monotonic
from typing import Any

from django import forms
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe

from portal import boxes, markup
from portal.progress import done_until, note

SUFFIX = "_html"
BATCH = 100
RUN_SECONDS = 5.0
"""Of one run of `keep_due`: other jobs are due too."""


class KeptHTML(models.TextField):  # type: ignore[type-arg]
    """`notes_html = KeptHTML()` keeps the HTML of the column `notes`. Nobody types it, and no revision holds it.

    Written by every `save` and `bulk_create`; `update` and `update_fields` name it by `with_html`.
    """

    def __init__(self, **kwargs: Any) -> None:
        fixed: dict[str, Any] = {"blank": True, "default": "", "editable": False, "serialize": False}
        super().__init__(**kwargs | fixed)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        kept = keep(getattr(model_instance, self.name.removesuffix(SUFFIX)))
        setattr(model_instance, self.attname, kept)
        return kept


class MarkdownField(boxes.CharField):
    """Markdown as it is typed. Rendered here, so that the deed's transaction finds it done."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        markup.render(text)
        return text


def keep(text: str) -> str:
    """What is kept of `text`."""
    return f"{_mark(text)}\n{markup.render(text)}" if text else ""


def shown(row: Any, column: str) -> SafeString:
    """The HTML of a row's Markdown column, or of anything that has both attributes."""
    text = getattr(row, column)
    if not text:
        return SafeString()
    mark, _newline, html = getattr(row, column + SUFFIX).partition("\n")
    return mark_safe(html) if mark == _mark(text) else markup.render(text)


def with_html(model: type[models.Model], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`changes` of a row, and the HTML of the Markdown among them."""
    kept = {field.name for field in _kept(model)}
    return {**changes, **{name + SUFFIX: keep(text) for name, text in changes.items() if name + SUFFIX in kept}}


def keep_due(now: datetime) -> int:
    """The due job: after an upgrade that renders otherwise, keep all HTML anew, some rows in each run. How many."""
    progress = f"html {markup.RENDERER}"
    if done_until(progress) is not None:
        return 0
    until = monotonic() + RUN_SECONDS
    done = 0
    for field in [field for model in apps.get_models() for field in _kept(model)]:
        for pk, text in _stale(field, until):
            rows = field.model._base_manager.filter(pk=pk, **{field.name.removesuffix(SUFFIX): text})
            done += rows.update(**{field.name: keep(text)})
    if monotonic() < until:
        note(progress, now)
    return done


def _stale(field: KeptHTML, until: float) -> Iterator[tuple[int, str]]:
    """(id, text) of each row whose HTML is another renderer's, or was never kept. By id, so that each comes once."""
    column = field.name.removesuffix(SUFFIX)
    kept = Q(**{f"{field.name}__startswith": f"{markup.RENDERER} "})
    rows = field.model._base_manager.exclude(kept | Q(**{column: ""})).order_by("pk").values_list("pk", column)
    batch = list(rows[:BATCH])
    while batch and monotonic() < until:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1][0])[:BATCH])


def _kept(model: type[models.Model]) -> list[KeptHTML]:
    return [field for field in model._meta.concrete_fields if isinstance(field, KeptHTML)]


def _mark(text: str) -> str:
    return f"{markup.RENDERER} {blake2b(text.encode(), digest_size=16).hexdigest()}"
