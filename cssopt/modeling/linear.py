"""Linear expressions of decisions: places of columns and coefficients, merged once, at the end.

A decision is the place of its column. An expression is a constant and a run of terms, each a place
and a coefficient, in the order in which they were written: nothing is merged, nothing is sorted and
nothing is looked up while a model is built. Compiling sorts all terms of all rows once.

Coefficients and constants may be traced numbers (`cssopt.trace.numbers`): they are counted with as
any number is, and asked nothing here but whether they are 0 where they multiply.
"""

from __future__ import annotations

import numbers
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal, NoReturn

from cssopt.errors import ModelError
from cssopt.trace.numbers import Traced

Sense = Literal["<=", "==", ">="]

_QUICK: Final = frozenset((float, int, Traced))


class NotLinearError(ModelError):
    """What was written is no linear expression or relation; its text says what to do."""


def is_number(thing: Any) -> bool:
    """True for a number that an expression may be built with, a traced one included."""
    return thing.__class__ in _QUICK or isinstance(thing, numbers.Real)


def _is_nothing(number: Any) -> bool:
    """True for a plain 0. A traced number is not asked: its program must not hang on the answer."""
    return number.__class__ is not Traced and number == 0


def _plus(left: Any, right: Any) -> Any:
    """The sum of two constants; a traced one that meets nothing stays as it is."""
    if _is_nothing(left):
        return right
    return left if _is_nothing(right) else left + right


def _minus(left: Any, right: Any) -> Any:
    return left if right.__class__ is not Traced and right == 0 else left - right


def _times(factor: Any, coefficients: Sequence[Any]) -> list[Any]:
    if factor.__class__ is Traced:
        return [factor if c.__class__ is float and c == 1.0 else factor * c for c in coefficients]
    return [factor * c for c in coefficients]


class Linear:
    """A linear expression: a `Decision` or a `Sum` of terms.

    It is added, subtracted, multiplied and divided by numbers, and compared by ``<=``, ``>=`` and
    ``==``, which gives a `Relation`.
    """

    __slots__ = ()
    __array_ufunc__ = None  # numpy's numbers leave it to the expression to multiply

    constant: Any

    def terms(self) -> tuple[Sequence[int], Sequence[Any]]:
        """Places of columns, and their coefficients, as they were written."""
        raise NotImplementedError

    def _open(self) -> tuple[list[int], list[Any]]:
        """Lists of the terms that more may be appended to."""
        places, coefficients = self.terms()
        return list(places), list(coefficients)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Linear):
            added, weights = other.terms()
            places, coefficients = self._open()
            places.extend(added)
            coefficients.extend(weights)
            return Sum(places, coefficients, _plus(self.constant, other.constant))
        return self._shift(other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Linear):
            taken, weights = other.terms()
            places, coefficients = self._open()
            places.extend(taken)
            coefficients.extend([-c for c in weights])
            return Sum(places, coefficients, _minus(self.constant, other.constant))
        if not is_number(other):
            return NotImplemented
        return self._shift(-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self)._shift(other)

    def _shift(self, number: Any) -> Any:
        """The expression and a number."""
        if not is_number(number):
            return NotImplemented
        if _is_nothing(number):
            return self
        return Sum(*self.terms(), _plus(self.constant, number))

    def __neg__(self) -> Linear:
        places, coefficients = self.terms()
        return Sum(places, [-c for c in coefficients], _minus(0.0, self.constant))

    def __pos__(self) -> Linear:
        return self

    def __mul__(self, factor: Any) -> Any:
        """The expression times a number; nothing but the number 0 where that is 0."""
        if isinstance(factor, Linear):
            if factor.terms()[0] and self.terms()[0]:
                _refuse(
                    "two decisions are multiplied; a linear model has none: multiply a decision by "
                    "a number, or state what you mean with a decision of 0 or 1"
                )
            if factor.terms()[0]:
                return factor * self.constant
            factor = factor.constant
        if not is_number(factor):
            return NotImplemented
        if factor.__class__ is not Traced and factor == 1:
            return self
        if not factor:
            return 0
        places, coefficients = self.terms()
        constant = self.constant
        return Sum(
            places,
            _times(factor, coefficients),
            constant if _is_nothing(constant) else factor * constant,
        )

    __rmul__ = __mul__

    def __truediv__(self, divisor: Any) -> Any:
        if isinstance(divisor, Linear):
            _refuse("something is divided by a decision; divide by a number")
        if not is_number(divisor):
            return NotImplemented
        places, coefficients = self.terms()
        constant = self.constant
        return Sum(
            places,
            [c / divisor for c in coefficients],
            constant if _is_nothing(constant) else constant / divisor,
        )

    def __le__(self, other: Any) -> Any:
        return _relate(self, "<=", other)

    def __ge__(self, other: Any) -> Any:
        if isinstance(other, Linear):
            return _relate(other, "<=", self)
        return _relate(self, ">=", other)

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, Linear) and not is_number(other):
            # Python would answer False in its place: a rule that never holds, or is never asked.
            _refuse(
                f"a decision is compared by == with {type(other).__name__}, which is no number and "
                "no decision; compare it with one, or ask what the key is, not the decision"
            )
        return _relate(self, "==", other)

    __hash__ = None  # type: ignore[assignment]

    def __lt__(self, other: Any) -> NoReturn:
        _refuse("decisions are compared by < or >; write <= or >=")

    __gt__ = __lt__

    def __ne__(self, other: object) -> NoReturn:
        _refuse("decisions are compared by !=; a linear model has <=, >= and == only")

    def __bool__(self) -> NoReturn:
        _refuse(
            "a decision is asked whether it is true (by if, and, or, not, max or min), but is not "
            "known before the model is solved; state a rule with <=, >= or =="
        )

    def _no_number(self, *_: Any) -> NoReturn:
        _refuse(
            "a decision is used as a number, as by **, abs, round or float; a linear model knows "
            "sums of numbers times decisions only"
        )

    __pow__ = __rpow__ = __rtruediv__ = __abs__ = __float__ = __int__ = _no_number
    __round__ = __ceil__ = __floor__ = __mod__ = __floordiv__ = _no_number

    def __repr__(self) -> str:
        places, coefficients = self.terms()
        told = [f"{c!r}*x{place}" for place, c in zip(places, coefficients, strict=True)]
        return " + ".join([*told, repr(self.constant)])


