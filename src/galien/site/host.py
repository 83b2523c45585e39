"""What the console command can start: the site's server, the worker beside it, the demonstration."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from galien.usecases.services import Services

BLOCKING_THREADS = 2 * (os.cpu_count() or 2)


class SiteHost:
    """Starts what needs the whole site."""

    def serve(self, context: Context, *, host: str, port: int, worker: bool) -> None:
        """Serve with Granian, one process and several threads, a worker process beside it."""
        refuse_taken_port(host, port)
        beside = _start_worker(context) if worker else None
        try:
            context.say(f"Galien est ouvert : http://{_shown(host)}:{port}/ (Ctrl+C pour fermer).")
            _granian(host, port)
        finally:
            if beside is not None:
                beside.terminate()
                beside.wait(timeout=30)

    def work(self, services: Services, *, batch: bool) -> None:
        """Run queued jobs."""
        from galien.jobs.worker import work

        work(services, batch=batch)

    def build_demo(
        self, context: Context, *, pharmacies: int, months: int, seed: int
    ) -> Mapping[str, object]:
        """Build the demonstration group if it is not there."""
        from galien.demo.build import DemoSize, build_demo, is_built
        from galien.site.build import build_on

        if not is_built(context.workspace):
            context.progress(0, "Préparation de l’espace de travail")
        asked = DemoSize(pharmacies, months, seed)
        return build_demo(context.services, asked, opener=build_on, progress=context.progress)

    def build_belgian_demo(self, context: Context, *, seed: int) -> Mapping[str, object]:
        """Build the Belgian pair if it is not there."""
        from galien.demo.belgium.build import build_pair

        return build_pair(context.services, seed=seed, progress=context.progress)


def refuse_taken_port(host: str, port: int) -> None:
    """Refuse a port somebody serves on; InvalidInput.

    The server shares ports (SO_REUSEPORT): two sites would answer in turn without a word.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InvalidInput(
                f"Le port {port} de {host} n’est pas libre ({error.strerror}) : "
                "choisissez-en un autre avec --port.",
                code="PORT",
            ) from error


def _shown(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::"} else host  # noqa: S104


def _start_worker(context: Context) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "galien.site.main", "worker"]
    where = ["--workspace", str(context.workspace.path)]
    return subprocess.Popen([*command, *where], stdin=subprocess.DEVNULL)  # noqa: S603


def _granian(host: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "galien.site.settings")
    Server(
        "galien.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()
