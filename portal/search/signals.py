"""What happens in search that higher layers act on, without this one knowing them."""

from django.dispatch import Signal

searched = Signal()
"""Somebody looked at a page of results, each page once. Nothing may be written: it is a GET.

`results`, `user`, `kind` (where it was limited to one, else ""), and `seconds` that it took.
"""
