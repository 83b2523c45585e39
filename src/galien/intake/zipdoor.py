"""Zip archives at the door: one entry, checked entry by entry before a byte of it is unpacked.

`zipfile` alone accepts overlapping entries (48 kB unpack to 1 GB), so the spans of the entries are
checked here, and each entry is unpacked under a budget with its CRC.
"""

from __future__ import annotations

import io
import itertools
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from galien.intake.limits import Limits
from galien.intake.outcome import Stop

_LOCAL = struct.Struct("<4s5H3I2H")
_END = b"PK\x05\x06"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Zipped:
    """What the zip is: a workbook (`xlsx`, `ods`) or an archive around one `entry`."""

    kind: str
    names: tuple[str, ...]
    blocks: Iterator[bytes] = field(default_factory=lambda: iter(()))


def open_zip(
    data: bytes, limits: Limits, *, chosen: Callable[[list[str]], list[str]] | None = None
) -> Zipped:
    """Check a zip whole and give its single entry, or say that it is a workbook; Stop otherwise.

    `chosen` says, from the names of several entries, which are the file: one only is let through.
    """
    archive, entries, workbook = check_zip(data, limits)
    names = [entry.orig_filename for entry in entries]
    if workbook:
        _verify_all(archive, entries)
        return Zipped(workbook, tuple(names))
    files = [entry for entry in entries if not entry.is_dir()]
    if not files:
        raise Stop("EMPTY_FILE", "L’archive ne contient aucun fichier : refaites l’archive.")
    if len(files) > 1 and chosen:
        likely = chosen([entry.orig_filename for entry in files])
        files = [entry for entry in files if entry.orig_filename in likely] or files
    if len(files) > 1:
        raise Stop(
            "AMBIGUOUS_ENTRY",
            f"L’archive contient {len(files)} fichiers : envoyez une archive par fichier.",
        )
    return Zipped("entry", tuple(names), _unpack(archive, files[0], limits))


def check_zip(data: bytes, limits: Limits) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo], str]:
    """Check a zip whole before unpacking any of it: the archive, its entries, the kind of workbook.

    Stop when it is damaged, too large or rigged.
    """
    _count_entries(data, limits)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, UnicodeDecodeError) as error:
        raise _unreadable(data) from error
    names = [entry.orig_filename for entry in entries]
    workbook = _workbook_kind(names)
    _check_names(entries, names, limits, workbook=bool(workbook))
    _check_spans(data, entries)
    _check_sizes(entries, len(data), limits)
    return archive, entries, workbook


def _unreadable(data: bytes) -> Stop:
    if _END not in data[-66_000:]:
        return Stop(
            "ARCHIVE_TRUNCATED",
            "L’archive zip est coupée avant sa fin : l’envoi a été interrompu, recommencez-le.",
        )
    return _corrupt()


def _corrupt() -> Stop:
    return Stop(
        "ARCHIVE_CRC",
        "L’archive zip est abîmée ou ses en-têtes mentent : refaites l’archive et renvoyez-la.",
    )


def _count_entries(data: bytes, limits: Limits) -> None:
    # Read from the end record, so that a hundred thousand entries cost nothing.
    end = data.rfind(_END)
    if end < 0 or len(data) < end + 22:
        raise _unreadable(data)
    count = struct.unpack_from("<H", data, end + 10)[0]
    if max(count, data.count(b"PK\x01\x02")) > 10 * limits.entries or count == 0xFFFF:
        raise _too_many(limits)


def _too_many(limits: Limits) -> Stop:
    return Stop(
        "TOO_MANY_ENTRIES",
        f"L’archive contient plus de {limits.entries} fichiers : envoyez une archive par fichier.",
    )


def _workbook_kind(names: list[str]) -> str:
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        return "ods"
    return ""


def _check_names(
    entries: list[zipfile.ZipInfo], names: list[str], limits: Limits, *, workbook: bool
) -> None:
    if len(entries) > (10 if workbook else 1) * limits.entries:
        raise _too_many(limits)
    if len(set(names)) != len(names):
        raise Stop(
            "AMBIGUOUS_ENTRY",
            "L’archive contient deux fichiers du même nom : refaites-la avec un seul fichier.",
        )
    for entry, name in zip(entries, names, strict=True):
        if entry.flag_bits & 0x1:
            raise Stop(
                "ENCRYPTED",
                "L’archive est protégée par un mot de passe : envoyez-la sans mot de passe, "
                "la liaison est déjà chiffrée.",
            )
        if _dangerous(name) or stat.S_ISLNK(entry.external_attr >> 16):
            raise Stop(
                "UNSAFE_NAME",
                "Un nom de fichier de l’archive est dangereux (chemin, lien ou caractère caché) : "
                "refaites l’archive avec un nom simple.",
            )


def _dangerous(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return (
        "\\" in name
        or ".." in parts
        or name.startswith("/")
        or name[1:2] == ":"
        or any(unicodedata.category(each) in {"Cc", "Cf"} for each in name)
    )


def _check_spans(data: bytes, entries: list[zipfile.ZipInfo]) -> None:
    spans = []
    for entry in entries:
        start = entry.header_offset
        if start < 0 or start + _LOCAL.size > len(data):
            raise _corrupt()
        fields = _LOCAL.unpack_from(data, start)
        if fields[0] != b"PK\x03\x04":
            raise _corrupt()
        spans.append((start, start + _LOCAL.size + fields[9] + fields[10] + entry.compress_size))
    spans.sort()
    overlaps = any(b[0] < a[1] for a, b in itertools.pairwise(spans))
    if overlaps or (spans and spans[-1][1] > data.rfind(_END)):
        raise Stop(
            "ZIP_OVERLAP",
            "Les fichiers de l’archive se chevauchent, signe d’une archive piégée : "
            "refaites-la avec un logiciel courant.",
        )


def _check_sizes(entries: list[zipfile.ZipInfo], received: int, limits: Limits) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes or (
        total > 8 * _CHUNK and total > limits.member_ratio * received
    ):
        raise _ratio()


def _ratio() -> Stop:
    return Stop(
        "ARCHIVE_RATIO",
        "L’archive se déplie en un volume démesuré : envoyez le fichier sans compression.",
    )


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> Iterator[bytes]:
    budget = min(limits.unpacked_bytes, max(8 * _CHUNK, limits.member_ratio * entry.compress_size))
    try:
        with archive.open(entry) as stream:
            unpacked = 0
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > budget:
                    raise _ratio()
                yield chunk
            if unpacked != entry.file_size:
                raise _corrupt()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise _corrupt() from error
    except RuntimeError as error:
        raise Stop("ENCRYPTED", "L’archive est chiffrée : envoyez-la sans mot de passe.") from error


def _verify_all(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        try:
            with archive.open(entry) as stream:
                while stream.read(_CHUNK):
                    pass
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise _corrupt() from error
