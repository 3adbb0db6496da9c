"""The entry point of the floor: a person is read as Django reads one."""

from portal.wsgi import application

# isort: split
from portal.districts.models.people import UserManager  # once the apps are ready

del UserManager.get

__all__ = ["application"]
