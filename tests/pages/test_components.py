import re

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from portal.templatetags.crumbs import crumbs
from portal.templatetags.drawing import percent, seated
from portal.templatetags.fields import control_id, layout


@pytest.fixture
def guide(client: Client) -> str:
    return client.get(reverse("pages:style-guide")).content.decode()


def test_every_id_stands_once(guide: str) -> None:
    ids = re.findall(r'\sid="([^"]*)"', guide)
    assert len(ids) == len(set(ids))


def test_everything_that_points_at_an_id_finds_it(guide: str) -> None:
    ids = set(re.findall(r'\sid="([^"]*)"', guide))
    pointing = re.findall(r'\s(?:for|aria-describedby|aria-labelledby)="([^"]*)"', guide)
    pointing += re.findall(r'href="#([^"]*)"', guide)
    assert {name for names in pointing for name in names.split()} <= ids


def test_the_error_summary_leads_to_each_wrong_control(guide: str) -> None:
    summary = guide[guide.index("data-errors") : guide.index("</div>", guide.index("data-errors"))]
    for control in ("id_title", "id_problem", "id_quantity", "id_state_0", "id_again"):
        assert f'href="#{control}"' in summary
    assert "The agreement closed while you were typing." in summary


def test_what_was_typed_stays_beside_its_error(guide: str) -> None:
    control = re.search(r'<input[^>]*id="id_quantity"[^>]*>', guide)
    assert control is not None
    for attribute in (
        'value="many"',
        'aria-invalid="true"',
        'aria-describedby="id_quantity_helptext id_quantity_error"',
    ):
        assert attribute in control[0]


def test_a_page_above_without_an_address_is_left_out_of_the_crumbs() -> None:
    assert crumbs("Districts", "/districts/", None, "") == {"crumbs": [("Districts", "/districts/")]}
    assert crumbs("Districts", "/districts/", "Kane", "/counties/kane/")["crumbs"][1] == ("Kane", "/counties/kane/")


class Kinds(forms.Form):
    text = forms.CharField()
    box = forms.BooleanField()
    radios = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A")])
    boxes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("a", "A")])
    choice = forms.ChoiceField(choices=[("a", "A")])
    moment = forms.SplitDateTimeField()


def test_each_kind_of_field_has_its_layout() -> None:
    form = Kinds()
    assert {name: layout(form[name]) for name in form.fields} == {
        "text": "plain",
        "box": "checkbox",
        "radios": "choices",
        "boxes": "choices",
        "choice": "plain",
        "moment": "group",
    }
    assert [control_id(form[name]) for name in ("text", "radios", "moment")] == [
        "id_text",
        "id_radios_0",
        "id_moment_0",
    ]


@pytest.mark.parametrize(
    ("tags", "offered"),
    [
        ("undo /rsvp/3/undo/", True),
        ("undo https://evil.example/", False),
        ("undo //evil.example/", False),
        ("undo /\\evil.example/", False),
        ("", False),
        ("other", False),
    ],
)
def test_a_toast_offers_undo_on_this_site_only(tags: str, offered: bool) -> None:
    message = Message(constants.SUCCESS, "You come in person.", extra_tags=tags)
    html = render_to_string("components/toasts.html", {"messages": [message]})
    assert ('action="/rsvp/3/undo/"' in html) is offered
    assert ("<form" in html) is offered


def test_parts_are_drawn_as_percentages() -> None:
    assert [percent(913, 1300), percent(5, 0), percent(-1, 9), percent(20, 10)] == ["70.23%", "0%", "0%", "100.00%"]


def test_nobody_sits_on_a_neighbor() -> None:
    for count in range(3, 17):
        places = [(seat.x, seat.y) for seat in seated(range(count))]
        nearest = min((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for a in places for b in places if a is not b)
        assert nearest > 24**2
    assert seated([]) == []
