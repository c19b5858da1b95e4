"""Variables and constraints that know the names of their indices."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from string import Formatter
from typing import Any, Literal, NoReturn, get_args

from cssopt.errors import ModelError
from cssopt.modeling.indices import read_indices
from cssopt.modeling.ledger import Balance
from cssopt.modeling.linear import (
    Decision,
    Linear,
    NotLinearError,
    Relation,
    Rows,
    Sense,
    Sum,
    compare_nothing,
    packed,
)
from cssopt.names import key_parts

Domain = Literal["nonnegative", "whole", "binary"]


class TriviallyInfeasibleError(Exception):
    """A constraint without variables that is false: the program is infeasible."""

    def __init__(self, row: str) -> None:
        self.row = row
        super().__init__(row)


class Declared:
    """What a component puts on its block: a decision, a rule or a figure.

    Attributes
    ----------
    name: the name that it has on the block; empty before it stands there.
    index_names: of its keys. doc, measure: what it is, and in what it is measured.
    """

    def __init__(self, index_names: tuple[str, ...], doc: str, measure: str) -> None:
        self.name = ""
        self.index_names = index_names
        self.doc = doc
        self.measure = measure


class _One:
    """What is declared without indices: it is used as it is, and its one key is None."""

    def __iter__(self) -> Iterator[None]:
        return iter((None,))

    def __len__(self) -> int:
        return 1

    def __contains__(self, key: object) -> bool:
        return key is None

    def __getitem__(self, key: None) -> Any:
        if key is not None:
            raise KeyError(key)
        return self

    def items(self) -> list[tuple[None, Any]]:
        """The one key, and what it is."""
        return [(None, self)]


class Variable(Declared):
    """Decisions by key.

    Attributes
    ----------
    keys_declared: the keys, None alone where it has no indices.
    domains: the domain of every key, or the one of all.
    most: an upper bound. structure: sentences (see `variable`).
    first: the place of the first column; the others follow. -1 before it stands on a block.
    """

    keys_declared: Sequence[Any]
    domains: Domain | list[Domain]
    most: float | None
    structure: tuple[str, ...]
    first: int = -1

    def take_places(self, first: int) -> None:
        """Stand in the columns from a place on."""
        raise NotImplementedError

    def ranges(self) -> Iterator[tuple[Any, float, bool]]:
        """Each key, the most that its decision can be (inf: no end), and whether it is whole.

        The least is 0.
        """
        most = math.inf if self.most is None else self.most
        domains = repeat(self.domains) if isinstance(self.domains, str) else self.domains
        for key, domain in zip(self.keys_declared, domains, strict=False):
            yield key, min(most, 1.0) if domain == "binary" else most, domain != "nonnegative"


_UNDECLARED = "a decision is read before it stands on its block: write block.name = variable(...)"


class _Decisions(Variable, dict[Any, Decision]):
    """Decisions over indices."""

    def take_places(self, first: int) -> None:
        self.first = first
        places = range(first, first + len(self.keys_declared))
        self.update(zip(self.keys_declared, map(Decision, places), strict=True))


class _Unplaced(_Decisions):
    """Decisions that do not stand on a block yet: there are none, and to read them is a mistake.

    A class of its own, which they leave when they take their places: each is then read as quickly
    as from any dict.
    """

    def take_places(self, first: int) -> None:
        self.__class__ = _Decisions  # type: ignore[assignment]
        self.take_places(first)

    def _not_yet(self, *_: Any) -> NoReturn:
        raise NotLinearError(_UNDECLARED)

    __getitem__ = __contains__ = __iter__ = __reversed__ = __len__ = _not_yet
    get = items = keys = values = _not_yet


class _OneDecision(_One, Variable, Decision):
    """A decision without indices."""

    def take_places(self, first: int) -> None:
        self.first = self.place = first

    def terms(self) -> tuple[Sequence[int], Sequence[Any]]:
        if self.first < 0:
            raise NotLinearError(_UNDECLARED)
        return super().terms()


def variable(
    over: str,
    keys: Iterable[Any],
    *,
    doc: str,
    measure: str,
    domain: Domain | Callable[..., Domain] = "nonnegative",
    most: float | None = None,
    structure: str | tuple[str, ...] = (),
) -> Any:
    """Declare a decision.

    Parameters
    ----------
    over: names of the indices, such as ``"member force year"``; they head the solution table.
    keys: the keys that exist (never a full product filtered later); of no use with ``over=""``.
    doc, measure: meaning and unit of measure, for the mathematics page and the reports.
    domain: ``nonnegative``, ``whole`` or ``binary``, or a function of the key that gives it.
    most: an upper bound, the same for all keys.
    structure: what it says of the structure of a plan where it is above 0, in words over some of
        the indices: ``"{member} buys {force}"`` holds where any of the years has an order. Several
        sentences look at one decision in several ways. `cssopt tipping` tells where they begin to
        hold and cease to; a decision without words is a mere amount to it.
    """
    names = read_indices(over)
    declared: _Unplaced | _OneDecision
    if names:
        declared = _Unplaced(names, doc, measure)
        declared.keys_declared = list(dict.fromkeys(keys))
    else:
        declared = _OneDecision(names, doc, measure)
        declared.keys_declared = (None,)
    if callable(domain):
        chosen = domain
        declared.domains = [
            _check_domain(chosen(*key_parts(key))) for key in declared.keys_declared
        ]
    else:
        declared.domains = _check_domain(domain)
    declared.most = most
    sentences = (structure,) if isinstance(structure, str) else structure
    declared.structure = _check_words(sentences, names)
    return declared


def _check_domain(domain: Domain) -> Domain:
    if domain not in get_args(Domain):
        raise ModelError(f'unknown domain "{domain}"; there are {", ".join(get_args(Domain))}')
    return domain


def _check_words(sentences: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """The sentences; ModelError where one of them speaks of an index that is not there."""
    for words in sentences:
        asked = {field for _, field, _, _ in Formatter().parse(words) if field is not None}
        if unknown := sorted(asked - set(names)):
            raise ModelError(
                f'structure "{words}" names {{{unknown[0]}}}; the indices of the decision are '
                f"{', '.join(names) or 'none'}"
            )
    return sentences


class Constraint(Declared):
    """Rules by key.

    Attributes
    ----------
    keys: of the rows. senses, rows: how each compares, and its terms and right side.
    policy, gives_way: see `constraint`.
    """

    def __init__(self, index_names: tuple[str, ...], doc: str, measure: str) -> None:
        super().__init__(index_names, doc, measure)
        self.keys: list[Any] = []
        self.senses: list[Sense] = []
        self.rows = Rows()
        self.policy = self.gives_way = False

    def __len__(self) -> int:
        return len(self.keys)


def constraint(
    over: str,
    keys: Iterable[Any],
    rule: Callable[..., Any],
    *,
    doc: str,
    policy: bool = False,
    gives_way: bool | None = None,
    measure: str = "",
) -> Any:
    """Declare a rule that must hold for every key; `policy` where a planner could change it, so
    that its price is of interest; `gives_way` where a given plan may break it and is costed all the
    same, as it may every rule of policy; `measure` of its two sides, where that is told then.

    `rule` takes the indices and returns a relation. One that holds for every plan is
    skipped; one that no plan can meet makes the program infeasible, and is named.
    """
    declared = Constraint(read_indices(over), doc, measure)
    declared.policy = policy
    declared.gives_way = policy if gives_way is None else gives_way
    add_key, add_sense, add_row = (
        declared.keys.append,
        declared.senses.append,
        declared.rows.append,
    )
    for key in dict.fromkeys(keys):
        stated = rule(*key) if key.__class__ is tuple else rule(key)
        if stated.__class__ is not Relation:
            stated = stated.item() if hasattr(stated, "item") else stated  # numpy's True and False
            if not isinstance(stated, bool):
                raise NotLinearError(
                    f'the rule "{doc}" gives {stated!r} for {key}; return a relation, as x <= 1'
                )
            holds = bool(stated)
        else:
            places, coefficients = stated.terms()
            if places:
                add_key(key)
                add_sense(stated.sense)
                add_row(places, coefficients, stated.right)
                continue
            holds = compare_nothing(stated.sense, stated.right)
        if not holds:
            raise TriviallyInfeasibleError(f"{doc} {key}")
    return declared


class Parameter(dict[Any, Any]):
    """Derived numbers by key, tabulated beside the decisions so that a figure can be traced."""

    def __init__(
        self, over: str, values: Mapping[Any, Any], *, doc: str, measure: str = ""
    ) -> None:
        super().__init__(values)
        self.index_names = read_indices(over)
        self.doc = doc
        self.measure = measure


def parameter(over: str, values: Mapping[Any, Any], *, doc: str, measure: str = "") -> Parameter:
    """Declare derived numbers over named indices, such as the full requirement of each year."""
    return Parameter(over, values, doc=doc, measure=measure)


def balance(over: str, *, doc: str, measure: str = "") -> Balance:
    """Declare a sum that several components feed, over named indices."""
    return Balance(read_indices(over), doc, measure)


class Expression(Declared):
    """Figures by key."""

    def figures(self) -> Iterable[tuple[Any, Linear]]:
        """Keys, None where it has no indices, and figures."""
        raise NotImplementedError


class _Figures(Expression, dict[Any, Linear]):
    """Figures over indices."""

    def figures(self) -> Iterable[tuple[Any, Linear]]:
        return self.items()


class _OneFigure(_One, Expression, Sum):
    """A figure without indices."""

    def figures(self) -> Iterable[tuple[Any, Linear]]:
        return self.items()


def expression(over: str, values: Any, *, doc: str, measure: str = "") -> Any:
    """Declare figures that follow from the decisions, such as the outlay of a member and year.

    `values` maps keys to linear expressions; with ``over=""`` it is one expression.
    """
    names = read_indices(over)
    if names:
        declared = _Figures(names, doc, measure)
        declared.update((key, packed(value)) for key, value in values.items())
        return declared
    one = _OneFigure(names, doc, measure)
    figure = packed(values)
    Sum.__init__(one, *figure.terms(), figure.constant)
    return one


def lookup(declared: Any, key: Any, otherwise: float = 0.0) -> Any:
    """The decision of this key, or a number where the decision does not exist."""
    return declared.get(key, otherwise)
