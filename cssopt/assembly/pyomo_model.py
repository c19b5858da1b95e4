"""A problem as a model of Pyomo: the same decisions, rules and stages under the same names.

Nothing of cssopt needs it; whoever knows Pyomo can look at the model, change it and solve it with
any solver that Pyomo reaches. Pyomo is loaded when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cssopt.assembly.assemble import Problem
from cssopt.errors import ModelError
from cssopt.modeling.block import Block
from cssopt.modeling.declare import Constraint, Expression, Variable
from cssopt.modeling.ledger import Balance
from cssopt.modeling.linear import Linear, as_linear


def to_pyomo(problem: Problem) -> Any:
    """The problem as a Pyomo ConcreteModel.

    One block for each component, and one for the objective, hold its decisions (Var), rules
    (Constraint), and figures and balances (Expression), each with its keys and what it says.
    ``model.ledger.amount`` has every cost. ``model.minimize`` has the stages as objectives, by
    name: the first is active, the others are not. ``model.held`` has, by stage and name, what later
    stages hold at the value that is reached. What decides between plans equally good
    (`Problem.levels`) is no stage, and not in it.

    Raises ModelError where Pyomo has a use of its own for a name, and for a problem with a rule
    that no plan can meet, which Pyomo could only leave out.
    """
    if problem.trivially_infeasible:
        raise ModelError(f"no plan can meet a rule, {problem.trivially_infeasible}")
    return _Writer(problem).model


class _Writer:
    """The model, block by block, and its decisions by their places."""

    def __init__(self, problem: Problem) -> None:
        import pyomo.environ as pyo
        from pyomo.core.expr import LinearExpression

        self._pyo, self._linear = pyo, LinearExpression
        self._decisions: list[Any] = [None] * problem.model.columns
        self.model: Any = pyo.ConcreteModel(name=problem.study.name, doc=problem.study.explanation)
        blocks = problem.model.blocks.values()
        for block in blocks:
            self._add(self.model, block.name, pyo.Block())
        # A rule or figure may have decisions of any component in it.
        for block in blocks:
            for variable in block.declared(Variable):
                self._add_variable(self._block(block), variable, problem.study.relaxed)
        for block in blocks:
            for name, thing in vars(block).items():
                if isinstance(thing, Constraint):
                    self._add_constraint(self._block(block), thing)
                elif isinstance(thing, Expression):
                    self._add_figures(self._block(block), name, thing.figures(), thing.doc)
                elif isinstance(thing, Balance):
                    sums = [(key, thing[key]) for key in thing]
                    self._add_figures(self._block(block), name, sums, thing.doc)
        self._add_costs_and_stages(problem)

    def _block(self, block: Block) -> Any:
        return getattr(self.model, block.name)

    def _add(self, parent: Any, name: str, part: Any) -> None:
        if hasattr(parent, name):
            raise ModelError(
                f'Pyomo uses the name "{name}" itself; give it another name in its component to '
                "hand the model to Pyomo"
            )
        parent.add_component(name, part)

    def _add_variable(self, block: Any, variable: Variable, is_relaxed: bool) -> None:
        pyo = self._pyo
        ranges = list(variable.ranges())
        domains = {
            key: pyo.NonNegativeReals
            if is_relaxed or not is_whole
            else pyo.Binary
            if most == 1.0
            else pyo.NonNegativeIntegers
            for key, most, is_whole in ranges
        }
        bounds = {key: (0.0, most) for key, most, _ in ranges}
        if variable.index_names:
            made = pyo.Var(
                list(domains),
                domain=lambda _, *key: domains[_one(key)],
                bounds=lambda _, *key: bounds[_one(key)],
                doc=variable.doc,
            )
        else:
            made = pyo.Var(domain=domains[None], bounds=bounds[None], doc=variable.doc)
        self._add(block, variable.name, made)
        for place, key in enumerate(variable.keys_declared, variable.first):
            self._decisions[place] = made[key]

    def _add_constraint(self, block: Any, constraint: Constraint) -> None:
        relations = {
            key: self._relation(sense, places, coefficients, right)
            for key, sense, (places, coefficients, right) in zip(
                constraint.keys, constraint.senses, constraint.rows, strict=True
            )
        }
        made = self._pyo.Constraint(
            list(relations), rule=lambda _, *key: relations[_one(key)], doc=constraint.doc
        )
        self._add(block, constraint.name, made)

    def _relation(
        self, sense: str, places: Sequence[int], coefficients: Sequence[Any], right: float
    ) -> tuple[Any, ...]:
        terms = self._sum(places, coefficients)
        if sense == "==":
            return terms, right
        return (None, terms, right) if sense == "<=" else (right, terms, None)

    def _add_figures(self, block: Any, name: str, figures: Any, doc: str) -> None:
        written = {key: self._figure(figure) for key, figure in figures}
        if list(written) == [None]:
            made = self._pyo.Expression(expr=written[None], doc=doc)
        else:
            keys = list(written)
            made = self._pyo.Expression(keys, rule=lambda _, *key: written[_one(key)], doc=doc)
        self._add(block, name, made)

    def _add_costs_and_stages(self, problem: Problem) -> None:
        pyo, model = self._pyo, self.model
        self._add(model, "ledger", pyo.Block())
        costs = [((entry, who, year), cost) for entry, who, year, cost in problem.ledger.entries()]
        self._add_figures(model.ledger, "amount", costs, "costs by entry, bearer and year")
        stages = {stage.name: self._figure(stage.expression) for stage in problem.stages}
        minimize = pyo.Objective(
            list(stages), rule=lambda _, name: stages[name], doc="what is minimized, in this order"
        )
        self._add(model, "minimize", minimize)
        for name in list(stages)[1:]:
            minimize[name].deactivate()
        held = [
            ((stage.name, hold.name), hold.expression)
            for stage in problem.stages
            for hold in stage.holds
        ]
        self._add_figures(model, "held", held, "what later stages hold, by stage and name")

    def _figure(self, figure: Any) -> Any:
        expression: Linear = as_linear(figure)
        return self._sum(*expression.terms(), expression.constant)

    def _sum(
        self, places: Sequence[int], coefficients: Sequence[Any], constant: float = 0.0
    ) -> Any:
        return self._linear(
            constant=constant,
            linear_coefs=list(coefficients),
            linear_vars=[self._decisions[place] for place in places],
        )


def _one(key: tuple[Any, ...]) -> Any:
    """A key as it was declared: of one index, without a tuple around it."""
    return key[0] if len(key) == 1 else key
