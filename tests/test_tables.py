from __future__ import annotations

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.tables import Table, UnreadableFileError, decoded, lines_of, pasted, refused_rows


def test_rows_are_read_by_the_names_of_their_columns() -> None:
    table = Table(" Name ,CITY\r\n Kaneland , Maple Park\r\nGeneva\r\n")
    assert table.columns == ("name", "city")
    assert table.missing("name", "county") == ["county"]
    assert [row.by_column() for row in table] == [
        {"name": "Kaneland", "city": "Maple Park"},
        {"name": "Geneva", "city": ""},
    ]


def test_a_known_column_is_called_as_it_is_known_however_it_is_written() -> None:
    table = Table("NCES-ID,Low Income Pct,RCDTS,Notes\n", known=("nces_id", "low_income_pct"), also={"rcdts": "code"})
    assert table.columns == ("nces_id", "low_income_pct", "code", "notes")


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
    with pytest.raises(UnreadableFileError, match=r"^nowhere\.csv cannot be read\.$"):
        Table(lines_of(tmp_path / "nowhere.csv"))


@pytest.mark.parametrize(
    "text",
    [
        "name;city\nKane;Elgin, IL\n",
        "sep=;\nname;city\nKane;Elgin, IL\n",
        '"sep=|"\r\nname|city\r\nKane|Elgin, IL\r\n',
        "\n\n\ufeffName\tCity\n\nKane\tElgin, IL\n \t\n",
        'name,city\nKa\u200bne\u00ad,"\u00a0Elgin,\u00a0IL"\n',
    ],
    ids=["semicolons", "sep=", "sep= in quotes", "blank lines and tabs", "what nobody sees"],
)
def test_spreadsheets_of_every_country_say_the_same(text: str) -> None:
    assert [row.by_column() for row in Table(text).filled()] == [{"name": "Kane", "city": "Elgin, IL"}]


def test_a_column_that_stands_twice_is_named() -> None:
    with pytest.raises(UnreadableFileError, match=r"Line 2: there are two columns of one name: nces_id\."):
        Table("\nNCES id,name,nces_id,,\n", known=("nces_id", "name"))
    assert Table("nces_id,notes,notes,,\n", known=("nces_id",)).columns == ("nces_id", "notes", "notes", "", "")


def test_what_a_table_lacks_is_said_with_what_it_has() -> None:
    with pytest.raises(UnreadableFileError, match=r"Line 1 .* lacks the columns nces_id, name\. It reads: id, title"):
        Table("id,title\n").require("nces_id", "name")


def test_a_row_in_another_encoding_is_told_how_it_reads_there() -> None:
    content = "name,city\nPeña,Cañon\nKane,Elgin\n".encode("cp1252")
    first, second = Table(decoded(content)).filled()
    assert "In Windows-1252 it reads “Peña”" in first.fault
    assert second.fault == ""
    first, _second = Table(decoded(content, "cp1252")).filled()
    assert (first.fault, first.by_column()) == ("", {"name": "Peña", "city": "Cañon"})
    assert next(Table(decoded("name\nPeña\n".encode("utf-16"))).filled()).cells == ["Peña"]


def test_refused_rows_can_be_mended_and_read_again() -> None:
    rows = refused_rows(("name", "city"), [(7, "Why.", ["Kane", "Elgin"])])
    assert rows == [["line", "reason", "name", "city"], ["7", "Why.", "Kane", "Elgin"]]
    (again,) = Table("\n".join(map(",".join, rows)), known=("name", "city")).filled()
    assert (again.fault, again.by_column()["city"]) == ("", "Elgin")


def test_a_long_file_takes_the_memory_of_a_row(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("name,text\n")
        file.writelines(f"{number},{'x' * 500}\n" for number in range(20_000))
    tracemalloc.start()
    try:
        assert sum(1 for _row in Table(lines_of(path)).filled()) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()


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
