"""Deciding a day on which playbook A or B is in force: letters and hand-overs are proposed, or not.

What agencies, formal letters and rules that select add to a day; beside the floor, with no goal of its own.
"""

import statistics

import day
import ledger
from floor import measure_floor
from harness import Row


def run(bench):
    """A row for each playbook."""
    for key in ("a", "b"):
        yield _decided(bench, key)


def _decided(bench, key):
    """The row of a day on which each item that is old enough stands before the first step that is approved."""
    with bench.copy(bench.addon, f"playbook_{key}") as name, bench.open(name) as env:
        ledger.seed(env, bench.customers, bench.items_each)
        policy = _switched_on(env, key)
        company = env.company.root_id
        day.decide(env, company, ledger.DAY)
        day.deliver_all(env, ledger.DAY)
        _climb_to_the_last_own_level(env, policy)
        day.commit(env)
        floor = statistics.median(measure_floor(env, company, day.NEXT_DAY, bench.repeats))
        seconds, statements, steps = day.measure_deciding(env, company, day.NEXT_DAY, bench.repeats)
        ratio = round(statistics.median(seconds) / floor, 2)
        case = f"decide a day, playbook {key.upper()}, all steps due"
        return Row.of(case, bench.items, seconds, statements, ratio_floor=ratio, note=steps)


def _switched_on(env, key):
    """Return the policy of a playbook, chosen for everybody as its dialog does, in force, with agencies."""
    policy = env["recobro.playbook.choose"].create({})._make(key)
    for level in policy.level_ids.filtered(lambda level: level.channel in ("placement", "legal")):
        kind = "lawyer" if level.channel == "legal" else "agency"
        partner = env["res.partner"].create({"name": f"Bench {kind}", "is_company": True})
        level.agency_id = env["recobro.agency"].create({"partner_id": partner.id, "kind": kind})
    policy.action_switch_on()
    return policy


def _climb_to_the_last_own_level(env, policy):
    """Put each item on the highest level for its age before the first that is approved, and let it wait no more."""
    own = policy.level_ids.filtered(
        lambda level: level.subject == "invoice" and level.stage in ("preventive", "internal")
    )
    env.flush_all()
    env.cr.execute(
        """
        UPDATE recobro_item item
           SET delay_days = level.delay_days, level_sequence = level.sequence, level_id = level.id,
               level_date = %(day)s - 30
          FROM recobro_level level
         WHERE level.id = (SELECT own.id FROM recobro_level own
                            WHERE own.id = ANY(%(own)s) AND own.delay_days <= %(day)s - item.due_date
                            ORDER BY own.delay_days DESC, own.sequence DESC LIMIT 1)
        """,
        {"day": ledger.DAY, "own": own.ids},
    )
    # Of long ago: no limit of contacts, and no task that is not done, stands in the way of the step
    env.cr.execute("UPDATE recobro_action SET state = 'done', day = day - 30 WHERE state IN ('done', 'planned')")
    env.cr.execute("UPDATE recobro_action_line SET state = 'done' WHERE state = 'planned'")
    env.invalidate_all()
