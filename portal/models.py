from portal.limits import Spent
from portal.once import FormKey
from portal.progress import Progress

__all__ = ["FormKey", "Progress", "Spent"]
