"""What somebody typed never becomes a formula on an officer's machine, whoever writes the file."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Workflow

from portal.curation.models import LoggedSearch
from portal.pages.models import StandardPage
from tests.conftest import sign_in
from tests.knowledge.makers import make_practice
from tests.pages.makers import make_page
from tests.people import Cast

FORMULA = '=HYPERLINK("http://elsewhere.example","look")'


@pytest.mark.parametrize("report", ["site-history", "workflow", "workflow_tasks", "searches", "audience"])
def test_the_admins_own_files_hold_no_formula(client: Client, cast: Cast, report: str) -> None:
    cast.neighbor.name = "+1"
    cast.neighbor.save()
    make_practice(cast.geneva, by=cast.neighbor, title=FORMULA)
    page: StandardPage = make_page(FORMULA, live=False)
    page.save_revision(user=cast.officer)
    Workflow.objects.get().start(page, cast.officer)
    LoggedSearch.objects.create(text=FORMULA, day=timezone.localdate(), total=0, milliseconds=5)
    answer = sign_in(client, cast.officer).get(f"/admin/reports/{report}/", {"export": "csv"})
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode())))  # type: ignore[attr-defined]
    cells = [cell for row in rows for cell in row]
    assert f"'{FORMULA}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+"))] == []
