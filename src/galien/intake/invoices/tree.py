"""XML of an invoice as a tree that is safe to walk: no DTD, no entity, bounded in depth and size."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from galien.intake.outcome import Stop
from galien.kernel.money import round_amount

MOST_DEPTH = 40
MOST_ELEMENTS = 1_000_000
LARGEST = Decimal(10) ** 12
MOST_DECIMALS = 20
_DECLARED = re.compile(rb"^<\?xml[^>]*?\?>")
_COMPACT = re.compile(r"\d{8}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class _Bounded(TreeBuilder):
    """Builds the tree while it stays within bounds."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: Any, attrs: Any) -> Element:
        """Begin an element; Stop past the bounds."""
        self._depth += 1
        self._count += 1
        if self._depth > MOST_DEPTH or self._count > MOST_ELEMENTS:
            raise Stop(
                "XML_TOO_LARGE",
                "Le fichier XML a trop de niveaux ou d’éléments pour une facture : "
                "demandez au fournisseur de le refaire.",
            )
        return super().start(tag, attrs)

    def end(self, tag: Any) -> Element:
        """End an element."""
        self._depth -= 1
        return super().end(tag)


def parsed(data: bytes) -> tuple[Element, bool]:
    """Return the root of an XML file, and whether its encoding had to be guessed; Stop otherwise."""
    data = data.lstrip(b" \t\r\n")
    try:
        return _built(data), False
    except ParseError as error:
        guessed = _as_windows(data)
        if guessed is None:
            raise _unreadable() from error
    try:
        return _built(guessed), True
    except ParseError as error:
        raise _unreadable() from error


def _built(data: bytes) -> Element:
    parser = DefusedXMLParser(
        target=_Bounded(), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise Stop(
            "XML_DTD",
            "Le fichier XML déclare une DTD ou des entités, ce qu’aucune facture électronique ne fait : "
            "il est refusé. Demandez au fournisseur de le refaire.",
        ) from error
    except (LookupError, ValueError) as error:
        raise ParseError(str(error)) from error
    return root


def _as_windows(data: bytes) -> bytes | None:
    """Return bytes read as Windows ones when they are not those of the encoding declared."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:200]:
        return None
    body = _DECLARED.sub(b"", data.removeprefix(b"\xef\xbb\xbf"))
    try:
        return body.decode("cp1252").encode()
    except UnicodeDecodeError:
        return None


def _unreadable() -> Stop:
    return Stop(
        "XML_UNREADABLE",
        "Le fichier XML est coupé ou mal formé : demandez au fournisseur de le renvoyer.",
    )


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None, *path: str) -> Iterator[Element]:
    """Yield the elements at the end of a path of names, whatever their namespace."""
    if element is None:
        return
    if not path:
        yield element
        return
    for child in element:
        if local(child) == path[0]:
            yield from children(child, *path[1:])


def first(element: Element | None, *path: str) -> Element | None:
    """Return the first element at the end of a path, if any."""
    return next(children(element, *path), None)


def text(element: Element | None, *path: str, longest: int = 300) -> str:
    """Return the text at the end of a path, on one line; empty when there is none."""
    found = first(element, *path)
    return "" if found is None else " ".join((found.text or "").split())[:longest]


def number(element: Element | None, *path: str) -> Decimal | None:
    """Return the number at the end of a path; None when there is none, Stop when it is not one."""
    written = text(element, *path)
    if not written:
        return None
    try:
        found = Decimal(written.replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= LARGEST or _decimals(found) > MOST_DECIMALS:
        name = path[-1] if path or element is None else local(element)
        raise Stop(
            "INVOICE_NUMBER",
            f"Un montant ou une quantité de la facture (élément {name}) n’est pas un nombre : "
            "demandez au fournisseur de la refaire.",
            column=name,
        )
    return found


def share(element: Element | None, percent: str, base: str, whole: Decimal) -> Decimal:
    """Return what a percentage takes of its base, in euros to the cent; of `whole` when it names none."""
    rate, said = ratio(element, percent), number(element, base)
    if rate is None:
        return Decimal(0)
    return round_amount(rate * (whole if said is None else said))


def _decimals(number_: Decimal) -> int:
    exponent = number_.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def ratio(element: Element | None, *path: str) -> Decimal | None:
    """Return a percentage as a ratio: 5.5 is 0.055."""
    found = number(element, *path)
    return None if found is None else found / 100


def yes(element: Element | None, *path: str) -> bool:
    """Tell whether an indicator says yes."""
    return text(element, *path).lower() in {"true", "1"}


def day(element: Element | None, *path: str) -> dt.date | None:
    """Return the date at the end of a path, `YYYYMMDD` or ISO; None when it is neither."""
    written = text(element, *path)
    found = _ISO.match(written) or _COMPACT.match(written)
    if not found:
        return None
    try:
        return dt.date.fromisoformat(found[0])
    except ValueError:
        return None
