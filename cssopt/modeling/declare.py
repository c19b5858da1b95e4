"""Variables and constraints that know the names of their indices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from string import Formatter
from typing import Any, Literal

import pyomo.environ as pyo
from pyomo.core.base.var import VarData
from pyomo.core.expr import LinearExpression

from cssopt.errors import ModelError
from cssopt.modeling.indices import read_indices
from cssopt.modeling.ledger import Balance
from cssopt.trace.numbers import Traced

Domain = Literal["nonnegative", "whole", "binary"]

_DOMAINS = {
    "nonnegative": pyo.NonNegativeReals,
    "whole": pyo.NonNegativeIntegers,
    "binary": pyo.Binary,
}
_PLAIN = frozenset((float, int, Traced))


class TriviallyInfeasibleError(Exception):
    """A constraint without variables that is false: the program is infeasible."""

    def __init__(self, row: str) -> None:
        self.row = row
        super().__init__(row)


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
    domains: Any
    if callable(domain):
        chosen = domain
        domains = lambda _block, *key: _DOMAINS[chosen(*key)]  # noqa: E731
    else:
        domains = _DOMAINS[domain]
    names = read_indices(over)
    indices = (list(keys),) if names else ()
    declared: Any = pyo.Var(*indices, domain=domains, bounds=(0, most), doc=doc)
    declared.index_names = names
    declared.measure = measure
    sentences = (structure,) if isinstance(structure, str) else structure
    declared.structure = _check_words(sentences, names)
    return declared


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

    `rule` takes the indices and returns a Pyomo relation. One that holds for every plan is
    skipped; one that no plan can meet makes the program infeasible, and is named.
    """

    def relation(block: Any, *key: Any) -> Any:
        stated = rule(*key)
        if stated is True or (stated.__class__.__name__ == "bool_" and stated):
            return pyo.Constraint.Skip
        if stated is False:
            raise TriviallyInfeasibleError(f"{doc} {key}")
        return stated

    declared: Any = pyo.Constraint(list(keys), rule=relation, doc=doc)
    declared.index_names = read_indices(over)
    declared.policy = policy
    declared.gives_way = policy if gives_way is None else gives_way
    declared.measure = measure
    return declared


def weighted_sum(terms: Iterable[tuple[Any, Any]]) -> Any:
    """Sum of coefficient times variable, over pairs (coefficient, variable).

    The same as ``sum(a * x for a, x in terms)``, several times faster to build and to compile
    where the coefficients are plain numbers.
    """
    pairs = list(terms)
    if not pairs:
        return 0.0
    if all(a.__class__ in _PLAIN and x.__class__ is VarData for a, x in pairs):
        coefficients, variables = zip(*pairs, strict=True)
        return LinearExpression(linear_coefs=list(coefficients), linear_vars=list(variables))
    return pyo.quicksum(a * x for a, x in pairs)


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


def expression(over: str, values: Any, *, doc: str, measure: str = "") -> Any:
    """Declare figures that follow from the decisions, such as the outlay of a member and year.

    `values` maps keys to linear expressions; with ``over=""`` it is one expression.
    """
    names = read_indices(over)
    declared: Any
    if names:
        keys = list(values)
        declared = pyo.Expression(keys, rule=lambda _block, *key: values[_as_key(key)], doc=doc)
    else:
        declared = pyo.Expression(expr=values, doc=doc)
    declared.index_names = names
    declared.measure = measure
    return declared


def _as_key(key: tuple[Any, ...]) -> Any:
    return key[0] if len(key) == 1 else key


def lookup(declared: Any, key: Any, otherwise: float = 0.0) -> Any:
    """The decision of this key, or a number where the decision does not exist."""
    return declared[key] if key in declared else otherwise  # noqa: SIM401 (no `get` in Pyomo)


total = pyo.quicksum
"""Sum of expressions."""
