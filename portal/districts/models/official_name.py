"""What neighbors call a district, read from its official name: Kaneland, U-46, D303."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.text import one_line

_KIND = (
    r"(?:(?:Comm|Community|Cons|Consolidated|Unit|Twp|E|H S|Sch|School) )*"
    r"(?:C?C?U?E?H?P?G?C?SD|C?UD|CHD|SUD|ED|CESD|Dist|District|D)(?: No)?"
)
_OFFICIAL = re.compile(
    rf"^(?:(?P<place>.+?) )??{_KIND} ?\.?#?(?P<number>(?:[A-Z]-)?\d+(?:-\d+)?(?:-?[A-Z])?)(?: +(?P<rest>.+))?$"
)


@dataclass(frozen=True, slots=True)
class OfficialName:
    """ "St Charles CUSD 303" taken apart; `number` is empty where the name has none."""

    place: str
    number: str = ""

    @classmethod
    def read(cls, name: str) -> OfficialName:
        said = one_line(name)
        match = _OFFICIAL.match(said)
        if match is None:
            return cls(place=_with_stop(said))
        place = " ".join(part for part in (match["place"], match["rest"]) if part)
        return cls(place=_with_stop(place), number=match["number"])

    @property
    def spoken_number(self) -> str:
        """ "D303"; a number that has its own letter stays as it is: "U-46"."""
        if not self.number:
            return ""
        return self.number if self.number[0].isalpha() else f"D{self.number}"

    def short(self, *, place_is_shared: bool) -> str:
        """The place alone where only one district is called so, else with its number: Kaneland, Central 301."""
        if not self.place:
            return self.spoken_number
        return f"{self.place} {self.number}".strip() if place_is_shared else self.place

    def aliases(self) -> list[str]:
        """Other ways to say it, without punctuation too: D303, U46, Saint Charles."""
        said = [self.spoken_number, self.spoken_number.replace("-", "")]
        if self.place.startswith("St. "):
            said.append(self.place.replace("St. ", "Saint ", 1))
        return list(dict.fromkeys(alias for alias in said if alias))


def _with_stop(place: str) -> str:
    return re.sub(r"^St (?=[A-Z])", "St. ", place)