class Decision(Linear):
    """One decision: the place of its column among all columns of the model."""

    __slots__ = ("place",)

    constant = 0.0

    def __init__(self, place: int) -> None:
        self.place = place

    def terms(self) -> tuple[Sequence[int], Sequence[Any]]:
        """Its own column, once."""
        return (self.place,), _ONE


_ONE: Final = (1.0,)


class Sum(Linear):
    """Terms and a constant.

    Sums may share the lists that their terms stand in: each is the first `_count` of them. So a sum
    that grows term by term appends to one list, however often it is given a new name; a sum whose
    list another one has gone on with copies its own terms before it grows.
    """

    __slots__ = ("_coefficients", "_count", "_places", "constant")

    def __init__(self, places: Sequence[int], coefficients: Sequence[Any], constant: Any) -> None:
        self._places, self._coefficients = places, coefficients
        self._count = len(places)
        self.constant = constant

    def terms(self) -> tuple[Sequence[int], Sequence[Any]]:
        """Places of columns, and their coefficients, as they were written."""
        count = self._count
        if len(self._places) == len(self._coefficients) == count:
            return self._places, self._coefficients
        return self._places[:count], self._coefficients[:count]

    def _open(self) -> tuple[list[int], list[Any]]:
        places, coefficients = self.terms()
        if places.__class__ is list and coefficients.__class__ is list:
            return places, coefficients
        return list(places), list(coefficients)


class Relation:
    """A row: how an expression without a constant compares with a number."""

    __slots__ = ("_left", "right", "sense")

    def __init__(self, left: Linear, sense: Sense, right: Any) -> None:
        self._left = left
        self.sense = sense
        constant = left.constant
        self.right = right if _is_nothing(constant) else right - constant

    def terms(self) -> tuple[Sequence[int], Sequence[Any]]:
        """Places of columns, and their coefficients, as they were written."""
        return self._left.terms()

    def __bool__(self) -> NoReturn:
        _refuse(
            "a relation of decisions is asked whether it is true, as by if, and, not or a chain "
            "such as low <= x <= high; state two relations, or one for each case of the inputs"
        )

    def _compared(self, _: Any) -> NoReturn:
        _refuse("two relations are compared, as in a <= b == c; state one relation a row")

    __le__ = __ge__ = __lt__ = __gt__ = _compared
    __eq__ = __ne__ = _compared
    __hash__ = None  # type: ignore[assignment]


def compare_nothing(sense: Sense, right: Any) -> bool:
    """Whether 0 compares so with a number: what a row without terms says."""
    return bool(right >= 0 if sense == "<=" else right <= 0 if sense == ">=" else right == 0)


