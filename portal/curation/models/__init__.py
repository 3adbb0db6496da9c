from portal.curation.models.promoted_answers import PromotedAnswer
from portal.curation.models.searches import LoggedSearch, LogSalt

__all__ = ["LogSalt", "LoggedSearch", "PromotedAnswer"]
