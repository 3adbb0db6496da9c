from demo.outbox import OutboxMail

__all__ = ["OutboxMail"]
