"""An officer's answer stands above the results, for those who may see it, until its day."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.curation.models import PromotedAnswer
from portal.curation.screens import promoted
from portal.search.text.query import parse
from tests.conftest import sign_in
from tests.people import Cast
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")
ADD = "wagtailsnippets_curation_promotedanswer:add"


def promote(phrases: str, object_id: int = 1, *, until: date | None = None, kind: str = "note") -> PromotedAnswer:
    answer = PromotedAnswer(
        phrases=phrases,
        kind=kind,
        object_id=object_id,
        note="Start <here>.",
        until=until or timezone.localdate(),
    )
    answer.full_clean()
    answer.save()
    return answer


def shown(text: str, user: object = None) -> list[str]:
    return [answer.title for answer in promoted.for_query(parse(text), user)]


def test_it_stands_above_the_results_with_its_note(client: Client, cast: Cast) -> None:
    make_entry(1, "Form 471, step by step")
    for number in range(2, 24):
        make_entry(number, "E-Rate")
    promote("e-rate, erate deadline")
    html = client.get("/search/", {"q": "E-Rate"}).content.decode()
    assert html.index("Form 471, step by step") < html.index(">E-Rate<")
    assert "Start &lt;here&gt;." in html
    assert "Form 471" not in client.get("/search/", {"q": "E-Rate", "page": "2"}).content.decode()


@pytest.mark.parametrize("text", ["erate deadline", "deadlines for erate", "ERATE  Deadline?"])
def test_order_number_and_small_words_do_not_matter(db: None, text: str) -> None:
    make_entry(1, "Form 471")
    promote("erate deadline")
    assert shown(text) == ["Form 471"]
    assert shown(f"{text} filing") == []
    assert shown(f"{text} -form") == []


def test_who_may_not_see_it_is_not_told_of_it(cast: Cast) -> None:
    make_entry(1, "For officers", audience=("officers",))
    promote("budget")
    assert shown("budget", cast.officer) == ["For officers"]
    for who in (cast.visitor, cast.stranger, cast.member, cast.host):
        assert shown("budget", who) == []


def test_after_its_day_and_without_its_object_it_is_gone(db: None) -> None:
    make_entry(1, "Here")
    promote("today")
    promote("yesterday", until=timezone.localdate() - timedelta(days=1))
    promote("nothing", 99)
    promote("unknown", kind="nonsense")
    assert shown("today") == ["Here"]
    assert shown("yesterday") == shown("nothing") == shown("unknown") == []


@pytest.mark.parametrize(("count", "is_taken"), [(20, True), (21, False)])
def test_an_answer_has_twenty_phrases_at_most(db: None, count: int, is_taken: bool) -> None:
    with nullcontext() if is_taken else pytest.raises(ValidationError, match="Keep to 20"):
        promote(", ".join(f"phrase {number}" for number in range(count)))


def test_it_costs_nothing_where_nothing_is_promoted(db: None) -> None:
    make_entry(1, "Here")
    promote("today")
    shown("today")
    with CaptureQueriesContext(connection) as queries:
        shown("tomorrow")
    assert len(queries) == 0


def test_a_phrase_without_words_is_refused(db: None) -> None:
    with pytest.raises(ValidationError, match="no letters or digits"):
        promote("wifi, --")


def test_an_officer_picks_the_answer_from_what_search_finds(client: Client, cast: Cast) -> None:
    make_entry(1, "Form 471, step by step")
    make_entry(2, "Something else")
    sign_in(client, cast.officer)
    page = client.get(reverse(ADD), {"phrases": "form 471"}).content.decode()
    assert "Note: Form 471, step by step" in page
    assert "Something else" not in page
    form = {"phrases": "e-rate", "find": "", "thing": "", "note": "", "until": "2099-01-01"}
    assert "Choose the answer" in client.post(reverse(ADD), form).content.decode()
    assert "Note: Something else" in client.post(reverse(ADD), form | {"find": "something"}).content.decode()
    assert "Choose one of the answers listed" in client.post(reverse(ADD), form | {"thing": "note:77"}).content.decode()
    assert client.post(reverse(ADD), form | {"thing": "note:1"}).status_code == 302
    answer = PromotedAnswer.objects.get()
    assert (answer.kind, answer.object_id) == ("note", 1)
    edit = reverse("wagtailsnippets_curation_promotedanswer:edit", args=[answer.pk])
    assert 'value="note:1"' in client.get(edit).content.decode()
    assert client.post(edit, form | {"thing": "note:1", "phrases": "erate, E-Rate"}).status_code == 302
    assert shown("erate") == ["Form 471, step by step"]
