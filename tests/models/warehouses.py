"""Capacitated warehouse location as a workbook, and the same problem without cssopt."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from books import Rows
from scipy.optimize import linprog


@dataclass(frozen=True)
class Instance:
    """Capacity and opening cost by warehouse, demand by customer, cost of serving all of it."""

    capacity: list[float]
    opening: list[float]
    demand: list[float]
    assignment: list[list[float]]


def make_instance(seed: int, warehouses: int, customers: int) -> Instance:
    """Warehouses and customers at random places, with costs by distance."""
    chance = random.Random(seed)
    places = [(chance.random(), chance.random()) for _ in range(warehouses + customers)]
    demand = [float(chance.randint(5, 60)) for _ in range(customers)]
    share = 2.5 * sum(demand) / warehouses
    return Instance(
        [float(round(share * chance.uniform(0.7, 1.3))) for _ in range(warehouses)],
        [float(chance.randint(40, 160)) for _ in range(warehouses)],
        demand,
        [
            [
                round(10 * d * (abs(a - x) + abs(b - y)) / 10, 3)
                for (x, y), d in zip(places[warehouses:], demand, strict=True)
            ]
            for a, b in places[:warehouses]
        ],
    )


def read_or_library(path: Path) -> Instance:
    """An instance in the format of the OR-Library (Beasley 1990)."""
    numbers = iter(map(float, path.read_text(encoding="ascii").split()))
    warehouses, customers = int(next(numbers)), int(next(numbers))
    places = [(next(numbers), next(numbers)) for _ in range(warehouses)]
    demand, by_customer = [], []
    for _ in range(customers):
        demand.append(next(numbers))
        by_customer.append([next(numbers) for _ in range(warehouses)])
    return Instance(
        [capacity for capacity, _ in places],
        [opening for _, opening in places],
        demand,
        [list(costs) for costs in zip(*by_customer, strict=True)],
    )


def write_sheets(instance: Instance) -> dict[str, Rows]:
    """The workbook of docs/warehouse_location.md."""
    warehouses = [f"W{i:02d}" for i in range(len(instance.opening))]
    customers = [f"C{j:02d}" for j in range(len(instance.demand))]
    return {
        "settings": [
            ["name", "value"],
            ["title", "Warehouse location"],
            ["currency", "EUR"],
            ["price_year", 2030],
            ["first_year", 2030],
            ["last_year", 2030],
            ["discount_rate", 0],
        ],
        "members": [
            ["member", "name", "gdp", "population", "cost_index"],
            *([w, w, 1, 1, cost] for w, cost in zip(warehouses, instance.opening, strict=True)),
        ],
        "theatres": [["theatre", "name"], *([c, c] for c in customers)],
        "capabilities": [["capability", "name", "measure"], ["goods", "Goods", "demand"]],
        "forces": [
            ["force", "name", "personnel", "operating_cost", "fleet_cost", "service_life"],
            ["depot", "Depot", 0, 0, 1, 1],
        ],
        "power": [["force", "capability", "power"], ["depot", "goods", 1]],
        "inventory": [
            ["member", "force", "units"],
            *([w, "depot", s] for w, s in zip(warehouses, instance.capacity, strict=True)),
        ],
        "readiness": [
            ["tier", "notice_days", "operating_factor", "available_share"],
            ["ready", 0, 1, 1],
        ],
        "movement": [
            ["member", "theatre", "transit_days", "cost_per_load"],
            *(
                [w, c, 0, instance.assignment[i][j] / instance.demand[j]]
                for i, w in enumerate(warehouses)
                for j, c in enumerate(customers)
            ),
        ],
        "threats": [
            ["threat", "name", "theatre", "kind"],
            *([c, c, c, "military"] for c in customers),
        ],
        "requirements": [
            ["threat", "capability", "day", "level"],
            *([c, "goods", 0, d] for c, d in zip(customers, instance.demand, strict=True)),
        ],
    }


def solve_by_enumeration(instance: Instance) -> float:
    """The least cost over every set of open warehouses, each a transportation problem."""
    best = np.inf
    everything = range(len(instance.opening))
    for size in range(1, len(instance.opening) + 1):
        for opened in itertools.combinations(everything, size):
            if sum(instance.capacity[i] for i in opened) >= sum(instance.demand):
                fixed = sum(instance.opening[i] for i in opened)
                if fixed < best:
                    best = min(best, fixed + _transport(instance, opened))
    return float(best)


def _transport(instance: Instance, opened: tuple[int, ...]) -> float:
    """Shares of each customer's demand from each open warehouse."""
    customers = len(instance.demand)
    costs = np.concatenate([instance.assignment[i] for i in opened])
    served = np.hstack([np.eye(customers) for _ in opened])
    used = np.kron(np.eye(len(opened)), instance.demand)
    answer = linprog(
        costs, A_ub=used, b_ub=[instance.capacity[i] for i in opened],
        A_eq=served, b_eq=np.ones(customers), bounds=(0, None),
    )  # fmt: skip
    return float(answer.fun) if answer.status == 0 else np.inf
