from portal.once import FormKey

__all__ = ["FormKey"]
