from portal.notices.models.notices import ACCOUNT, CODE, CODE_LASTS, COMPOSED_ELSEWHERE, OTHER, Notice
from portal.notices.models.switched_off import SwitchedOff

__all__ = ["ACCOUNT", "CODE", "CODE_LASTS", "COMPOSED_ELSEWHERE", "OTHER", "Notice", "SwitchedOff"]
