"""The suite's own ground: what a really committing test leaves behind is put back."""

from __future__ import annotations

import pytest
from wagtail.models import Page, Site

from portal.districts.models import County
from portal.triggers import missing


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_each_committing_test_starts_from_the_migrated_database(turn: int) -> None:
    assert not County.objects.exists()
    assert Site.objects.exists()
    assert Page.objects.exists()
    assert missing() == []
    County.objects.create(name="Kane")
