from portal.notices.models.notices import Notice
from portal.notices.models.switched_off import SwitchedOff

__all__ = ["Notice", "SwitchedOff"]
