"""Looks for people in a file before any byte of it is kept: a find refuses the whole file.

What is told is the line and the column, never the value. Numbers that could be a mere counter (phones,
prescribers and social security numbers written as bare digits) are judged by their column: a run of
consecutive numbers shares its first digits, people do not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from galien.intake.arrow import Array, pc
from galien.intake.framing import Ints
from galien.intake.outcome import Stop
from galien.intake.people import (
    FORBIDDEN_HEADER,
    PERSON_HEADER,
    given_name,
    header_words,
    looks_like_name,
    named_after_person,
)
from galien.kernel.codes import luhn_ok, nir_ok

_S = r"[ .\-\x{a0}\x{202f}]"
# Sex, year, month, department, commune, order; then the key, without which a NIR is read strictly.
_NIR_END = rf"{_S}?(?:\d{{2}}|2[ABab]){_S}?\d{{3}}{_S}?\d{{3}}"
_NIR_LOOSE = (
    rf"[123478]{_S}?\d{{2}}{_S}?(?:0[1-9]|1[0-2]|[2-9]\d){_NIR_END}{_S}?/?{_S}?\d{{2}}"
    rf"|[12]{_S}?\d{{2}}{_S}?(?:0[1-9]|1[0-2]){_NIR_END}"
)
_PHONE_SPACED = "|".join(
    rf"0[1-9](?:{sep}\d{{2}}){{4}}" for sep in (" ", r"\.", "-", r"\x{a0}", "/")
)
_PHONE_ABROAD = rf"(?:\+\d{{2}}|003[23]){_S}?(?:\(0\))?{_S}?[1-9](?:{_S}?\d{{2,3}}){{3,4}}"
_IBAN = r"[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){3,7}(?: ?[A-Za-z0-9]{1,3})?"
_BIRTH = r"(?:0?[1-9]|[12]\d|3[01])[/.\- ](?:0?[1-9]|1[0-2])[/.\- ](?:19\d{2}|20[01]\d)"
_CIVILITY = r"(?:mme|mlle|madame|monsieur|mr|m\.|mademoiselle|patiente?)"
_EDGE, _END = r"(?:^|[^0-9A-Za-z+])", r"(?:$|[^0-9A-Za-z])"
_PLACE = (
    rf"@|{_EDGE}(?:{_NIR_LOOSE}|{_PHONE_SPACED}){_END}|{_EDGE}?{_PHONE_ABROAD}{_END}"
    rf"|{_EDGE}{_IBAN}{_END}|{_EDGE}1\d{{10}}{_END}|{_EDGE}0[1-9]\d{{8}}{_END}"
    rf"|{_EDGE}{_BIRTH}{_END}|(?:19\d{{2}}|20[01]\d)-\d{{2}}-\d{{2}}"
    rf"|(?i:{_EDGE}(?:rpps|adeli|n[ée]e?(?:\(e\))? +le|{_CIVILITY} +\pL))"
)


def _python(pattern: str) -> re.Pattern[str]:
    plain = pattern.replace(r"\x{a0}", "\u00a0").replace(r"\x{202f}", "\u202f")
    return re.compile(plain.replace(r"\pL", r"[^\W\d_]"))


# Bounded and anchored: a long cell without an address must cost no more than its length.
_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24}"
)
_NIR = _python(rf"(?<![0-9A-Za-z])({_NIR_LOOSE})(?![0-9A-Za-z])")
_SPACED_PHONE = _python(rf"(?<![0-9A-Za-z])(?:{_PHONE_SPACED})(?![0-9])")
_ABROAD_PHONE = _python(rf"(?<![0-9+]){_PHONE_ABROAD}(?![0-9])")
_IBANS = _python(rf"(?<![0-9A-Za-z])({_IBAN})(?![0-9A-Za-z])")
_BARE = re.compile(r"(?<![0-9A-Za-z])(1\d{10}|0[1-9]\d{8})(?![0-9A-Za-z])")
_PRESCRIBER = re.compile(r"(?i)\b(?:rpps|adeli)\W{0,3}(?:n°\W?)?\d{9,11}\b")
_BORN = re.compile(r"(?i)\bn[ée]e?(?:\(e\))? +le\b")
_OLD_DATE = _python(rf"(?<!\d){_BIRTH}(?!\d)|(?<!\d)(?:19\d{{2}}|20[01]\d)-\d{{2}}-\d{{2}}(?!\d)")
_TITLE = re.compile(
    r"(?:^|[^\w])(?:[Mm]me|MME|[Mm]lle|MLLE|Madame|MADAME|Monsieur|MONSIEUR|Mr|MR|M\.)\s+"
    r"[A-ZÀ-Ý][\w'’-]+"
)
_SAMPLE = 2000
_COUNTING = np.isin(np.arange(256), list(b"0123456789,:"))
_A_NAME = "le nom d’une personne"


def iban_ok(text: str) -> bool:
    """Say whether a text is an IBAN by its key (ISO 13616: modulo 97).

    >>> iban_ok("FR14 2004 1010 0505 0001 3M02 606"), iban_ok("FR15 2004 1010 0505 0001 3M02 606")
    (True, False)
    """
    bare = text.replace(" ", "").upper()
    if not (15 <= len(bare) <= 34 and bare.isascii() and bare.isalnum()):
        return False
    return int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 == 1


def _has_nir(text: str) -> bool:
    # Thirteen bare digits could be a counter: the column judges them.
    found = _NIR.findall(text)
    return any(nir_ok(each) for each in found if not (each.isdigit() and len(each) == 13))


def _has_birth(text: str) -> bool:
    return _BORN.search(text) is not None and re.search(r"\d{4}|\d{1,2}[/.]\d", text) is not None


_SURE: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("une adresse électronique", lambda text: "@" in text and _EMAIL.search(text)),
    ("un numéro de sécurité sociale", _has_nir),
    ("un IBAN", lambda text: any(map(iban_ok, _IBANS.findall(text)))),
    ("un numéro de téléphone", _SPACED_PHONE.search),
    ("un numéro de téléphone", _ABROAD_PHONE.search),
    ("un numéro de prescripteur", _PRESCRIBER.search),
    ("une date de naissance", _has_birth),
    (_A_NAME, _TITLE.search),
    ("un nom et une date de naissance", lambda text: _OLD_DATE.search(text) and given_name(text)),
)


def sure_find(text: str) -> str:
    """Say what personal thing a text surely holds, in French, or nothing."""
    return next((what for what, found in _SURE if found(text)), "")


@dataclass
class _Column:
    counters: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    bare_numbers: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    old_dates: dict[int, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    sampled: int = 0


def personal(what: str, *, line: int, column: str) -> Stop:
    """The refusal of a file that holds something about a person."""
    place = f"ligne {line}, colonne « {column} »" if line else column
    return Stop(
        "PERSONAL_DATA",
        f"Le fichier contient {what} ({place}). Il n’a pas été conservé. Retirez cette colonne de "
        "l’export, puis renvoyez le fichier.",
        line=line,
        column=column,
    )


class Scanner:
    """Scans names and values as they are read; raises Stop PERSONAL_DATA at the first sure find.

    `staff` columns name who served and `firms` who sold: names there are no patient's.
    """

    def __init__(self, *, staff: Sequence[str] = (), firms: Sequence[str] = ()) -> None:
        self._staff = frozenset(staff)
        self._firms = frozenset(firms)
        self._columns: dict[str, _Column] = defaultdict(_Column)

    def name_of_file(self, name: str, *, inner: bool = False) -> None:
        """Scan the name of the file, or of what an archive holds."""
        where = "nom d’un fichier de l’archive" if inner else "nom du fichier"
        text = name.rsplit("/", 1)[-1]
        if not text:
            return
        words = re.sub(r"[_.\-]+", " ", re.sub(r"\.\w{1,5}$", "", text))
        for form in (text, words):
            what = sure_find(form) or self._bare_person(form)
            if what:
                raise personal(what, line=0, column=where)

    def _bare_person(self, text: str) -> str:
        if any(nir_ok(found) for found in _NIR.findall(text)):
            return "un numéro de sécurité sociale"
        if any(found.startswith("0") or luhn_ok(found) for found in _BARE.findall(text)):
            return "un numéro de personne"
        titled = _TITLE.search(text.title()) is not None
        return _A_NAME if titled or named_after_person(text) else ""

    def headers(self, names: Sequence[str], line: int) -> None:
        """Scan the header line: columns that only people can fill, or a value among the names."""
        for name in names:
            if name in self._staff:
                continue
            words = header_words(name)
            if FORBIDDEN_HEADER.search(words):
                raise personal("une colonne sur des personnes", line=line, column=name)
            if what := sure_find(name):
                raise personal(what, line=line, column="ligne d’en-tête")

    def cells(self, column: str, text: Array, index: npt.NDArray[np.int32], lines: Ints) -> None:
        """Scan the distinct values of a column of a block."""
        if not len(text):
            return
        self._sample_names(column, text, index, lines)
        longest = pc.max(pc.binary_length(text)).as_py() or 0
        if longest < 6 or (longest < 10 and _only_counts(text)):
            return
        for at in _matching(text, _PLACE).tolist():
            self._judge(column, text[at].as_py(), at, index, lines)

    def raw(self, content: bytes, line: int, encoding: str) -> None:
        """Scan a record that could not be cut into columns."""
        text = content.decode(encoding, "replace")
        for part in (*re.split(r"[;,\t|\x1f]", text), text):
            what = sure_find(part) or self._bare_nir(part)
            if what:
                raise personal(what, line=line, column="ligne entière")

    def _bare_nir(self, text: str) -> str:
        found = any(nir_ok(each) for each in _NIR.findall(text))
        return "un numéro de sécurité sociale" if found else ""

    def _judge(
        self, column: str, text: str, at: int, index: npt.NDArray[np.int32], lines: Ints
    ) -> None:
        what = sure_find(text)
        at_work = column in self._staff or column in self._firms
        if what and not (what == _A_NAME and at_work):
            raise personal(what, line=_line(at, index, lines), column=column)
        known = self._columns[column]
        line = _line(at, index, lines)
        for kind, number in _counter_like(text):
            known.counters[kind].setdefault(number, line)
        for found in _BARE.findall(text):
            known.bare_numbers[len(found)] += 1
        if _OLD_DATE.search(text) and len(known.old_dates) < _SAMPLE:
            for dated in lines[index == at][:_SAMPLE].tolist():
                known.old_dates[dated] = at

    def _sample_names(
        self, column: str, text: Array, index: npt.NDArray[np.int32], lines: Ints
    ) -> None:
        known = self._columns[column]
        if column in self._staff or column in self._firms or known.sampled >= _SAMPLE:
            return
        person = PERSON_HEADER.search(header_words(column)) is not None
        sample = text[: _SAMPLE - known.sampled]
        known.sampled += len(sample) - (pc.sum(pc.equal(pc.binary_length(sample), 0)).as_py() or 0)
        lettered = _matching(sample, r"\pL")
        for at, value in zip(lettered.tolist(), sample.take(lettered).to_pylist(), strict=True):
            if looks_like_name(value) or (person and given_name(value)):
                known.names.setdefault(value, _line(at, index, lines))
                if person:
                    raise personal(_A_NAME, line=_line(at, index, lines), column=column)

    def finish(self) -> None:
        """Judge what only a whole column can tell."""
        for column, known in self._columns.items():
            for kind, found in known.counters.items():
                if kind == "prescriber" and 2 * len(found) < known.bare_numbers[11]:
                    continue
                if not _counter(list(found)):
                    raise personal(_WHAT[kind], line=min(found.values()), column=column)
            first_names = {given_name(name) for name in known.names}
            if len(first_names) >= 3 and 5 * len(known.names) >= 2 * known.sampled:
                line = min(known.names.values())
                raise personal("des noms de personnes", line=line, column=column)
        self._names_beside_old_dates()

    def _names_beside_old_dates(self) -> None:
        for dated in self._columns.values():
            for column, named in self._columns.items():
                both = set(named.names.values()) & set(dated.old_dates)
                if both:
                    raise personal("un nom et une date de naissance", line=min(both), column=column)


_WHAT = {
    "nir": "un numéro de sécurité sociale",
    "phone": "un numéro de téléphone",
    "prescriber": "un numéro de prescripteur",
}


def _counter_like(text: str) -> Iterator[tuple[str, str]]:
    for found in _NIR.findall(text):
        if len(found) == 13 and found.isdigit() and nir_ok(found):
            yield "nir", found
    for found in _BARE.findall(text):
        if len(found) == 10:
            yield "phone", found
        elif luhn_ok(found):
            yield "prescriber", found


def _counter(numbers: list[str]) -> bool:
    # Consecutive document numbers share their first digits.
    if len(numbers) < 2:
        return False
    return len({number[:5] for number in numbers}) <= max(1, min(len(numbers) // 10, 40))


def _matching(text: Array, pattern: str) -> Ints:
    found = pc.match_substring_regex(text, pattern).to_numpy(zero_copy_only=False)
    return np.asarray(np.flatnonzero(found), np.int64)


def _only_counts(text: Array) -> bool:
    # Figures, times and numbers of lines or visits: below ten digits none of it is a person's.
    buffer = text.buffers()[2]
    return buffer is None or bool(_COUNTING[np.frombuffer(buffer, np.uint8)].all())


def _line(at: int, index: npt.NDArray[np.int32], lines: Ints) -> int:
    return int(lines[int(np.argmax(index == at))])
