"""The reading process: a small server forks one child per file, bounded in memory, time and writing.

The server is started once per process of ours, with its imports done, so that a file costs a fork
and not an interpreter. A child cannot write a single byte to any file (its file-size limit is zero):
what it found comes back through a pipe.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import logging
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

import pyarrow as pa

from galien.intake.controls.base import Terms
from galien.intake.fec.parcel import packed, unpacked
from galien.intake.fec.reading import FecJob, FecReading, read_fec_stream
from galien.intake.invoices import parcel as invoices
from galien.intake.invoices.reading import InvoiceJob, InvoiceReading, read_invoice_stream
from galien.intake.library import CANONICAL, mapping
from galien.intake.limits import Limits
from galien.intake.outcome import Delivery
from galien.intake.parcel import (
    Broken,
    Given,
    receive,
    receive_bytes,
    send,
    send_bytes,
    send_failure,
)
from galien.intake.reading import Job, read_stream

Answer = TypeVar("Answer")
AnyJob = Job | FecJob | InvoiceJob
_log = logging.getLogger(__name__)
_MOST = 64 << 20
_SAMPLE = (
    b"pharmacy;sold_at;visit;invoice;line_no;sale_type;product_code;quantity;gross_incl;"
    b"discount_incl;net_incl;vat_rate;net_excl;cost_excl;fee_incl;operator;campaign\n"
    b"750100042;2026-01-02T10:00:00;V1;F1;1;counter;3400935955838;1;10,00;0;10,00;0,1;9,09;5;0;A;\n"
    b"750100042;2026-01-02T10:00:00;V1;F1;2;counter;3400930000007;1;10,00;0;10,00;0,1;9,09;5;0;A;\n"
)


class Nursery:
    """The server of children as seen from our process; started at first use, again if it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._socket: socket.socket | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def submit(self, job: AnyJob, source: int, result: int) -> None:
        """Have a child read the file open at `source` and write what it found to `result`."""
        message = pickle.dumps(job)
        with self._lock:
            try:
                _send(self._connected(), message, source, result)
            except OSError:
                self._forget()
                _send(self._connected(), message, source, result)

    def _connected(self) -> socket.socket:
        running = self._server is not None and self._server.poll() is None
        if self._socket is None or self._owner != os.getpid() or not running:
            self._socket = self._start()
        return self._socket

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        command = "from galien.intake.child import serve; serve()"
        self._server = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-c", command],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
        theirs.close()
        self._owner = os.getpid()
        return ours

    def _forget(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None


_NURSERY = Nursery()


def _send(connection: socket.socket, message: bytes, source: int, result: int) -> None:
    socket.send_fds(connection, [len(message).to_bytes(8, "little")], [source, result])
    connection.sendall(message)


def read_in_child(source: BinaryIO, job: Job, *, drafts: Path | None = None) -> Delivery | None:
    """Read a file in a bounded child; None when the child died or failed (the log says where).

    The facts of a long file come while it is read; they wait in a file of the folder of `drafts`.
    """
    return _in_child(source, job, partial(receive, drafts=drafts))


def fec_in_child(source: BinaryIO, job: FecJob) -> FecReading | None:
    """Read a ledger in a bounded child; None when the child died or failed (the log says where)."""
    found = _in_child(source, job, receive_bytes)
    return None if found is None else unpacked(found)


def invoices_in_child(source: BinaryIO, job: InvoiceJob) -> tuple[InvoiceReading, ...] | None:
    """Read invoices in a bounded child; None when the child died or failed (the log says where)."""
    found = _in_child(source, job, receive_bytes)
    return None if found is None else invoices.unpacked(found)


def _in_child(
    source: BinaryIO, job: AnyJob, read: Callable[[BinaryIO], Answer | str]
) -> Answer | None:
    what = job.feed if isinstance(job, Job) else type(job).__name__
    with _descriptor(source) as descriptor:
        ours, theirs = os.pipe()
        try:
            _NURSERY.submit(job, descriptor, theirs)
        finally:
            os.close(theirs)
        with os.fdopen(ours, "rb") as answer:
            try:
                found = read(answer)
            except Broken:
                _log.error("the reading process died on a file of feed %s", what)
                return None
    if isinstance(found, str):
        _log.error("the reading process failed: %s", found)
        return None
    return found


@contextlib.contextmanager
def _descriptor(source: BinaryIO) -> Iterator[int]:
    number = _real_file(source)
    if number is not None:
        yield number
        return
    ours, theirs = os.pipe()
    pump = threading.Thread(target=_pump, args=(source, theirs), daemon=True)
    pump.start()
    try:
        yield ours
    finally:
        os.close(ours)
        pump.join()


def _real_file(source: BinaryIO) -> int | None:
    try:
        number = source.fileno()
        os.lseek(number, source.tell(), os.SEEK_SET)
    except (OSError, ValueError, AttributeError):
        return None
    return number


def _pump(source: BinaryIO, descriptor: int) -> None:
    # The child may refuse a file before its end; what it left is read all the same, for nobody.
    with contextlib.suppress(BrokenPipeError), os.fdopen(descriptor, "wb", buffering=0) as out:
        while chunk := source.read(1 << 20):
            out.write(chunk)


def serve() -> None:
    """Fork a child per job received on standard input, until it closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = socket.socket(fileno=os.dup(0))
    lean_memory()
    _warm_up()
    while True:
        head, descriptors, _, _ = socket.recv_fds(connection, 8, 2)
        if not head:
            return
        size = int.from_bytes(head, "little")
        if size > _MOST:
            return
        message = bytearray()
        while len(message) < size:
            part = connection.recv(size - len(message))
            if not part:
                return
            message += part
        source, result = descriptors
        if os.fork() == 0:
            connection.close()
            _live(pickle.loads(bytes(message)), source, result)  # noqa: S301 - from our own process
        os.close(source)
        os.close(result)


def lean_memory() -> None:
    """Have Arrow give back what it frees: its own pool keeps up to a third more of a long file."""
    pa.set_memory_pool(pa.system_memory_pool())


def _warm_up() -> None:
    # Libraries load parts of themselves at first use: once here, not once per child.
    feed = mapping(CANONICAL).of("sales")
    terms = Terms("750100042", dt.date(2026, 1, 31))
    job = Job("sales", CANONICAL, feed, terms, Limits(threads=1))
    for text in (_SAMPLE, _SAMPLE.replace(b";F1;", b";\xc9;")):
        read_stream(io.BytesIO(text), job)


def _live(job: AnyJob, source: int, result: int) -> None:
    status = 1
    try:
        _bound(job.limits)
        with os.fdopen(source, "rb") as stream, os.fdopen(result, "wb") as out:
            try:
                _answer(stream, job, out)
                status = 0
            except BaseException as error:  # noqa: BLE001 - told to the parent, whatever it is
                send_failure(_place(error), out)
    finally:
        os._exit(status)


def _answer(stream: BinaryIO, job: AnyJob, out: BinaryIO) -> None:
    if isinstance(job, InvoiceJob):
        send_bytes(invoices.packed(read_invoice_stream(stream, job)), out)
    elif isinstance(job, FecJob):
        send_bytes(packed(read_fec_stream(stream, job)), out)
    else:
        send(read_stream(stream, job, outlet=Given(out)), out)


def _bound(limits: Limits) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    signal.alarm(limits.wall_seconds)


def _place(error: BaseException) -> str:
    # Names and places of our code only: a message could quote the file.
    frames = traceback.extract_tb(error.__traceback__)
    steps = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return f"{type(error).__name__} at {steps}"
