"""What happens to districts and people that higher layers act on, without this one knowing them."""

from django.dispatch import Signal

districts_changed = Signal()
"""`ids`: districts written in bulk, in the transaction that wrote them. A single `save` sends Django's post_save."""

offices_changed = Signal()
"""`ids`: regional offices whose counties or name changed, in the transaction that wrote them."""

people_changed = Signal()
"""`ids`: accounts of which the name, address or memberships were written, in the transaction that wrote them."""

notice_due = Signal()
"""Somebody is to be told, inside the transaction of the deed.

`kind`, `people` (accounts or bare addresses), `key` (names the occasion), `at`, and `context` for the mail's text.
"""
