"""Static files by the names that collectstatic gave them."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """A page is served without its looks, not as an error, where a file was not collected; `/readyz` says it then."""

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name

    def lacks(self, name: str) -> bool:
        return self.hash_key(name) not in self.hashed_files
