"""Markdown is rendered when it is written; what is kept is shown only while it is of this text and this renderer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from knowledge.models import Practice, Question
from portal import markup, prose
from portal.events.deeds.agenda import change_item
from portal.events.deeds.write_minutes import write_notes
from portal.prose import KeptHTML, keep, keep_due, shown, with_html
from purchasing.deeds.draft import redraft
from tests.conftest import sign_in
from tests.events.makers import make_item, make_meeting
from tests.knowledge.makers import make_adoption, make_answer, make_practice, make_question
from tests.people import Cast
from tests.purchasing.makers import make_draft, make_line

KEPT = {
    (model._meta.label, field.name)
    for model in apps.get_models()
    for field in model._meta.concrete_fields
    if isinstance(field, KeptHTML)
}


def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on nothing is rendered."""

    def refuse(text: str) -> str:
        raise AssertionError(text)

    monkeypatch.setattr(markup, "render", refuse)


def test_every_markdown_column_keeps_its_html() -> None:
    columns = {
        "events.AgendaItem": ["body", "notes"],
        "knowledge.Adoption": ["note"],
        "knowledge.Answer": ["body"],
        "knowledge.Practice": ["do_differently", "problem", "replaced", "what_we_do"],
        "knowledge.Question": ["body"],
        "purchasing.Agreement": ["body"],
    }
    assert {(label, f"{name}_html") for label, names in columns.items() for name in names} == KEPT


def test_a_saved_text_is_shown_without_rendering_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = Practice.objects.get(pk=make_practice(cast.kaneland, what_we_do="We **swap** boards").pk)
    unrendered(monkeypatch)
    assert shown(stored, "what_we_do") == "<p>We <strong>swap</strong> boards</p>\n"
    assert shown(stored, "replaced") == ""


@pytest.mark.parametrize(
    "stale",
    [
        "",
        keep("Another text"),
        "0-old 00\n<script>alert(1)</script>",
        f"{markup.RENDERER} 00\n<script>alert(1)</script>",
    ],
)
def test_what_is_not_of_this_text_and_renderer_is_never_shown(cast: Cast, stale: str) -> None:
    question = make_question(body="Which *boards*?")
    QuerySet.update(Question.objects.filter(pk=question.pk), body_html=stale)
    question.refresh_from_db()
    assert shown(question, "body") == "<p>Which <em>boards</em>?</p>\n"


def test_a_write_past_save_keeps_the_html_too(cast: Cast) -> None:
    assert with_html(Question, {"title": "*T*", "body": "*B*"}) == {
        "title": "*T*",
        "body": "*B*",
        "body_html": keep("*B*"),
    }


def test_html_of_another_release_is_kept_anew_some_rows_a_run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = [make_question(body=f"Which *{n}*?") for n in range(5)]
    keep_due(timezone.now())
    monkeypatch.setattr(markup, "RENDERER", "2-new")
    monkeypatch.setattr(prose, "BATCH", 2)
    monkeypatch.setattr(prose, "RUN_SECONDS", -1.0)
    assert keep_due(timezone.now()) == 0
    monkeypatch.setattr(prose, "RUN_SECONDS", 60.0)
    assert keep_due(timezone.now()) >= len(questions)
    kept = Question.objects.filter(pk__in=[question.pk for question in questions]).values_list("body_html", flat=True)
    assert all(html.startswith("2-new ") for html in kept)
    assert keep_due(timezone.now() + timedelta(days=1)) == 0


def test_notes_that_were_changed_meanwhile_are_left_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading and writing, somebody saved other notes with their own HTML."""
    question = make_question(body="Before")
    rendered = markup.render

    def overtaken(text: str) -> Any:
        if text == "Before":
            Question.objects.filter(pk=question.pk).update(**with_html(Question, {"body": "After"}))
        return rendered(text)

    monkeypatch.setattr(markup, "RENDERER", "3-new")
    monkeypatch.setattr(markup, "render", overtaken)
    keep_due(timezone.now())
    question.refresh_from_db()
    assert question.body_html == keep("After")


def test_no_revision_and_no_form_holds_the_html(cast: Cast) -> None:
    practice = make_practice(cast.kaneland, what_we_do="We **swap**")
    revision = practice.save_revision()
    assert not [name for name in revision.content if name.endswith("_html")]
    assert not [field.name for field in Practice._meta.fields if field.name.endswith("_html") and field.editable]


def test_every_deed_that_changes_a_text_keeps_its_html(cast: Cast) -> None:
    item = make_item(make_meeting(cast, days=-1))
    item.refresh_from_db()
    change_item(item, {"body": "*Why*"}, by=cast.host, over=item.fingerprint())
    item = write_notes(item, "*What*", version=0, by=cast.host)
    assert (item.body_html, item.notes_html) == (keep("*Why*"), keep("*What*"))
    agreement = make_draft(cast)
    lines, now = [make_line()], timezone.now()
    redraft(agreement, by=cast.host, at=now, version=agreement.version, lines=lines, districts=[], body="*How*")
    assert agreement.body_html == keep("*How*")


def test_no_reader_waits_for_markdown(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page that shows some, as it was written through the deeds."""
    practice = make_practice(cast.kaneland, what_we_do="*What*", problem="*Problem*", do_differently="*Else*")
    make_adoption(practice, cast.geneva, note="*Note*")
    question = make_question(body="*Details*", practice=practice)
    make_answer(question, body="*Answer*")
    item = make_item(make_meeting(cast, days=-1), body="*About*")
    write_notes(item, "*Minutes*", version=0, by=cast.host)
    agreement = make_draft(cast, body="*Terms*")
    sign_in(client, cast.officer)
    unrendered(monkeypatch)
    shown_on = {
        practice.get_absolute_url(): ["What", "Problem", "Else", "Note"],
        question.get_absolute_url(): ["Details", "Answer"],
        f"/meetings/{item.meeting_id}/": ["About", "Minutes"],
        agreement.get_absolute_url(): ["Terms"],
    }
    for address, texts in shown_on.items():
        page = client.get(address).text
        assert not [text for text in texts if f"<em>{text}</em>" not in page], address
