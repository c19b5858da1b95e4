"""The formulation as one matrix: decisions, constraints and the ledger.

Every name is that of the formulation; what exists only under a condition there is a column here
only then. 0/1 decisions that a coalition does not have are constants.
"""

from __future__ import annotations

from collections.abc import Mapping

from .bounds import Bounds
from .facts import Facts, Need
from .linear import CONSTANT, Expression, Linear, add_to, total

ONE: Expression = {CONSTANT: 1.0}
NOTHING: Expression = {}


class Program:
    """The matrix of a coalition, and the expressions that questions ask of it.

    Attributes
    ----------
    linear: columns and rows.
    money: pooled expenditure. burden: by member. outlay: by member and year.
    held: units over all tiers by member, force and year.
    shortfall: the column of each need.
    pooled: 1 in years in which the treaty works.
    """

    def __init__(self, facts: Facts, bounds: Bounds, relaxed: bool = False):
        self.facts, self._bounds, self._relaxed = facts, bounds, relaxed
        self.linear = Linear()
        years = facts.years
        self._own_cost: dict[tuple[str, int], Expression] = {
            (m, t): {} for m in facts.members for t in years
        }
        self._common: dict[int, Expression] = {t: {} for t in years}
        self._salvage: dict[str, Expression] = {m: {} for m in facts.members}
        self._people: dict[tuple[str, int], Expression] = {
            (m, t): {} for m in facts.members for t in years
        }
        self._set_up()
        self._found_bodies()
        self._launch_programmes()
        self._pool()
        self._hold_units()
        self._keep_rules_of_production()
        self._plan_measures()
        self._employ()
        self._cover_needs()
        self._apportion()
        self._keep_ledger()

    # Figures

    def missing_share(self) -> Expression:
        """`sum priority * shortfall_weight * shortfall / full`."""
        facts = self.facts
        return {
            column: facts.weight(need) / facts.full[need] for need, column in self.shortfall.items()
        }

    def weighted_shortfall(self) -> Expression:
        """`sum priority * shortfall_weight * shortfall`, of which each costs the penalty."""
        return {column: self.facts.weight(need) for need, column in self.shortfall.items()}

    def ceiling(self, need: Need, alone: dict[str, float]) -> Expression:
        """Most shortfall at equal security, from what the members are short alone."""
        k, _, _, t = need
        together = 1 / max(1.0, self.facts.tot[k])
        return total(
            (sum(alone.values()), ONE), (-sum(alone.values()) * (1 - together), self.pooled[t])
        )

    # Pieces

    def _switch(self) -> int:
        return self.linear.column(0.0, 1.0, whole=not self._relaxed)

    def _begun(self, row: dict, years: list[int]) -> dict[int, int]:  # type: ignore[type-arg]
        """0/1 by year: begun by t, never falls, not before its earliest year."""
        earliest = row.get("earliest_year", self.facts.first)
        columns: dict[int, int] = {}
        for t in years:
            columns[t] = self._switch()
            if t < earliest:
                self.linear.column_upper[columns[t]] = 0.0
            if t - 1 in columns:
                self.linear.at_most({columns[t - 1]: 1.0}, {columns[t]: 1.0})
        return columns

    def _rise(self, columns: dict[int, int], t: int, span: int = 1) -> Expression:
        """How much a 0/1 that never falls has risen within the last years."""
        rise = {columns[t]: 1.0}
        if t - span in columns:
            rise[columns[t - span]] = -1.0
        return rise

    # Set-up and institutions

    def _set_up(self) -> None:
        facts = self.facts
        started = {a: self._begun(row, facts.years) for a, row in facts.activities.items()}
        self._complete = {
            (a, t): _then(started[a], t - int(row["duration"]))
            for a, row in facts.activities.items()
            for t in facts.years
        }
        for a, before in facts.after:
            for t in facts.years:
                self.linear.at_most({started[a][t]: 1.0}, self._complete[before, t])
        for a, row in facts.activities.items():
            span = max(1, int(row["duration"]))
            for t in facts.years:
                bearer = self._own_cost[row["member"], t] if "member" in row else self._common[t]
                add_to(bearer, row["annual_cost"], self._rise(started[a], t, span))

    def _found_bodies(self) -> None:
        facts = self.facts
        self._active: dict[tuple[str, int], Expression] = {}
        for b, row in facts.bodies.items():
            columns = self._begun({}, facts.years)
            for t in facts.years:
                self._active[b, t] = {columns[t]: 1.0}
                for a in facts.opening("body", b):
                    self.linear.at_most({columns[t]: 1.0}, self._complete[a, t])
                add_to(self._common[t], row["setup_cost"], self._rise(columns, t))
                add_to(self._common[t], row["annual_cost"], {columns[t]: 1.0})
                if row["staff"] <= 0:
                    continue
                filled: Expression = {}
                for m in facts.members:
                    posts = self.linear.column(0.0, row["max_member_share"] * row["staff"])
                    filled[posts] = 1.0
                    add_to(self._people[m, t], 1.0, {posts: 1.0})
                    cost = facts.cost_index(m) * row["post_cost"]
                    add_to(self._own_cost[m, t], cost, {posts: 1.0})
                self.linear.equal(filled, {columns[t]: float(row["staff"])})

    def _launch_programmes(self) -> None:
        facts = self.facts
        self._completed: dict[tuple[str, int], Expression] = {}
        for p, row in facts.programmes.items():
            launched = self._begun(row, facts.years)
            span = max(1, int(row["duration"]))
            for t in facts.years:
                self._completed[p, t] = _then(launched, t - int(row["duration"]))
                for a in facts.opening("programme", p):
                    self.linear.at_most({launched[t]: 1.0}, self._complete[a, t])
                add_to(self._common[t], row["annual_cost"], self._rise(launched, t, span))

    def _pool(self) -> None:
        facts = self.facts
        deciding = [b for b, row in facts.bodies.items() if row["role"] == "delegation"]
        treaties = [a for a, row in facts.activities.items() if row["kind"] == "treaty"]
        self.pooled: dict[int, Expression] = {}
        for t in facts.years:
            if not deciding and not treaties:
                self.pooled[t] = ONE
                continue
            self.pooled[t] = {self._switch(): 1.0}
            for b in deciding:
                self.linear.at_most(self.pooled[t], self._active[b, t])
            for a in treaties:
                self.linear.at_most(self.pooled[t], self._complete[a, t])

    @property
    def always_pooled(self) -> bool:
        """True where pooling is no decision."""
        return all(pooled is ONE for pooled in self.pooled.values())

    # Units

    def _hold_units(self) -> None:
        facts, linear = self.facts, self.linear
        self._orders: dict[tuple[str, str, int], int] = {}
        self._held: dict[tuple[str, str, str, int], int] = {}
        self.held: dict[tuple[str, str, int], Expression] = {}
        for m in facts.members:
            for f, force in facts.forces.items():
                whole = force.whole and not self._relaxed
                keep: dict[int, int] = {}
                for t in facts.years:
                    if facts.may_order(m, f, t):
                        self._orders[m, f, t] = linear.column(whole=whole)
                        self._pay_for_order(m, f, t)
                for t in facts.years:
                    keep[t] = linear.column(0.0, facts.legacy[m, f, t])
                    if t - 1 in keep:
                        linear.at_most({keep[t]: 1.0}, {keep[t - 1]: 1.0})
                    have = {keep[t]: 1.0} | {
                        self._orders[m, f, a]: 1.0
                        for a in facts.in_service(f, t)
                        if (m, f, a) in self._orders
                    }
                    units: Expression = {}
                    for r in facts.tiers:
                        self._held[m, f, r, t] = linear.column(whole=whole)
                        units[self._held[m, f, r, t]] = 1.0
                    self.held[m, f, t] = units
                    linear.equal(units, have)
                    self._run_units(m, f, t)
                    if force.disposal > 0:
                        self._dispose(m, f, t, keep)

    def _pay_for_order(self, m: str, f: str, t: int) -> None:
        """Price, cuts of completed programmes, and what the order is still worth at the end."""
        facts = self.facts
        order = self._orders[m, f, t]
        if facts.needs_unlock(m, f):
            # a programme that unlocks: exactly then orders of such a member exist
            unlocked = total(*((1, self._completed[p, t]) for p, _ in facts.unlocks[f]))
            most = self._bounds.order(m, f, t)
            self.linear.at_most({order: 1.0}, total((most, unlocked)))
        price = facts.price(f, t)
        paid: Expression = {order: price}
        for p, share in facts.price_cuts.get(f, []):
            most = self._bounds.order(m, f, t)
            cut = self._while_complete(order, p, t, most)
            add_to(paid, -share * price, {cut: 1.0})
        add_to(self._own_cost[m, t], 1.0, paid)
        add_to(self._salvage[m], -facts.salvage(f, t), paid)

    def _while_complete(self, column: int, p: str, t: int, most: float) -> int:
        """A new column: the other one in years in which the programme is complete, else 0."""
        linear, complete = self.linear, self._completed[p, t]
        product = linear.column()
        linear.at_most({product: 1.0}, {column: 1.0})
        linear.at_most({product: 1.0}, total((most, complete)))
        linear.at_most({column: 1.0}, total((1, {product: 1.0}), (most, ONE), (-most, complete)))
        return product

    def _run_units(self, m: str, f: str, t: int) -> None:
        """Tiers, people, operating, support and fleet of a year."""
        facts, linear, force = self.facts, self.linear, self.facts.forces[f]
        units, cost = self.held[m, f, t], self._own_cost[m, t]
        index = facts.cost_index(m)
        for r, tier in facts.tiers.items():
            column = self._held[m, f, r, t]
            share = tier.get("max_share", 1)
            if share < 1:
                linear.at_most({column: 1.0}, total((share, units)))
            add_to(cost, index * force.operating * tier["operating_factor"], {column: 1.0})
            add_to(self._people[m, t], force.personnel, {column: 1.0})
        add_to(cost, index * force.support, units)
        cuts = facts.support_cuts.get(f, []) if force.support > 0 else []
        if cuts:
            every = linear.column()
            linear.equal({every: 1.0}, units)
            for p, share in cuts:
                cut = self._while_complete(every, p, t, self._bounds.held(m, f, t))
                add_to(cost, -index * share * force.support, {cut: 1.0})
        if force.fleet_cost > 0:
            operates = self._switch()
            linear.at_most(units, {operates: self._bounds.held(m, f, t)})
            add_to(cost, index * force.fleet_cost, {operates: 1.0})

    def _dispose(self, m: str, f: str, t: int, keep: dict[int, int]) -> None:
        facts = self.facts
        given_up = self.linear.column()
        gone: Expression = {CONSTANT: facts.legacy[m, f, t], keep[t]: -1.0}
        if t > facts.first:
            add_to(gone, -1.0, {CONSTANT: facts.legacy[m, f, t - 1], keep[t - 1]: -1.0})
        self.linear.at_most(gone, {given_up: 1.0})
        cost = facts.cost_index(m) * facts.forces[f].disposal
        add_to(self._own_cost[m, t], cost, {given_up: 1.0})

    def _keep_rules_of_production(self) -> None:
        """Production together and apart, and lines."""
        facts, linear = self.facts, self.linear
        for f, force in facts.forces.items():
            # nobody opens the line of a force that nobody can order, not even to waste money
            ordered = any(of == f for _, of, _ in self._orders)
            lines = self._begun({}, facts.years) if force.line_cost > 0 and ordered else {}
            for t in facts.years:
                orders = {
                    m: self._orders[m, f, t] for m in facts.members if (m, f, t) in self._orders
                }
                if lines:
                    add_to(self._common[t], force.line_cost, self._rise(lines, t))
                    for m, order in orders.items():
                        most = self._bounds.order(m, f, t)
                        linear.at_most({order: 1.0}, {lines[t]: most})
                if force.imports is None or not orders:
                    continue
                own = {m: facts.capacity(m, f) for m in facts.members}
                room = sum(own.values()) + len(facts.members) * force.imports
                most_made: Expression = {CONSTANT: room}
                for p, units in facts.adds.get(f, []):
                    add_to(most_made, units, self._completed[p, t])
                linear.at_most(dict.fromkeys(orders.values(), 1.0), most_made)
                if self.always_pooled:
                    continue
                for m, order in orders.items():
                    most = self._bounds.order(m, f, t)
                    apart = {CONSTANT: own[m] + force.imports}
                    linear.at_most({order: 1.0}, total((1, apart), (most, self.pooled[t])))

    # Measures

    def _plan_measures(self) -> None:
        facts, linear = self.facts, self.linear
        intensity: dict[tuple[str, int], int] = {}
        for x, row in facts.measures.items():
            for t in facts.years:
                intensity[x, t] = linear.column(0.0, 1.0)
                add_to(self._common[t], row["annual_cost"], {intensity[x, t]: 1.0})
                if "body" in row:
                    linear.at_most({intensity[x, t]: 1.0}, self._active[row["body"], t])
        effects = facts.book.keyed("effects", "measure", "threat")
        self._relief: dict[tuple[str, int], Expression] = {}
        self._relief_apart: dict[tuple[str, int], Expression] = {}
        for k in facts.threats:
            does = {x: row["effect"] for (x, of), row in effects.items()
                    if of == k and x in facts.measures}  # fmt: skip
            for t in facts.active[k]:
                self._relief[k, t] = self._relief_apart[k, t] = NOTHING
                if not does or facts.cap[k] <= 0:
                    continue
                relief = linear.column(0.0, facts.cap[k])
                self._relief[k, t] = {relief: 1.0}
                removed = {intensity[x, t]: float(effect) for x, effect in does.items()}
                linear.at_most({relief: 1.0}, removed)
                if self.always_pooled:
                    continue  # relief_apart <= cap * (1 - pooled) = 0
                apart = linear.column()
                self._relief_apart[k, t] = {apart: 1.0}
                linear.at_most({apart: 1.0}, {relief: 1.0})
                most = facts.cap[k]
                linear.at_most({apart: 1.0}, total((most, ONE), (-most, self.pooled[t])))

    def _unpooled(self, k: str, t: int) -> Expression:
        """`1 - pooled[t] - relief_apart[k,t]`: the share of what overlaps that is still asked."""
        return total((1, ONE), (-1, self.pooled[t]), (-1, self._relief_apart[k, t]))

    # Employment

    def _employ(self) -> None:
        facts, linear = self.facts, self.linear
        self._own: dict[tuple[str, str, str, str, int], int] = {}
        self._delegated: dict[tuple[str, str, str, str, int], int] = {}
        for m in facts.members:
            for f, force in facts.forces.items():
                for r in facts.tiers:
                    for k in facts.threats:
                        if not facts.serves(m, f, r, k):
                            continue
                        _, cost = facts.transit[m, facts.theatre[k]]
                        move = facts.likelihood[k] * cost * force.load
                        for t in facts.active[k]:
                            key = (m, f, r, k, t)
                            if facts.own_share(k, m) > 0:
                                self._own[key] = linear.column()
                                add_to(self._own_cost[m, t], move, {self._own[key]: 1.0})
                            if facts.joint and (m, k) not in facts.caveats:
                                column = self._delegated[key] = linear.column()
                                add_to(self._own_cost[m, t], move, {column: 1.0})
                                self._open_delegation(key)
        for t in facts.years:
            for group in facts.situations(t):
                for m in facts.members:
                    for f in facts.forces:
                        self._place(m, f, t, group)

    def _open_delegation(self, key: tuple[str, str, str, str, int]) -> None:
        """Only while the treaty works, and once everything that names the member is complete."""
        m, _, _, _, t = key
        column, most = self._delegated[key], self._bounds.delegated(*key)
        gates = [self._complete[a, t] for a in self.facts.opening("member", m)]
        if self.pooled[t] is not ONE:
            gates.append(self.pooled[t])
        for gate in gates:
            self.linear.at_most({column: 1.0}, total((most, gate)))

    def _place(self, m: str, f: str, t: int, group: list[str]) -> None:
        """One place at a time, and no more delegated than law allows."""
        facts = self.facts
        available: Expression = {}
        delegated: Expression = {}
        for r, tier in facts.tiers.items():
            share = float(tier["available_share"])
            add_to(available, share, {self._held[m, f, r, t]: 1.0})
            given = {
                self._delegated[m, f, r, k, t]: 1.0
                for k in group
                if (m, f, r, k, t) in self._delegated
            }
            own = {self._own[m, f, r, k, t]: 1.0 for k in group if (m, f, r, k, t) in self._own}
            add_to(delegated, 1.0, given)
            if given or own:
                self.linear.at_most(given | own, {self._held[m, f, r, t]: share})
        law = facts.delegable[m, f]
        if delegated and law < 1:
            self.linear.at_most(delegated, total((law, available)))

    # Coverage

    def _cover_needs(self) -> None:
        facts, linear = self.facts, self.linear
        self.shortfall: dict[Need, int] = {}
        for need in facts.needs:
            k, c, _, t = need
            full, cover = facts.full[need], facts.cover(k)
            self.shortfall[need] = linear.column()
            supply: Expression = {self.shortfall[need]: 1.0}
            relieved = total((1, ONE), (-1, self._relief[k, t]))
            for m in facts.members:
                own = self._power(self._own, m, need)
                if own:
                    counts = linear.column()
                    supply[counts] = 1.0
                    share, exposed = facts.own_share(k, m), facts.exposure[k, m]
                    linear.at_most({counts: 1.0}, own)
                    linear.at_most(
                        {counts: 1.0},
                        total(
                            (full * share, relieved),
                            (full * (exposed - share), self._unpooled(k, t)),
                        ),
                    )
            credited: Expression = {}
            for m in facts.members:
                given = self._power(self._delegated, m, need)
                if given:
                    counts = linear.column()
                    credited[counts] = 1.0
                    linear.at_most({counts: 1.0}, given)
                    most = float(facts.capabilities[c].get("max_member_share", 1))
                    if most < 1:
                        linear.column_upper[counts] = most * full * cover
            add_to(supply, 1.0, self._worth(credited, need))
            asked = total(
                (full * cover, relieved), (full * (facts.tot[k] - cover), self._unpooled(k, t))
            )
            linear.at_most(asked, supply)

    def _power(
        self, planned: dict[tuple[str, str, str, str, int], int], m: str, need: Need
    ) -> Expression:
        """Power for a need of what a member plans, over the forces and tiers that are in time."""
        facts = self.facts
        k, c, d, t = need
        return {
            planned[m, f, r, k, t]: facts.output(m, f, c)
            for f in facts.forces
            for r in facts.tiers
            if (m, f, r, k, t) in planned
            and facts.output(m, f, c) > 0
            and facts.arrival(m, r, k) <= d
        }

    def _worth(self, credited: Expression, need: Need) -> Expression:
        """What delegated power is worth, with a common command and without."""
        facts = self.facts
        if not credited or not facts.has_integration:
            return credited
        k, _, _, t = need
        lost = 1 - facts.unintegrated
        bonus = self.linear.column()
        self.linear.at_most({bonus: 1.0}, total((lost, credited)))
        body = facts.integration
        active = NOTHING if body is None else self._active[body, t]
        most = lost * facts.full[need] * facts.cover(k)
        self.linear.at_most({bonus: 1.0}, total((most, active)))
        return total((facts.unintegrated, credited), (1, {bonus: 1.0}))

    def _apportion(self) -> None:
        facts = self.facts
        if not facts.joint:
            return
        for row in facts.book.rows("apportionment"):
            if row["member"] not in facts.member:
                continue
            for t in facts.years:
                power = {
                    m: {
                        self._held[m, f, r, t]: facts.output(m, f, row["capability"])
                        * tier["available_share"]
                        for f in facts.forces
                        for r, tier in facts.tiers.items()
                    }
                    for m in facts.members
                }
                own = power[row["member"]]
                everyone = total(*((1, part) for part in power.values()))
                if row.get("min_share", 0) > 0:
                    self.linear.at_most(total((row["min_share"], everyone)), own)
                if row.get("max_share", 1) < 1:
                    self.linear.at_most(own, total((row["max_share"], everyone)))

    # Ledger

    def _keep_ledger(self) -> None:
        facts, linear = self.facts, self.linear
        for m in facts.members:
            people = facts.member[m].get("personnel")
            if people is not None:
                for t in facts.years:
                    linear.row(self._people[m, t], upper=people)
        common_ceiling = {
            row["year"]: row["budget"]
            for row in facts.book.rows("common_budgets")
            if "budget" in row
        }
        self.money: Expression = {}
        self.outlay: dict[tuple[str, int], Expression] = {}
        self.burden: dict[str, Expression] = {m: {} for m in facts.members}
        for t in facts.years:
            if facts.joint and t in common_ceiling:
                linear.row(self._common[t], upper=common_ceiling[t])
            for m in facts.members:
                outlay = total((1, self._own_cost[m, t]), (facts.key(m, t), self._common[t]))
                self.outlay[m, t] = outlay
                add_to(self.burden[m], facts.discount[t], outlay)
                ceiling = facts.budget(m, t)
                if ceiling is not None:
                    linear.row(outlay, upper=ceiling)
        for m in facts.members:
            add_to(self.burden[m], facts.discount[facts.last], self._salvage[m])
            add_to(self.money, 1.0, self.burden[m])

    def count_moves(
        self, base: Mapping[tuple[str, str, int], float]
    ) -> dict[tuple[str, str, int], int]:
        """New columns: units held more, or less, than in a base plan."""
        moved: dict[tuple[str, str, int], int] = {}
        for key, units in self.held.items():
            moved[key] = self.linear.column()
            gap = total((1, units), (-base.get(key, 0.0), ONE))
            self.linear.at_most(gap, {moved[key]: 1.0})
            self.linear.at_most(total((-1, gap)), {moved[key]: 1.0})
        return moved


def _then(columns: dict[int, int], t: int) -> Expression:
    """The column of a year; nothing before the first."""
    return {columns[t]: 1.0} if t in columns else NOTHING
