"""Meets a mapping and a header line: which column is where, what is dropped, what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from galien.intake.convert import NumberStyle
from galien.intake.framing import split_line
from galien.intake.mapping import AUTO, ColumnRule, FeedMapping, same_name
from galien.intake.outcome import Stop
from galien.kernel.errors import did_you_mean
from galien.model.feeds import FEEDS

DELIMITERS = (b";", b",", b"\t")


@dataclass(frozen=True)
class Layout:
    """A file as it is really laid out: header names, places of each rule's sources, dropped columns."""

    feed: str
    names: tuple[str, ...]
    raw_header: tuple[bytes, ...]
    places: dict[str, tuple[int, ...]]
    rules: tuple[ColumnRule, ...]
    dropped: tuple[int, ...]
    delimiter: bytes
    quote: bytes
    numbers: NumberStyle

    @property
    def width(self) -> int:
        """How many columns a row has."""
        return len(self.names)

    @property
    def dropped_names(self) -> tuple[str, ...]:
        """The names of the columns that are read by nobody and kept nowhere."""
        return tuple(self.names[at] for at in self.dropped)

    def source_name(self, column: str) -> str:
        """The name that the sender knows a canonical column by."""
        places = self.places.get(column, ())
        return " + ".join(self.names[at] for at in places) or column


def lay_out(header: bytes, mapping: FeedMapping, *, encoding: str, line: int) -> Layout:
    """Read the header line; Stop ENCODING, DIALECT, DUPLICATE_COLUMN or MISSING_COLUMN."""
    form = mapping.file
    quote = form.quote.encode()
    try:
        header.decode(encoding)
    except UnicodeDecodeError as error:
        raise Stop(
            "ENCODING",
            f"La ligne d’en-tête n’est pas en {encoding.upper()} : vérifiez l’encodage de l’export "
            "ou celui de la correspondance.",
            line=line,
        ) from error
    delimiter = _delimiter(header, mapping, quote, encoding, line)
    cells = split_line(header, delimiter, quote)
    if not form.header:
        return _by_position(len(cells), mapping, delimiter, quote)
    names = tuple(cell.decode(encoding).strip() for cell in cells)
    return _by_name(names, cells, mapping, delimiter, quote, line)


def _delimiter(
    header: bytes, mapping: FeedMapping, quote: bytes, encoding: str, line: int
) -> bytes:
    wanted = _wanted(mapping)
    declared = mapping.file.delimiter
    candidates = DELIMITERS if declared == AUTO else (declared.encode(),)

    def found(delimiter: bytes) -> int:
        cells = split_line(header, delimiter, quote)
        return len(wanted & {same_name(cell.decode(encoding)) for cell in cells})

    best = max(candidates, key=found)
    fields = len(split_line(header, best, quote))
    if mapping.file.header and found(best) == 0 and fields == 1:
        said = "« ; », « , » ou tabulation" if declared == AUTO else f"« {declared} »"
        raise Stop(
            "DIALECT",
            f"L’en-tête ne se découpe pas avec le séparateur attendu ({said}) : réglez l’export, "
            "ou choisissez la correspondance de ce logiciel.",
            line=line,
        )
    return best


def _wanted(mapping: FeedMapping) -> set[str]:
    return {same_name(source) for rule in mapping.rules for source in rule.sources}


def _by_name(
    names: tuple[str, ...],
    raw: tuple[bytes, ...],
    mapping: FeedMapping,
    delimiter: bytes,
    quote: bytes,
    line: int,
) -> Layout:
    folded = [same_name(name) for name in names]
    wanted = _wanted(mapping)
    twice = [n for n, count in Counter(folded).items() if count > 1 and n in wanted]
    if twice:
        name = names[folded.index(twice[0])]
        raise Stop(
            "DUPLICATE_COLUMN",
            f"La colonne « {name} » est présente deux fois dans l’en-tête : on ne peut savoir "
            "laquelle croire. Retirez-en une de l’export.",
            line=line,
            column=name,
        )
    at = {name: place for place, name in enumerate(folded)}
    feed = FEEDS[mapping.feed]
    rules, places, missing = [], {}, []
    for rule in mapping.rules:
        lacking = [source for source in rule.sources if same_name(source) not in at]
        if lacking and feed.column(rule.column).required:
            missing += lacking
        elif not lacking:
            rules.append(rule)
            places[rule.column] = tuple(at[same_name(source)] for source in rule.sources)
    if missing:
        raise _missing(missing, names, line)
    used = {place for each in places.values() for place in each}
    dropped = tuple(place for place in range(len(names)) if place not in used)
    numbers = mapping.file.numbers(delimiter.decode())
    return Layout(
        mapping.feed, names, raw, places, tuple(rules), dropped, delimiter, quote, numbers
    )


def _missing(missing: list[str], names: tuple[str, ...], line: int) -> Stop:
    listed = ", ".join(f"« {name} »" for name in missing)
    near = did_you_mean(missing[0], names) if len(missing) == 1 and len(names) > 1 else ""
    near = near if near.startswith("Vouliez") else ""
    return Stop(
        "MISSING_COLUMN",
        f"Colonne obligatoire absente de l’en-tête : {listed}. Ajoutez-la à l’export, ou choisissez "
        f"la correspondance de ce logiciel. {near}".strip(),
        line=line,
        column=missing[0],
    )


def _by_position(width: int, mapping: FeedMapping, delimiter: bytes, quote: bytes) -> Layout:
    names = tuple(str(place + 1) for place in range(width))
    places: dict[str, tuple[int, ...]] = {}
    for rule in mapping.rules:
        if rule.sources:
            places[rule.column] = tuple(int(source) - 1 for source in rule.sources)
    beyond = [column for column, at in places.items() if max(at) >= width]
    if beyond:
        raise Stop(
            "DIALECT",
            f"La première ligne a {width} colonnes, la correspondance en attend davantage : "
            "vérifiez le séparateur et l’ordre des colonnes.",
            line=1,
        )
    used = {place for each in places.values() for place in each}
    dropped = tuple(place for place in range(width) if place not in used)
    numbers = mapping.file.numbers(delimiter.decode())
    return Layout(
        mapping.feed, names, (), places, mapping.rules, dropped, delimiter, quote, numbers
    )
