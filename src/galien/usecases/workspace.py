"""The workspace: the folder that holds everything Galien keeps, and its places by name."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from galien.kernel.errors import InvalidInput, NotAvailable, refusal

DEFAULT_FOLDER = "galien-data"


@dataclass(frozen=True)
class Workspace:
    """A folder and the places in it. Nothing is made before `create`."""

    path: Path

    def __fspath__(self) -> str:
        return str(self.path)

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    @property
    def database(self) -> Path:
        """Django's SQLite file."""
        return self.path / "galien.sqlite3"

    @property
    def secret_key_file(self) -> Path:
        """The secret that signs sessions and encrypts what was received."""
        return self.path / "secret.key"

    @property
    def raw(self) -> Path:
        """Received bytes, encrypted, kept some days for replay alone."""
        return self.path / "raw"

    @property
    def tmp(self) -> Path:
        """Work in progress, swept at will."""
        return self.path / "tmp"

    @property
    def mappings(self) -> Path:
        """Mappings made in the browser."""
        return self.path / "mappings"

    @property
    def files(self) -> Path:
        """The demonstration's exported files."""
        return self.path / "files"

    @property
    def catalogue(self) -> Path:
        """What was imported of the public catalogue and of the group's hierarchy."""
        return self.path / "catalogue"

    @property
    def exists(self) -> bool:
        """Tell whether a workspace was created here."""
        return self.secret_key_file.is_file()

    def create(self) -> None:
        """Make the folder and its secret, if they are not there; InvalidInput when it cannot be."""
        try:
            for folder in (self.path, self.raw, self.tmp):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.exists:
                self._write_secret()
        except OSError as error:
            raise InvalidInput(
                f"Espace de travail {self.path} : impossible de l’écrire ({refusal(error)}). "
                "Choisissez un autre dossier avec --workspace.",
                code="WORKSPACE",
            ) from error

    def require(self) -> None:
        """Refuse to go on when there is no workspace; NotAvailable."""
        if not self.exists:
            raise NotAvailable(
                f"Aucun espace de travail dans {self.path}. Chargez d’abord des fichiers "
                "(« galien load ») ou créez la démonstration (« galien demo »).",
                code="NO_WORKSPACE",
            )

    def secret(self) -> str:
        """Return the workspace's secret; a passing one where there is no workspace."""
        if self.exists:
            return self.secret_key_file.read_text(encoding="ascii").strip()
        return secrets.token_urlsafe(50)

    def _write_secret(self) -> None:
        """Write the secret once: two commands starting together keep the same one."""
        draft = self.path / f"secret.{os.getpid()}.tmp"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, self.secret_key_file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
