"""Addresses as people paste them: from a mail's "To" line, a list with numbers, or cells of a spreadsheet.

Only what is an address by its own letters is taken for one: `email.utils.parseaddr` makes `1.a@x.org` of "1. a@x.org".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from portal.districts.deeds.invite_lines import Line
from portal.text import clean, one_line

_ADDRESS = re.compile(
    r"""[^\s<>()\[\]{},;:"'@\u2018-\u201f-][^\s<>()\[\],;:"@]{0,63}@[^\s<>()\[\],;:"'@\u2018-\u201f]{1,253}"""
)
_LIST_MARK = re.compile(r"^\s*(?:\(?\d{1,3}[.):]\s+|[-*\u2022\u00b7\u2013]\s+)")
_AROUND_A_NAME = " \t,;:<>[]\"'\u2018\u2019\u201c\u201d|-\u2013"
_HEADS = re.compile(r"\b(?:mailto|e-?mail|to|cc|bcc|name)\s*:\s*$|^\s*(?:to|cc|bcc)\s*:", re.IGNORECASE)


def pasted_addresses(text: str, most: int) -> list[Line]:
    """Every address of the text in order, each once, and what was left aside with its reason; lines count from 1.

    It stops where more than `most` were found.
    """
    found: list[Line] = []
    seen: set[str] = set()
    for number, line in enumerate(clean(text).splitlines(), start=1):
        for one in _of_line(number, line):
            again = not one.ignored and one.address in seen
            found.append(Line(number, one.address, ignored=_("It stands above already.")) if again else one)
            seen.add(one.address)
            if len(found) > most:
                return found
    return found


def _of_line(number: int, line: str) -> Iterator[Line]:
    matches, said = list(_ADDRESS.finditer(line)), one_line(line[:400])[:200]
    if not matches and line.strip():
        why = _("This is not an email address.") if "@" in line else _("There is no address in it.")
        yield Line(number, said, ignored=why)
    start = 0
    for match in matches:
        written = match[0].rstrip(".'\u2019")
        before, start = line[start : match.start()], match.end()
        after = line[match.end() :] if len(matches) == 1 else ""
        try:
            validate_email(written)
        except ValidationError:
            yield Line(number, written[:200], ignored=_("This is not an email address."))
            continue
        yield Line(number, said, _name(before) or _name(after), written.lower())


def _name(text: str) -> str:
    """ "Last, First <" is First Last; of several cells the first one that says something."""
    plain = _HEADS.sub("", _LIST_MARK.sub("", text))
    are_cells = plain.strip().startswith(",") or plain.strip().endswith(",")
    for cell in re.split(r"[\t;|,]" if are_cells else r"[\t;|]", plain):
        name = one_line(cell.strip(_AROUND_A_NAME))
        if name.count("(") != name.count(")"):
            name = one_line(re.sub(r"[()]", " ", name))
        last, comma, first = (said.strip() for said in name.partition(","))
        if any(letter.isalpha() for letter in name):
            return (f"{first} {last}" if comma and "," not in first else name)[:150]
    return ""
