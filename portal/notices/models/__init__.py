from portal.notices.models.notices import Notice, SwitchedOff

__all__ = ["Notice", "SwitchedOff"]