def _relate(left: Linear, sense: Sense, right: Any) -> Any:
    if isinstance(right, Linear):
        places, coefficients = left.terms()
        others, weights = right.terms()
        constant = _minus(left.constant, right.constant)
        joined = Sum([*places, *others], [*coefficients, *[-c for c in weights]], constant)
        return Relation(joined, sense, 0.0)
    return Relation(left, sense, right) if is_number(right) else NotImplemented


def _refuse(text: str) -> NoReturn:
    raise NotLinearError(text)


def as_linear(value: Any) -> Linear:
    """A number as an expression; an expression as it is.

    Raises NotLinearError for anything else.
    """
    if isinstance(value, Linear):
        return value
    if not is_number(value):
        _refuse(f"{value!r} is neither a number nor an expression of decisions")
    return Sum((), (), value)


def packed(value: Any) -> Sum:
    """A number or an expression, in as little memory as may be, for as long as the model lives:
    many read it, and none of them appends to it.

    Raises NotLinearError for anything else.
    """
    given = as_linear(value)
    places, coefficients = given.terms()
    # An array makes plain numbers of traced ones, which would bind the program to them.
    weights = tuple(coefficients) if _is_traced(coefficients) else array("d", coefficients)
    return Sum(array("i", places), weights, given.constant)


def _is_traced(coefficients: Sequence[Any]) -> bool:
    return Traced in set(map(type, coefficients))


def total(terms: Iterable[Any]) -> Any:
    """Sum of expressions and numbers; a number where there are no decisions in it."""
    return weighted_sum((_AS_IT_IS, term) for term in terms)


def weighted_sum(terms: Iterable[tuple[Any, Any]]) -> Any:
    """Sum of coefficient times variable, over pairs (coefficient, variable).

    The same as ``sum(a * x for a, x in terms)``, and faster.
    """
    places: list[int] = []
    coefficients: list[Any] = []
    constant: Any = 0
    has_decisions = False
    for factor, term in terms:
        if term.__class__ is Decision and factor.__class__ in _FACTORS:
            places.append(term.place)
            coefficients.append(1.0 if factor is _AS_IT_IS else factor)
            has_decisions = True
            continue
        part = term if factor is _AS_IT_IS else factor * term
        if isinstance(part, Linear):
            added, weights = part.terms()
            places.extend(added)
            coefficients.extend(weights)
            has_decisions = True
            part = part.constant
        elif not is_number(part):
            raise TypeError(f"{part!r} is neither a number nor an expression of decisions")
        constant = _plus(constant, part)
    return Sum(places, coefficients, constant) if has_decisions else constant


class _AsItIs:
    """In place of a factor: none."""


_AS_IT_IS: Final = _AsItIs()
_FACTORS: Final = _QUICK | {_AsItIs}


class Rows:
    """Linear expressions, one after another, in as little memory as may be.

    Attributes
    ----------
    places, coefficients: of all terms; coefficients in a list from the first traced one on. Once
        compiled, those of one row and place are one, and they are parts of the arrays of a program.
    lengths: number of terms of each expression. numbers: one more number of each: its constant, or
        what its terms are compared with; in a list from the first traced one on.
    """

    __slots__ = ("coefficients", "lengths", "numbers", "places")

    def __init__(self) -> None:
        self.places = array("i")
        self.coefficients: array[float] | list[Any] = array("d")
        self.lengths = array("i")
        self.numbers: array[float] | list[Any] = array("d")

    def append(self, places: Sequence[int], coefficients: Sequence[Any], number: Any) -> None:
        """One more expression."""
        # An array makes plain numbers of traced ones, which would bind the program to them.
        if self.coefficients.__class__ is array and _is_traced(coefficients):
            self.coefficients = list(self.coefficients)
        if number.__class__ is Traced and self.numbers.__class__ is array:
            self.numbers = list(self.numbers)
        self.places.extend(places)
        self.coefficients.extend(coefficients)
        self.lengths.append(len(places))
        self.numbers.append(number)

    def settle(self, places: Any, coefficients: Any, lengths: Any) -> None:
        """Have the same terms, merged, where a program has them: they need not be there twice."""
        self.places, self.coefficients, self.lengths = places, coefficients, lengths

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[tuple[Sequence[int], Sequence[Any], Any]]:
        begin = 0
        for count, number in zip(self.lengths, self.numbers, strict=True):
            end = begin + count
            yield self.places[begin:end], self.coefficients[begin:end], number
            begin = end
