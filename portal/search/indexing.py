"""Keeping entries true: called in the transaction of every write."""

from collections.abc import Iterable


def index(kind: str, object_ids: Iterable[int]) -> None:
    """Write the entries of these objects anew, or remove those of objects that are gone or no longer listed.

    Part of the caller's transaction. Costs a constant number of queries for any number of ids.
    """
