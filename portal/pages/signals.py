"""What happens to the page tree that the rooms above its rows act on."""

from django.dispatch import Signal

pages_changed = Signal()
"""Pages were written, moved or deleted; sent in the transaction that did it."""
