"""Contracts as YAML files: the keys are those of the model, errors name the line and the clause."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from galien.kernel.errors import InvalidInput
from galien.model.contracts import Contract
from galien.usecases.contracts.kinds import Place, Plain
from galien.usecases.contracts.plain import from_plain, to_plain

LARGEST = 20_000_000
MOST_NODES, DEEPEST = 1_000_000, 12
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class _Dumper(getattr(yaml, "CBaseDumper", yaml.BaseDumper)):  # type: ignore[misc]
    """Writes every value as it reads, since everything is read back as text."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Write a scope twice rather than refer to it."""
        return True


def _text(dumper: Any, text: str) -> Any:
    style = '"' if text in _NOTHING else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, lambda d, v: d.represent_mapping("tag:yaml.org,2002:map", v.items()))
_Dumper.add_representer(list, lambda d, v: d.represent_sequence("tag:yaml.org,2002:seq", v))


def dump_yaml(contracts: Iterable[Contract]) -> str:
    """Return contracts as a YAML file, under the key `contracts`."""
    whole = {"contracts": [to_plain(each) for each in contracts]}
    return str(yaml.dump(whole, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100))


def read_yaml(text: str, *, name: str = "") -> tuple[Contract, ...]:
    """Read the contracts of a YAML text: one, a list of them, or a list under `contracts`.

    `name` is the file's, for errors. Numbers are read exactly, rates as 0.25 or 25 %. Raises
    InvalidInput naming the line, the contract and the clause.
    """
    if len(text) > LARGEST:
        raise InvalidInput(
            f"« {name} » dépasse {LARGEST // 1_000_000} Mo : coupez-le en plusieurs."
        )
    try:
        return tuple(_contracts(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"Ligne {mark.line + 1} : " if mark else ""
        raise InvalidInput(
            f"{where}ce n’est pas du YAML. Vérifiez les deux-points, les tirets et les retraits."
        ) from error
    except RecursionError as error:
        raise InvalidInput("Ce YAML est imbriqué trop profondément pour un contrat.") from error


def _contracts(text: str) -> Iterator[Contract]:
    seen: dict[str, int] = {}
    count = 0
    for document in yaml.compose_all(io.StringIO(text), Loader=_Loader):
        lines: dict[tuple[str | int, ...], int] = {}
        plain = _Walk(lines).plain(document, ())
        for path, each in _each(plain):
            place = Place(path, lines)
            contract = from_plain(each, place)
            count += 1
            if contract.reference in seen:
                raise place.error(
                    f"le contrat « {contract.reference} » figure déjà à la ligne "
                    f"{seen[contract.reference]} : donnez à chacun sa référence."
                )
            seen[contract.reference] = lines.get(path, 1)
            yield contract
    if not count:
        raise InvalidInput("Ce fichier ne contient aucun contrat.")


def _each(plain: Plain) -> Iterator[tuple[tuple[str | int, ...], Plain]]:
    if plain is None:
        return
    path: tuple[str | int, ...] = ()
    if isinstance(plain, dict) and set(plain) == {"contracts"}:
        path, plain = ("contracts",), plain["contracts"]
    if isinstance(plain, list):
        for rank, each in enumerate(plain):
            yield (*path, rank), each
    else:
        yield path, plain


class _Walk:
    """Turns what the parser composed into plain data, noting the line of every part."""

    def __init__(self, lines: dict[tuple[str | int, ...], int]) -> None:
        self._lines = lines
        self._nodes = 0

    def plain(self, node: Any, path: tuple[str | int, ...]) -> Plain:
        """Return a node as texts, lists and tables; InvalidInput for what no contract needs."""
        self._nodes += 1
        line = node.start_mark.line + 1 if node is not None else 1
        # An alias may stand for a part that holds it, or double in size at each level.
        if self._nodes > MOST_NODES or len(path) > DEEPEST:
            raise InvalidInput(f"Ligne {line} : ce YAML est trop grand ou trop imbriqué.")
        self._lines[path] = line
        if node is None:
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(each, (*path, rank)) for rank, each in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._table(node, path)
        return None if node.style is None and node.value in _NOTHING else node.value

    def _table(self, node: Any, path: tuple[str | int, ...]) -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise InvalidInput(f"Ligne {line} : une clé est un mot.")
            if key.value in found:
                raise InvalidInput(f"Ligne {line} : la clé « {key.value} » figure deux fois.")
            found[key.value] = self.plain(value, (*path, key.value))
            self._lines[*path, key.value] = line
        return found
