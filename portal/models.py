from portal.once import FormKey
from portal.reached import Reached

__all__ = ["FormKey", "Reached"]
