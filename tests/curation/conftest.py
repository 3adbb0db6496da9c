"""Uses of search are tested as search is: by each engine, over entries of a kind that only tests know."""

from tests.search.conftest import _search_copy, answered_by, note, pytest_generate_tests

__all__ = ["_search_copy", "answered_by", "note", "pytest_generate_tests"]
