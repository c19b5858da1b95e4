"""Putting a study's components together into one model with its ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from cssopt.assembly.arithmetic import Arithmetic
from cssopt.assembly.component import Component, blame
from cssopt.assembly.study import Study
from cssopt.errors import ModelError
from cssopt.modeling.block import Block, Model
from cssopt.modeling.declare import TriviallyInfeasibleError
from cssopt.modeling.indices import knowing
from cssopt.modeling.ledger import Ledger, Posting
from cssopt.modeling.objective import Levels, Stage
from cssopt.profile import measured, part
from cssopt.tables.collection import no_collection
from cssopt.tables.data import Data
from cssopt.tables.row_order import sort_rows

OBJECTIVE_BLOCK = "objective"
_OWN = (OBJECTIVE_BLOCK, "ledger")

_S = TypeVar("_S", Stage, Levels)


class Use:
    """The blocks a component may read: those of its REQUIRES, its OPTIONAL ones where the study
    has them (ask ``"pooling" in use``), the ledger, and whether the study drops whole numbers."""

    def __init__(
        self, component: Component, blocks: dict[str, Block], ledger: Ledger, relaxed: bool
    ) -> None:
        self._reader = component.name
        self._names = {
            name for name in (*component.requires, *component.optional) if name in blocks
        }
        self.__dict__.update((name, blocks[name]) for name in self._names)
        self.ledger = ledger
        self.relaxed = relaxed

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(
            f'component "{self._reader}" reads "{name}" without naming it in REQUIRES'
        )


@dataclass(frozen=True)
class Problem:
    """An assembled model.

    Attributes
    ----------
    model: one block per component and one for the objective.
    ledger: every cost, as expressions.
    data, study: what it was made from.
    stages: what is minimised, in order.
    levels: what decides between plans that are equally good; empty where nothing does.
    trivially_infeasible: names a rule that no plan can meet, found while building; empty otherwise.
    """

    model: Model
    ledger: Ledger
    data: Data
    study: Study
    stages: tuple[Stage, ...]
    trivially_infeasible: str = ""
    levels: tuple[Levels, ...] = ()

    @cached_property
    def arithmetic(self) -> Arithmetic:
        """The parameters of the components, of its tables as they are now."""
        return Arithmetic(self.data, self.study.components, self.study.indices)

    def to_pyomo(self) -> Any:
        """The same model as a Pyomo ConcreteModel (see `cssopt.assembly.pyomo_model`)."""
        from cssopt.assembly.pyomo_model import to_pyomo

        return to_pyomo(self)

    def blocks(self) -> Iterator[tuple[Component, Any]]:
        """Components (the objective last) with their blocks."""
        for component in self.study.components:
            yield component, self.model[component.name]
        yield self.study.objective, self.model[OBJECTIVE_BLOCK]


@measured("build")
def assemble(data: Data, study: Study) -> Problem:
    """Run every hook of every component, hook by hook, and the objective's last.

    They see rows in the order of their keys (`sort_rows`): the problem has them as they were typed.
    Raises ModelError where a component file is at fault, naming file and hook.
    """
    with no_collection(), knowing(study.indices):
        return replace(_assemble(sort_rows(data), study), data=data)


def _assemble(data: Data, study: Study) -> Problem:
    model, ledger = Model(), Ledger()
    blocks: dict[str, Block] = {}
    for component in study.components:
        if component.name in _OWN:
            text = f"{component.path}: every model has a {component.name}; choose another name"
            raise ModelError(text)
        blocks[component.name] = model.add(component.name)
    arithmetic = Arithmetic(data, study.components, study.indices)
    for component in study.components:
        for name, value in getattr(arithmetic, component.name).items():
            setattr(blocks[component.name], name, value)
    trivially_infeasible = ""
    for hook in ("variables", "balances", "costs", "constraints"):
        for component in study.components:
            arguments = [
                blocks[component.name],
                data,
                Use(component, blocks, ledger, study.relaxed),
            ]
            if hook == "costs":
                arguments.append(Posting(ledger, component.name))
            try:
                _run(component, hook, arguments)
            except TriviallyInfeasibleError as refusal:
                trivially_infeasible = trivially_infeasible or f"{component.name}: {refusal.row}"
    objective = study.objective
    arguments = [model.add(OBJECTIVE_BLOCK), data, Use(objective, blocks, ledger, study.relaxed)]
    _run(objective, "variables", arguments)
    try:
        _run(objective, "constraints", arguments)
    except TriviallyInfeasibleError as refusal:
        trivially_infeasible = trivially_infeasible or f"{objective.name}: {refusal.row}"
    stages = _find_stages(objective, arguments, Stage)
    levels: tuple[Levels, ...] = ()
    if study.settles_ties and study.ties is not None:
        arguments = [Block(study.ties.name), data, Use(study.ties, blocks, ledger, study.relaxed)]
        levels = _find_stages(study.ties, arguments, Levels)
    return Problem(model, ledger, data, study, stages, trivially_infeasible, levels)


def _run(component: Component, hook: str, arguments: list[Any]) -> Any:
    function = component.hooks.get(hook)
    if function is None:
        return ()
    try:
        with part(hook, component.name):
            return function(*arguments)
    except TriviallyInfeasibleError:
        raise
    except Exception as error:
        raise blame(component, hook, error) from error


def _find_stages(objective: Component, arguments: list[Any], kind: type[_S]) -> tuple[_S, ...]:
    """What an objective minimizes, or (`Levels`) how it decides between plans equally good."""
    found = _run(objective, "stages", arguments)
    stages = tuple(found) if isinstance(found, Iterable) else ()
    if not stages or not all(isinstance(stage, kind) for stage in stages):
        key = "objective" if kind is Stage else "ties"
        text = f"{objective.path}: stages gives no {kind.__name__}, so that the study cannot name "
        raise ModelError(f'{text}it as its {key}: {key} = "{objective.name}"')
    return stages
