"""Officers moderate in the Wagtail admin, and the panels that knowledge puts on other pages can be shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from knowledge.models import Adoption, Answer, Practice, Question
from portal.districts.models import User
from portal.registry import PanelContext, agenda_sources, need_sources, shown_panels
from portal.search.asking.finding import find
from tests.conftest import sign_in
from tests.knowledge.makers import NOON, make_adoption, make_answer, make_practice, make_question
from tests.people import Cast


@pytest.mark.parametrize("model", ["practice", "question", "answer", "adoption", "tag", "product"])
def test_an_officer_opens_every_list_and_searches_it(client: Client, cast: Cast, model: str) -> None:
    make_adoption(make_practice(cast.geneva, tags=("repair",), products=("Jamf",)), cast.kaneland)
    sign_in(client, cast.officer)
    url = reverse(f"wagtailsnippets_knowledge_{model}:list")
    assert client.get(url).status_code == 200
    assert client.get(url, {"q": '"'}).status_code == 200


@pytest.mark.parametrize("model", [Adoption, Answer])
def test_what_stands_under_another_thing_is_not_added_in_the_admin(
    client: Client, cast: Cast, model: type[Adoption | Answer]
) -> None:
    """The page asked neither for the practice nor for the question it belongs to, and saving it was a 500."""
    snippets = f"wagtailsnippets_knowledge_{model._meta.model_name}"
    add = reverse(f"{snippets}:add")
    for person in (cast.officer, User.objects.create_superuser("root@chapter.example", name="Superuser")):
        sign_in(client, person)
        assert add not in client.get(reverse(f"{snippets}:list")).content.decode()
        assert client.get(add).status_code == 302
        assert client.post(add, {"body": "An answer", "status": "in_use"}).status_code == 302
    assert not model.objects.exists()


def test_an_officer_still_changes_and_deletes_them(client: Client, cast: Cast) -> None:
    adoption = make_adoption(make_practice(cast.geneva), cast.kaneland)
    sign_in(client, cast.officer)
    edit = reverse("wagtailsnippets_knowledge_adoption:edit", args=[adoption.pk])
    assert client.post(edit, {"status": "stopped", "note": "Ended"}).status_code == 302
    assert Adoption.objects.get().status == "stopped"
    asked = client.post(reverse("wagtailsnippets_knowledge_adoption:delete", args=[adoption.pk]), follow=True)
    [(hide, _status)] = asked.redirect_chain
    assert Adoption.objects.exists(), "the reason comes first"
    assert client.post(hide, {"whole": "on"}).status_code == 422
    assert client.post(hide, {"reason": "A student is named", "whole": "on"}).status_code == 302
    assert not Adoption.objects.exists()


def test_what_hides_members_words_in_the_admin_leads_to_the_page_that_asks_why(client: Client, cast: Cast) -> None:
    """Delete, delete many, and unpublish; tags and products are nobody's words."""
    practice = make_practice(cast.geneva, tags=("repair",))
    question, other = make_question(district=cast.kaneland), make_question(title="Other?", district=cast.kaneland)
    rows: dict[str, Any] = {
        "practice": practice,
        "question": question,
        "answer": make_answer(question, district=cast.geneva),
    }
    rows |= {"note": make_adoption(practice, cast.kaneland)}
    sign_in(client, cast.officer)
    for name, row in rows.items():
        hide = reverse(f"knowledge:{name}-hide", args=[row.pk])
        model = row._meta.model_name
        for ask in (client.get, client.post):
            assert ask(reverse(f"wagtailsnippets_knowledge_{model}:delete", args=[row.pk])).headers["Location"] == hide
    unpublish = reverse("wagtailsnippets_knowledge_practice:unpublish", args=[practice.pk])
    assert client.post(unpublish).headers["Location"] == reverse("knowledge:practice-hide", args=[practice.pk])
    many = reverse("wagtail_bulk_action", args=["knowledge", "question", "delete"])
    client.post(f"{many}?id={question.pk}&id={other.pk}&next=/admin/")
    assert Practice.objects.get().live
    assert Question.objects.count() == 2
    tag = practice.tags.get()
    client.post(reverse("wagtailsnippets_knowledge_tag:delete", args=[tag.pk]))
    assert not type(tag).objects.exists()


