"""The host's grid: the screen and the file show the same cells, and no cell becomes a formula."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone

from portal.districts.models import Role, User
from portal.notices.models import Notice
from portal.spreadsheets import csv_bytes, safe
from purchasing.deeds.answer import decline
from purchasing.deeds.award import award_agreement
from purchasing.deeds.close import close_agreement
from purchasing.deeds.commit import commit
from purchasing.deeds.evidence import Report
from purchasing.deeds.plan import report
from purchasing.models import Agreement, BuyingRule, Commitment
from tests.conftest import sign_in
from tests.people import Cast, join, make_user
from tests.purchasing.makers import by_board, in_a_year, line_of, make_agreement, make_commitment, make_line, make_show


class GridReader(HTMLParser):
    """The text of the cells of the table `grid`, without the column of deeds."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in = self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table" and ("id", "grid") in attrs:
            self._in = True
        if self._in and tag == "tr":
            self.rows.append([])
        if self._in and tag in {"td", "th"}:
            self._cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._in = False
        if tag in {"td", "th"}:
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._in and self._cell:
            self.rows[-1][-1] += data


def _one_line(groups: list[str], parts: list[str]) -> list[str]:
    """The two lines of the screen's head as the file's one: an item's name before each of its two columns."""
    items = groups[2 : 2 + len(parts) // 2]
    columns = [f"{items[n // 2]}: {part.lower()}" for n, part in enumerate(parts)]
    return [*groups[:2], *columns, groups[2 + len(items)]]


def test_the_file_equals_the_screen(client: Client, cast: Cast) -> None:
    agreement = make_agreement(cast, lines=[make_line(), make_line("=Cart, 30 seats", unit="cart")])
    make_commitment(agreement, cast.geneva, 1500, buyer=cast.neighbor)
    now = timezone.now()
    said = Report(by="@secretary", how="phone", at=now)
    report(agreement, cast.kaneland, {line_of(agreement, 2).pk: 60}, by=cast.host, at=now, said=said)
    decline(agreement, cast.batavia, by=_member(cast), at=now, reason="-none")
    sign_in(client, cast.host)
    reader = GridReader()
    reader.feed(client.get(f"{agreement.get_absolute_url()}grid/").content.decode())
    response = client.get(f"{agreement.get_absolute_url()}grid.csv")
    assert response["Content-Disposition"] == f'attachment; filename="agreement-{agreement.pk}.csv"'
    in_file = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    width = len(in_file[0])
    groups, parts, *rows = [[cell.strip() for cell in row] for row in reader.rows]
    on_screen = [_one_line(groups, parts), *(row[:width] for row in rows)]
    plain = [[_number(cell.removeprefix("'")) for cell in row] for row in in_file]
    assert [[_number(cell) for cell in row] for row in on_screen] == plain
    assert len(in_file) == 1 + 3 + 1
    assert in_file[0][4] == "'=Cart, 30 seats: committed"
    assert in_file[-1][2:6] == ["1500", "0", "0", "60"]


def test_each_item_heads_a_group_of_two_columns(cast: Cast, client: Client) -> None:
    agreement = make_agreement(cast, lines=[make_line(), make_line("Cart")])
    page = sign_in(client, cast.host).get(f"/agreements/{agreement.pk}/grid/").content.decode()
    assert page.count('<colgroup span="2">') == 1 + 2 + 1, "district and answer, the items, note and deeds"


def _number(text: str) -> str:
    return text.replace(",", "") if text.replace(",", "").isdigit() else text


def _member(cast: Cast) -> User:

    person = make_user("director@batavia.example", "Tech director, Batavia")
    join(person, Role.MEMBER, district=cast.batavia)
    return person


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", " ="])
def test_no_text_becomes_a_formula(start: str) -> None:
    assert safe(f"{start}1+1").startswith("'")


def test_numbers_and_dates_stay_what_they_are() -> None:
    rows = csv_bytes([["a", -5, Decimal("-1.50"), date(2026, 12, 11), None, "5-6"]])
    assert rows == b"\xef\xbb\xbfa,-5,-1.50,2026-12-11,,5-6\r\n"


def test_what_the_host_enters_is_planned_until_the_buyer_commits(cast: Cast) -> None:
    agreement = make_show(cast)
    line = line_of(agreement)
    now = timezone.now()
    said = Report(by="technology secretary", how="phone", at=now)
    report(agreement, cast.kaneland, {line.pk: 60}, by=cast.host, at=now, said=said)
    row = Commitment.objects.get(participation__district=cast.kaneland)
    assert (row.planned, row.committed, row.reported_by) == (60, 0, "technology secretary")
    line.refresh_from_db()
    assert line.committed == 913
    commit(agreement, cast.kaneland, {line.pk: 60}, by=cast.buyer, at=now, approval=by_board())
    row.refresh_from_db()
    assert (row.planned, row.committed, row.reported_by) == (0, 60, "")


def test_reminding_writes_to_those_who_have_not_answered_once_a_day(client: Client, cast: Cast) -> None:
    agreement = make_show(cast)
    sign_in(client, cast.host)
    url = f"{agreement.get_absolute_url()}remind/"
    client.post(url)
    client.post(url)
    told = Notice.objects.filter(kind="agreement-reminder").values_list("email", flat=True)
    assert sorted(told) == sorted([cast.member.email, cast.buyer.email])


def test_everybody_is_told_of_the_opening_and_each_district_of_its_price(cast: Cast) -> None:
    agreement = make_show(cast)
    opened = set(Notice.objects.filter(kind="agreement-opened").values_list("email", flat=True))
    assert opened == {cast.member.email, cast.buyer.email, cast.neighbor.email}
    now = timezone.now()
    close_agreement(agreement, by=cast.host, at=now, reason="All in")
    award_agreement(
        agreement,
        by=cast.host,
        at=now,
        vendor="Prairie",
        price_source="Quote",
        price_expires=in_a_year(),
        rationale="Lowest",
    )
    text = Notice.objects.get(kind="agreement-result", email=cast.neighbor.email).body
    assert "500 x $318.00 = $159,000.00" in text
    assert (
        "Your district committed no quantity."
        in Notice.objects.get(kind="agreement-result", email=cast.member.email).body
    )


def test_three_days_before_the_closing_the_silent_are_told(cast: Cast) -> None:
    from purchasing.deeds.notify import three_days_left

    agreement = make_show(cast)
    assert three_days_left(timezone.now()) == 0
    Agreement.objects.filter(pk=agreement.pk).update(closes_at=timezone.now() + timedelta(days=2))
    assert three_days_left(timezone.now()) == 2
    assert three_days_left(timezone.now()) == 0


def test_the_silent_are_told_from_the_third_day_on_until_the_closing(cast: Cast) -> None:
    from purchasing.deeds.notify import three_days_left

    closing = make_agreement(cast).closes_at
    assert closing is not None
    moment, three_days = timedelta(microseconds=1), timedelta(days=3)
    assert three_days_left(closing) == 0
    assert three_days_left(closing - three_days - moment) == 0
    assert three_days_left(closing - three_days) == 3
    Notice.objects.all().delete()
    assert three_days_left(closing - moment) == 3


def test_nobody_is_told_within_a_day_of_the_opening(cast: Cast) -> None:
    from purchasing.deeds.notify import three_days_left

    opened = timezone.now()
    BuyingRule.objects.create(in_force_from=timezone.localdate(opened), open_days=2)
    make_agreement(cast, at=opened, closes_in_days=2.5)
    assert three_days_left(opened + timedelta(days=1, microseconds=-1)) == 0
    assert three_days_left(opened + timedelta(days=1)) == 3


def test_who_was_told_today_that_it_opened_is_not_told_today_that_it_closes(cast: Cast) -> None:
    from purchasing.deeds.notify import three_days_left

    now = timezone.now()
    BuyingRule.objects.create(in_force_from=timezone.localdate(now), open_days=2)
    make_agreement(cast, at=now, closes_in_days=2.5)
    assert three_days_left(now + timedelta(minutes=1)) == 0
    assert three_days_left(now + timedelta(days=1, minutes=1)) == 3
