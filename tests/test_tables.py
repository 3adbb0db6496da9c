from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.tables import Table, UnreadableFileError, decoded, pasted, text_of


def test_rows_are_read_by_the_names_of_their_columns() -> None:
    table = Table(" Name ,CITY\r\n Kaneland , Maple Park\r\nGeneva\r\n")
    assert table.columns == ("name", "city")
    assert table.missing("name", "county") == ["county"]
    assert [row.by_column() for row in table] == [
        {"name": "Kaneland", "city": "Maple Park"},
        {"name": "Geneva", "city": ""},
    ]


def test_names_stay_as_they_are_written_where_their_case_counts() -> None:
    assert Table("Name,nces_id\n", any_case=False).missing("name", "nces_id") == ["name"]


def test_a_row_knows_where_it_starts_and_ends() -> None:
    rows = list(Table('a,b\n1,"two\nlines"\n\n , \n3,4,5,\n'))
    assert [(row.line, row.last_line) for row in rows] == [(2, 3), (4, 4), (5, 5), (6, 6)]
    assert [row.is_blank for row in rows] == [False, True, True, False]
    assert [len(row.cells) for row in rows] == [2, 0, 2, 4]
    assert [row.beyond for row in rows] == [[], [], [], ["5", ""]]


def test_a_row_that_cannot_be_taken_apart_costs_no_other() -> None:
    first, second = Table(f"a,b\n1,{'x' * 1_000_001}\n2,3\n")
    assert (first.line, first.cells, first.trouble) == (2, [], "field larger than field limit (1000000)")
    assert (second.line, second.trouble, second.by_column()) == (3, "", {"a": "2", "b": "3"})


def test_a_first_line_that_cannot_be_read_is_said() -> None:
    with pytest.raises(UnreadableFileError, match="The first line cannot be read: field larger"):
        Table(f"{'x' * 1_000_001}\n")


@pytest.mark.parametrize(("last", "is_left_open"), [('1,"text\n2,text\n', True), ('1,"te""xt\n"', False), ("", False)])
def test_a_quote_that_is_never_closed_is_noticed(last: str, is_left_open: bool) -> None:
    rows = list(Table(f'a,b\n0,"whole"\n{last}'))
    assert not rows[0].is_left_open
    assert rows[-1].is_left_open is is_left_open


def test_cells_of_a_spreadsheet_come_with_tabs_and_csv_with_commas() -> None:
    for text in ("\ufeff\r\nItem\tPrice\r\nCart\t1,200\r\n", 'Item,Price\nCart,"1,200"'):
        assert [row.by_column() for row in pasted(text)] == [{"item": "Cart", "price": "1,200"}]
    assert pasted(" \n").columns == ()


@pytest.mark.parametrize("text", ['item,unit\n"a" b,c\n', 'item,unit\n"open,c\n', '"item" x,unit\n'])
def test_what_is_pasted_is_refused_as_a_whole_where_its_quotes_are_wrong(text: str) -> None:
    with pytest.raises(UnreadableFileError, match="The table could not be read: "):
        list(pasted(text))


def test_bytes_that_are_no_text_stay_marked_in_their_own_cell() -> None:
    (row,) = Table(decoded(b"\xef\xbb\xbfa,b\n\xff,Jos\xc3\xa9\n"))
    assert row.by_column() == {"a": "\udcff", "b": "José"}


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"nowhere\.csv cannot be read\."):
        text_of(tmp_path / "nowhere.csv")


@given(
    st.lists(st.lists(st.text(st.sampled_from('a1 ",;\t\r\n\u00e9'), max_size=5), min_size=1, max_size=4), max_size=5)
)
def test_what_was_written_is_read_and_lines_count_up(written: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *written])
    rows = list(Table(out.getvalue()))
    assert [row.cells for row in rows] == written
    assert not any(row.is_left_open or row.trouble for row in rows)
    edges = [1, *(edge for row in rows for edge in (row.line, row.last_line))]
    assert edges == sorted(edges)
