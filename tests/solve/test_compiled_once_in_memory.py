"""Until the solver has the model: its terms stand once in memory, and what is done with goes."""

from __future__ import annotations

import weakref
from pathlib import Path

import numpy as np
import pytest

import cssopt
from cssopt.assembly.instance import Instance
from cssopt.modeling.declare import Constraint
from cssopt.modeling.linear import Rows
from cssopt.solve.compile import _merge, compile_problem
from cssopt.tables.collection import no_collection
from cssopt.trace.numbers import Tape

BOOK = Path(__file__).parents[2] / "inputs" / "demo.xlsx"


@pytest.mark.medium
def test_rules_have_their_terms_where_the_program_has_them():
    problem = Instance.of(cssopt.load(BOOK), "relaxed").assemble()
    rules = [rule for _, rule in problem.model.declared(Constraint)]
    written = [[sorted(zip(*row[:2], strict=True)) for row in rule.rows] for rule in rules]
    program = compile_problem(problem)
    for rule, rows in zip(rules, written, strict=True):
        assert len(rule.rows) == len(rule.keys) == len(rows)
        assert np.shares_memory(rule.rows.places, program.matrix.indices) or not rows
        assert np.shares_memory(rule.rows.coefficients, program.matrix.data) or not rows
        for (places, coefficients, _), terms in zip(rule.rows, rows, strict=True):
            sums: dict[int, float] = {}
            for place, coefficient in terms:
                sums[place] = sums.get(place, 0.0) + coefficient
            kept = {place: total for place, total in sums.items() if abs(total) > 1e-12}
            assert places.tolist() == sorted(kept)
            np.testing.assert_allclose(coefficients, [kept[place] for place in sorted(kept)])
    again = compile_problem(problem)
    assert (again.columns, again.rows) == (program.columns, program.rows)
    for one, other in ((again.matrix, program.matrix), (again.reported, program.reported)):
        assert (one != other).nnz == 0


def test_a_traced_number_stays_in_its_rule_where_it_is_0_in_this_program():
    """What is asked next may be a program in which it is another number."""
    nothing = Tape().enter(("forces", "tank", "load"), 0.0)
    traced, plain = Rows(), Rows()
    traced.append([0, 1], [nothing, 1.0], 0.0)
    plain.append([1], [2.0], 0.0)
    for _ in range(2):
        matrix, _ = _merge([traced, plain], 2)
        assert matrix.toarray().tolist() == [[0, 1], [0, 2]]
        assert [coefficients[0] for _, coefficients, _ in traced] == [nothing]
        assert next(iter(traced))[1][0] is nothing
    assert np.shares_memory(plain.coefficients, matrix.data)


def test_a_problem_is_gone_as_soon_as_nobody_holds_it():
    instance = Instance.of(cssopt.load(BOOK), "strict")
    with no_collection():
        problem = instance.assemble()
        program, model = compile_problem(problem), weakref.ref(problem.model)
        assert model() is not None
        del problem
        assert model() is None
    assert len(program.rows) == len(list(program.rows)) > 0