@pytest.mark.parametrize("model", ["question", "tag", "product"])
def test_the_others_are_added_by_an_officer(client: Client, cast: Cast, model: str) -> None:
    sign_in(client, cast.officer)
    sent = {"title": "Who repairs?", "name": "Repair", "slug": "repair", "tags": "", "aliases": "[]"}
    assert client.post(reverse(f"wagtailsnippets_knowledge_{model}:add"), sent).status_code < 500


def test_an_officers_draft_waits_and_their_publication_is_found(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.geneva, title="Carts", tags=("repair",), products=("Jamf",))
    make_adoption(practice, cast.kaneland)
    sign_in(client, cast.officer)
    url = reverse("wagtailsnippets_knowledge_practice:edit", args=[practice.pk])
    assert client.get(url).status_code == 200
    form = {
        "kind": "how",
        "audience": "public",
        "title": "Zebra carts",
        "district": cast.geneva.pk,
        "what_we_do": "Steps.",
        "tags": '"repair"',
        "products": [product.pk for product in practice.products.all()],
        "cost_per": "",
    }
    assert client.post(url, form).status_code == 302
    stored = Practice.objects.get()
    assert (stored.title, stored.has_open_draft, stored.version) == ("Carts", True, practice.version)
    assert client.post(url, form | {"action-publish": "1"}).status_code == 302
    stored = Practice.objects.get()
    assert (stored.title, stored.has_open_draft, stored.in_use_count) == ("Zebra carts", False, 1)
    assert stored.version == practice.version + 1
    assert [tag.slug for tag in stored.tags.all()] == ["repair"]
    assert find("zebra", user=cast.visitor).total == 1
    assert ModelLogEntry.objects.filter(action="wagtail.publish", user=cast.officer).exists()


def shown(slot: str, context: PanelContext) -> str:
    panels = [panel for panel in shown_panels(slot, context) if panel["key"].startswith("knowledge.")]
    template = engines["django"].from_string("{% load panels %}{% show_panels panels %}")
    return template.render({"panels": panels})


def test_panels_show_what_is_new_and_nothing_hidden(cast: Cast) -> None:
    now = NOON + timedelta(days=1)
    public = make_practice(cast.geneva, title="Public carts", audience="public")
    make_practice(cast.geneva, title="Hidden carts", audience="district")
    make_adoption(public, cast.batavia)
    make_question(practice=public, title="Which wheels?", district=cast.sycamore)
    member = PanelContext(user=cast.member, now=now)
    home = shown("home.member", member)
    assert "Batavia does this too: Public carts" in home
    assert "Like yours: 4,903 students" in home
    assert "Which wheels?" in home
    assert "Hidden carts" not in home
    assert "Kaneland" in shown("home.aside", member)
    visitor = PanelContext(user=cast.visitor, now=now)
    assert "Public carts" in shown("home.visitor", visitor)
    assert "In use in 1 district" in shown("home.visitor", visitor)
    assert shown("home.member", visitor) == ""
    assert "Batavia" not in shown("district", PanelContext(user=cast.visitor, now=now, about=cast.geneva))
    assert "Does this too" in shown("district", PanelContext(user=cast.member, now=now, about=cast.batavia))
    assert shown("district", PanelContext(user=cast.visitor, now=now, about=cast.batavia)) == ""


def test_a_question_on_our_practice_is_a_need_and_an_agenda_suggestion(cast: Cast) -> None:
    now = NOON + timedelta(days=1)
    practice = make_practice(cast.geneva)
    question = make_question(practice=practice, title="Which wheels?", district=cast.kaneland)
    source = need_sources["knowledge.questions"]
    [need] = source.load(PanelContext(user=cast.neighbor, now=now))
    assert need.text == "Kaneland asks: Which wheels?"
    assert source.load(PanelContext(user=cast.outsider, now=now)) == []
    make_adoption(practice, cast.batavia, status="stopped", note="Too dear.")
    found = agenda_sources["knowledge"].suggest([cast.kane.pk], cast.host, now)
    assert [(s.kind, s.object_id) for s in found] == [("question", question.pk), ("practice", practice.pk)]
    assert Question.objects.count() == 1
