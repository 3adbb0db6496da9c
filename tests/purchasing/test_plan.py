"""What is planned beside what is committed: two figures, never the same units twice, and an answer only where one was
given."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.refusals import Refused
from purchasing.deeds import answer as answers
from purchasing.deeds import commit as commitments
from purchasing.deeds import plan as plans
from purchasing.deeds.evidence import Report
from purchasing.models import Agreement, Commitment, CommitmentEntry, ParticipationState
from purchasing.models.quantity_table import quantity_table_of
from tests.conftest import sign_in
from tests.people import Cast
from tests.purchasing.makers import by_board, line_of, make_agreement, make_line

NOW = timezone.now()
PHONE = Report("the secretary", "phone", NOW)


@pytest.fixture
def agreement(cast: Cast) -> Agreement:
    return make_agreement(cast, lines=[make_line(), make_line("Cart", unit="cart")])


def plan(agreement: Agreement, cast: Cast, *quantities: int, said: Report | None = None) -> None:
    typed = {line_of(agreement, position).pk: n for position, n in enumerate(quantities, start=1)}
    if said is None:
        plans.plan(agreement, cast.kaneland, typed, by=cast.member, at=NOW)
    else:
        plans.report(agreement, cast.kaneland, typed, by=cast.host, at=NOW, said=said)


def commit(agreement: Agreement, cast: Cast, *quantities: int) -> None:
    typed = {line_of(agreement, position).pk: n for position, n in enumerate(quantities, start=1)}
    commitments.commit(agreement, cast.kaneland, typed, by=cast.buyer, at=NOW, approval=by_board())


def figures() -> list[tuple[int, int]]:
    """Planned and committed of each item."""
    return list(Commitment.objects.order_by("line__position").values_list("planned", "committed"))


def answer(agreement: Agreement, cast: Cast) -> str:
    return str(agreement.participations.get(district=cast.kaneland).state)


@pytest.mark.parametrize("said", [None, PHONE], ids=["by a member", "by the host"])
def test_as_much_as_is_committed_is_no_plan_beside_it(agreement: Agreement, cast: Cast, said: Report | None) -> None:
    commit(agreement, cast, 240)
    plan(agreement, cast, 240, said=said)
    assert figures() == [(0, 240)]
    plan(agreement, cast, 260, said=said)
    assert figures() == [(260, 240)]
    plan(agreement, cast, 240, said=said)
    assert figures() == [(0, 240)]
    assert answer(agreement, cast) == ParticipationState.JOINED


def test_zero_on_an_item_takes_its_plan_back_when_the_others_are_committed(agreement: Agreement, cast: Cast) -> None:
    plan(agreement, cast, 240, 60)
    commit(agreement, cast, 240, 0)
    assert figures() == [(0, 240), (0, 0)]
    last = CommitmentEntry.objects.last()
    assert last is not None
    assert (last.kind, last.planned_before, last.planned_after) == ("planned", 60, 0)


def test_zero_takes_back_a_plan_and_with_it_the_answer(agreement: Agreement, cast: Cast) -> None:
    plan(agreement, cast, 240)
    plan(agreement, cast, 0)
    assert (figures(), answer(agreement, cast)) == ([(0, 0)], ParticipationState.INVITED)


def test_zero_takes_back_no_other_answer(agreement: Agreement, cast: Cast) -> None:
    answers.decline(agreement, cast.kaneland, by=cast.member, at=NOW, reason="Our own bid")
    plan(agreement, cast, 0)
    mine = agreement.participations.get(district=cast.kaneland)
    assert (mine.state, mine.reason) == (ParticipationState.DECLINED, "Our own bid")


def test_a_district_that_phones_to_say_none_has_answered(agreement: Agreement, cast: Cast) -> None:
    plan(agreement, cast, 0, 0, said=PHONE)
    mine = agreement.participations.get(district=cast.kaneland)
    assert (mine.state, mine.reason) == (ParticipationState.DECLINED, "the secretary told the regional office.")
    assert [entry.reported_by for entry in CommitmentEntry.objects.all()] == ["the secretary"] * 2


def test_none_of_one_item_is_no_answer_about_the_others(agreement: Agreement, cast: Cast) -> None:
    plan(agreement, cast, 0, said=PHONE)
    assert answer(agreement, cast) == ParticipationState.INVITED
    plan(agreement, cast, 240, said=PHONE)
    plan(agreement, cast, 0, said=PHONE)
    assert answer(agreement, cast) == ParticipationState.INVITED


def test_a_phoned_none_leaves_the_district_its_own_no(agreement: Agreement, cast: Cast) -> None:
    answers.decline(agreement, cast.kaneland, by=cast.member, at=NOW, reason="Our own bid")
    plan(agreement, cast, 0, 0, said=PHONE)
    mine = agreement.participations.get(district=cast.kaneland)
    assert (mine.state, mine.reason, mine.answered_by) == (ParticipationState.DECLINED, "Our own bid", cast.member)


def test_a_phoned_none_leaves_what_the_buyer_withdrew(agreement: Agreement, cast: Cast) -> None:
    commit(agreement, cast, 240)
    commitments.withdraw(agreement, cast.kaneland, by=cast.buyer, at=NOW, reason="The board said no")
    plan(agreement, cast, 0, 0, said=PHONE)
    mine = agreement.participations.get(district=cast.kaneland)
    assert (mine.state, mine.reason) == (ParticipationState.WITHDRAWN, "The board said no")


@pytest.mark.parametrize("said", [None, PHONE], ids=["by a member", "by the host"])
def test_none_does_not_take_back_what_is_committed(agreement: Agreement, cast: Cast, said: Report | None) -> None:
    commit(agreement, cast, 240)
    with pytest.raises(Refused, match="240 devices committed"):
        plan(agreement, cast, 0, 60, said=said)
    assert figures() == [(0, 240)]


@pytest.mark.parametrize(("planned", "more"), [(240, 0), (260, 20), (100, 0)])
def test_all_that_is_planned_is_not_counted_on_top_of_what_is_committed(
    agreement: Agreement, cast: Cast, client: Client, planned: int, more: int
) -> None:
    commit(agreement, cast, 240)
    plan(agreement, cast, planned)
    (line, _cart) = quantity_table_of(agreement).lines
    assert (line.committed, line.planned) == (240, more)
    page = sign_in(client, cast.host).get(agreement.get_absolute_url()).content.decode()
    assert ("more planned" in page) == (more > 0)
    file = sign_in(client, cast.host).get(f"{agreement.get_absolute_url()}grid.csv").content.decode()
    assert f"Total,1 of 3 answered,240,{more}," in file
    assert ("Means to take less in all: Chromebook: 100 devices" in file) == (planned == 100)


def test_a_member_is_told_what_was_saved(agreement: Agreement, cast: Cast, client: Client) -> None:
    sign_in(client, cast.member)
    first = f"quantity_{line_of(agreement).pk}"

    def saved(quantity: str) -> list[str]:
        answered = client.post(f"{agreement.get_absolute_url()}plan/", {first: quantity}, follow=True)
        return [str(message) for message in answered.context["messages"]]

    assert saved("60") == ["Saved as planned for Kaneland. It binds nobody."]
    assert saved("0") == ["Saved: Kaneland plans none."]
    commit(agreement, cast, 240)
    assert saved("240") == ["Saved: Kaneland plans what it has committed."]
    assert saved("0") == ["Chromebook: 240 devices committed. Only the district's buyer can lower or withdraw that."]


def test_what_was_not_spoken_of_is_blank_and_stays(agreement: Agreement, cast: Cast, client: Client) -> None:
    plan(agreement, cast, 120, 60)
    sign_in(client, cast.host)
    address = reverse("purchasing:agreement-enter", args=[agreement.pk, cast.kaneland.pk])
    page = client.get(address).content.decode()
    assert 'value="120"' not in page
    assert "Now: 120 devices planned." in page
    said = {"reported_by": "the secretary", "how": "phone", "reported_at": "2026-01-05T10:00"}
    client.post(address, said | {f"quantity_{line_of(agreement, 2).pk}": "70"})
    assert figures() == [(120, 0), (70, 0)]
    assert Commitment.objects.get(line=line_of(agreement)).reported_by == ""


def test_the_host_who_enters_what_is_committed_is_told_so(agreement: Agreement, cast: Cast, client: Client) -> None:
    commit(agreement, cast, 240)
    sign_in(client, cast.host)
    address = reverse("purchasing:agreement-enter", args=[agreement.pk, cast.kaneland.pk])
    said = {"reported_by": "the secretary", "how": "phone", "reported_at": "2026-01-05T10:00"}
    answered = client.post(address, said | {f"quantity_{line_of(agreement).pk}": "240"}, follow=True)
    assert [str(message) for message in answered.context["messages"]] == ["Entered for Kaneland: as it has committed."]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("240", "0"), "Entered as planned for Kaneland, until its buyer commits."),
        (("0", "0"), "Entered for Kaneland: not this time."),
        (("0", ""), "Entered for Kaneland: none."),
    ],
)
def test_the_host_is_told_what_was_recorded(
    agreement: Agreement, cast: Cast, client: Client, typed: tuple[str, str], told: str
) -> None:
    sign_in(client, cast.host)
    address = reverse("purchasing:agreement-enter", args=[agreement.pk, cast.kaneland.pk])
    quantities = {f"quantity_{line_of(agreement, n).pk}": text for n, text in enumerate(typed, start=1)}
    said = {"reported_by": "the secretary", "how": "phone", "reported_at": "2026-01-05T10:00"}
    answered = client.post(address, quantities | said, follow=True)
    assert [str(message) for message in answered.context["messages"]] == [told]
