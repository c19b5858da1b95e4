"""Numbers that remember how they were made, so that they can be made again from other inputs.

A sweep changes a few cells of the inputs. They enter the mathematics as traced numbers: every sum
and product that they take part in is written on a tape, and every question that is asked of them
(is it zero, which is larger) becomes a condition. Played again with other cells, the tape gives
every coefficient that depends on them, as long as each condition comes out as it did: then the
program has the same shape. (Operator tracing with guards, as in tracing compilers and in automatic
differentiation: Griewank and Walther, 2008.)
"""

from __future__ import annotations

import math
import numbers
import operator
from collections.abc import Callable, Sequence
from typing import Any, Final

from cssopt.tables.data import Data, Key

Cell = tuple[str, Key, str]
"""Table, key of the row, column."""

_QUICK = frozenset((float, int, bool))
NONE: Final = -1
"""In place of an operand that is not there."""

INPUT: Final = "input"
_CONSTANT = "constant"


OPERATIONS: Final[dict[str, Callable[..., Any]]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "pow": math.pow,
    "neg": operator.neg,
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "max": max,
    "min": min,
}
"""Each operation for single numbers; `cssopt.trace.replay` has them for arrays."""

COMPARISONS: Final[dict[str, Callable[..., bool]]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
}


class Tape:
    """The arithmetic done with traced numbers, one node per number.

    Attributes
    ----------
    cells: the cell of every node that is a number of the inputs, in the order they were entered.
    """

    def __init__(self) -> None:
        self.cells: dict[int, Cell] = {}
        self.operations: list[str] = []
        self.operands: list[tuple[int, int]] = []
        self.values: list[float] = []
        self.conditions: dict[tuple[str, int, int], bool] = {}
        self._constants: dict[float, int] = {}
        self._made: dict[tuple[str, int, int], int] = {}

    def enter(self, cell: Cell, value: float) -> Traced:
        """A cell of the inputs as a traced number."""
        node = self._node(INPUT, NONE, NONE, value)
        self.cells[node] = cell
        return Traced(self, node)

    def apply(self, name: str, left: Any, right: Any = None) -> Traced:
        """What an operation gives; the same operation on the same numbers is noted once."""
        a = self._place(left)
        b = NONE if right is None else self._place(right)
        node = self._made.get((name, a, b))
        if node is None:
            numbers = (self.values[a],) if right is None else (self.values[a], self.values[b])
            node = self._node(name, a, b, float(OPERATIONS[name](*numbers)))
            self._made[name, a, b] = node
        return Traced(self, node)

    def ask(self, name: str, left: Any, right: Any) -> bool:
        """Compare two numbers, and note how it came out."""
        a, b = self._place(left), self._place(right)
        answer = bool(COMPARISONS[name](self.values[a], self.values[b]))
        self.conditions[name, a, b] = answer
        return answer

    def _place(self, number: Any) -> int:
        if number.__class__ is Traced:
            return int(number.node)
        value = float(number)
        if value not in self._constants:
            self._constants[value] = self._node(_CONSTANT, NONE, NONE, value)
        return self._constants[value]

    def _node(self, name: str, left: int, right: int, value: float) -> int:
        self.operations.append(name)
        self.operands.append((left, right))
        self.values.append(value)
        return len(self.values) - 1


def _is_plain(number: Any) -> bool:
    return number.__class__ in _QUICK or isinstance(number, numbers.Real)


def _binary(name: str) -> Callable[[Traced, Any], Any]:
    def operate(self: Traced, other: Any) -> Any:
        if other.__class__ is Traced or _is_plain(other):
            return self.tape.apply(name, self, other)
        return NotImplemented

    return operate


def _reflected(name: str) -> Callable[[Traced, Any], Any]:
    def operate(self: Traced, other: Any) -> Any:
        return self.tape.apply(name, other, self) if _is_plain(other) else NotImplemented

    return operate


_product = _binary("mul")


def _times(number: Traced, other: Any) -> Any:
    """The product: 0 times an input is 0 whatever the input, so nothing hangs on it."""
    if _is_plain(other) and other == 0:
        return 0.0
    return _product(number, other)


def _unary(name: str) -> Callable[[Traced], Any]:
    return lambda self: self.tape.apply(name, self)


def _comparison(name: str) -> Callable[[Traced, Any], Any]:
    def compare(self: Traced, other: Any) -> Any:
        if other.__class__ is Traced or _is_plain(other):
            return self.tape.ask(name, self, other)
        return NotImplemented

    return compare


class Traced:
    """A number on a tape: it counts like a float, and is a coefficient as any.

    Whatever turns it into a plain number, a text or a key of a dictionary makes a condition of its
    very value, so that no use of it is lost. Only its class is not a float's.
    """

    __slots__ = ("node", "tape")

    def __init__(self, tape: Tape, node: int) -> None:
        self.tape = tape
        self.node = node

    @property
    def value(self) -> float:
        """The number that it is for the inputs that were traced."""
        return self.tape.values[self.node]

    __add__, __radd__ = _binary("add"), _reflected("add")
    __sub__, __rsub__ = _binary("sub"), _reflected("sub")
    __mul__ = __rmul__ = _times
    __truediv__, __rtruediv__ = _binary("truediv"), _reflected("truediv")
    __pow__, __rpow__ = _binary("pow"), _reflected("pow")
    __neg__, __abs__ = _unary("neg"), _unary("abs")
    __ceil__, __floor__ = _unary("ceil"), _unary("floor")
    __lt__, __le__ = _comparison("lt"), _comparison("le")
    __gt__, __ge__ = _comparison("gt"), _comparison("ge")
    __eq__, __ne__ = _comparison("eq"), _comparison("ne")

    def __hash__(self) -> int:
        return hash(float(self))

    def __pos__(self) -> Traced:
        return self

    def __bool__(self) -> bool:
        return self.tape.ask("ne", self, 0.0)

    def __float__(self) -> float:
        self.tape.ask("eq", self, self.value)
        return self.value

    def __repr__(self) -> str:
        return repr(float(self))

    def __format__(self, form: str) -> str:
        return format(float(self), form)


def largest(numbers: Sequence[Any]) -> Any:
    """The largest of some numbers, as `max`; which of them it is may differ from run to run."""
    return _pick("max", numbers)


def smallest(numbers: Sequence[Any]) -> Any:
    """The smallest of some numbers, as `min`; which of them it is may differ from run to run."""
    return _pick("min", numbers)


def _pick(name: str, numbers: Sequence[Any]) -> Any:
    traced = [number for number in numbers if number.__class__ is Traced]
    plain = [number for number in numbers if number.__class__ is not Traced]
    choose: Any = OPERATIONS[name]
    if not traced:
        return choose(plain)
    best = choose(plain) if plain else traced.pop()
    for number in traced:
        best = number.tape.apply(name, number, best)
    return best


def trace_cells(data: Data, cells: Sequence[Cell], tape: Tape) -> Data:
    """The tables with these cells as traced numbers; each must hold a number."""
    changed: dict[str, dict[str, dict[Key, Any]]] = {}
    for table, key, column in cells:
        columns = changed.setdefault(
            table, {name: dict(values) for name, values in data.tables[table].columns.items()}
        )
        columns[column][key] = tape.enter((table, key, column), columns[column][key])
    tables = {name: data.tables[name].replace(columns) for name, columns in changed.items()}
    return Data({**data.tables, **tables}, given=data.given)
