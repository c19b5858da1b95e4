"""Integration: delegated power is worth less until a common command works.

Sets:
    b: the one body of role `integration`; without one in the workbook delegated power is worth all

Variables:
    bonus[k,c,d,t] >= 0    power regained by integration

Constraints:
    regain_what_is_credited:    bonus <= (1 - unintegrated_power) * sum_m credited[m,k,c,d,t]
    regain_by_command:          bonus <= (1 - unintegrated_power) * full * cover * body_active[b,t]

Balances:
    supply[k,c,d,t] (of coverage): bonus - (1 - unintegrated_power) * sum_m credited, so that
        worth = unintegrated_power * sum_m credited + bonus
"""

from cssopt.modeling import (
    Check,
    Fault,
    account,
    constraint,
    holds,
    supplies,
    total,
    variable,
)

REQUIRES = ("horizon", "members", "threats", "bodies", "delegation", "coverage")


def _one_command(data):
    commands = [b for b, role in data.bodies.role.items() if role == "integration"]
    for b in commands[1:]:
        text = f'"{b}" is a second body of role integration beside "{commands[0]}". Keep one.'
        yield Fault("bodies", b, "role", text)


CHECKS = (Check(code="E-305", rule="at most one body integrates", find=_one_command),)


def arithmetic(data, use):
    roles = data.book.bodies.role
    command = next((b for b, role in roles.items() if role == "integration"), None)
    lost = 1 - data.settings.unintegrated_power if command is not None else 0.0
    return {"command": command, "lost": lost}


def variables(block, data, use):
    block.credited = {}
    for key, power in use.delegation.credited.items() if block.lost else ():
        block.credited.setdefault(key[1:], []).append(power)
    block.bonus = variable(
        "threat capability day year",
        block.credited,
        doc="delegated power regained by integration",
        measure="power",
    )


def balances(block, data, use):
    for key, credited in block.credited.items():
        use.coverage.supply.post(key, block.bonus[key] - block.lost * total(credited))


def constraints(block, data, use):
    bonus, lost, full = block.bonus, block.lost, use.threats.full
    block.regain_what_is_credited = constraint(
        "threat capability day year",
        bonus,
        lambda *key: bonus[key] <= lost * total(block.credited[key]),
        doc="integration regains no more than what delegation lost",
    )
    block.regain_by_command = constraint(
        "threat capability day year",
        bonus,
        lambda k, c, d, t: (
            bonus[k, c, d, t]
            <= lost
            * full[k, c, d, t]
            * use.threats.cover[k]
            * use.bodies.body_active[block.command, t]
        ),
        doc="power is regained only while the common command works",
    )


def audit(data, solution):
    command, lost = solution.arithmetic.integration.command, solution.arithmetic.integration.lost
    full, cover = solution.arithmetic.threats.full, solution.arithmetic.threats.cover
    credited = solution.sums("credited", over="threat capability day year")
    for key, bonus in solution.bonus.items():
        k, _, _, t = key
        most = lost * full[key] * cover[k] * solution.body_active[command, t]
        yield holds("regain_what_is_credited", key, bonus, "<=", lost * credited[key])
        yield holds("regain_by_command", key, bonus, "<=", most)
        yield supplies("supply", key, bonus - lost * credited[key])


def accounts(solution):
    lost = solution.arithmetic.integration.lost
    credited = solution.sums("credited", over="threat capability day year")
    for key, bonus in solution.bonus.items():
        yield account("lost without command", key, bonus - lost * credited[key])
