"""What each district hears of an award: its own quantities at the price that all reached."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from portal.districts.models import Role
from portal.notices.models import Notice
from purchasing.models import Agreement
from tests.people import Cast, join
from tests.purchasing.makers import make_show


def award(agreement: Agreement, cast: Cast) -> None:
    now = timezone.now()
    agreement.close(by=cast.host, at=now, reason="All have answered")
    agreement.award(
        by=cast.host,
        at=now,
        vendor="Prairie Devices",
        price_source="Quote 17",
        price_expires=date(2030, 1, 1),
        rationale="Lowest of four",
    )


def results(email: str) -> list[str]:
    """The texts of the mails of this kind, sorted."""
    return sorted(Notice.objects.filter(kind="agreement-result", email=email).values_list("body", flat=True))


def test_who_is_of_two_districts_hears_of_both(cast: Cast) -> None:
    join(cast.neighbor, Role.MEMBER, district=cast.batavia)
    award(make_show(cast), cast)
    batavia, geneva = results(cast.neighbor.email)
    assert "Batavia USD 101:\nChromebook: devices, 413 x $318.00 = $131,334.00" in batavia
    assert "Geneva CUSD 304:\nChromebook: devices, 500 x $318.00 = $159,000.00" in geneva
    assert len(results(cast.member.email)) == 1


def test_who_is_of_two_districts_hears_once_that_it_ended(cast: Cast) -> None:
    join(cast.neighbor, Role.MEMBER, district=cast.batavia)
    make_show(cast).cancel(by=cast.host, at=timezone.now(), reason="No vendor")
    assert len(results(cast.neighbor.email)) == 1
