"""A day of collections, as the benchmarks live it: the policy on, the day decided, what was planned gone out."""

import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from unittest.mock import patch

import ledger
from harness import measure, vacuum

#: After how many messages their items climb: the server looks a batch up by its ids.
ACTIONS_AT_ONCE = 1000
NEXT_DAY = ledger.DAY + timedelta(days=1)


def begin(env, customers, items_each):
    """Seed a ledger, switch the default policy on, and commit both; the company that collects."""
    ledger.seed(env, customers, items_each)
    env.ref("recobro_module.policy_default").action_switch_on()
    env.cr.commit()
    vacuum(env, *ledger.TABLES, analyze=True)
    return env.company.root_id


def decide(env, company, day):
    """Decide a day as the scheduled action does, and return its run."""
    from odoo.addons.recobro_module.engine import run

    record = env["recobro.run"]._start(company, day, "scheduled")
    run.decide(env, company, day, record)
    return record


def measure_deciding(env, company, day, repeats):
    """Return the seconds of deciding `day` each time anew, the statements of one, and a text on the last.

    Each is rolled back, and what it leaves in collections' tables is cleared away before the next.
    """
    steps, planned = {}, []

    def begin_anew():
        clear(env)
        steps.clear()

    def whole_day():
        run = decide(env, company, day)
        planned[:] = run.planned_messages, run.planned_tasks

    with timed_steps(steps):
        seconds, statements = measure(whole_day, repeats, env, begin_anew)
    clear(env)
    shares = ", ".join(f"{step} {taken:.2f} s" for step, taken in steps.items())
    return seconds, statements, "{:,} messages and {:,} tasks planned; ".format(*planned) + shares


def clear(env):
    """Roll back, and clear away what that leaves in collections' tables."""
    env.cr.rollback()
    vacuum(env, *own_tables(env))


def own_tables(env):
    """The names of collections' tables."""
    env.cr.execute(r"SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'recobro\_%' ORDER BY relname")
    return [name for (name,) in env.cr.fetchall()]


def commit(env):
    """Commit, and bring the server's knowledge of collections' tables up to date, as it does by itself in a minute."""
    env.flush_all()
    env.cr.commit()
    vacuum(env, *own_tables(env), analyze=True)


def deliver_all(env, day):
    """Have all messages gone out, by SQL: what deciding finds on the next day, without the time to render them.

    It is committed before items climb, as it is in a day: the server has to know that it isn't planned any more.
    """
    from odoo.tools import split_every

    from odoo.addons.recobro_module.engine import ladder

    env.flush_all()
    env.cr.execute("UPDATE recobro_action SET is_delivered = TRUE WHERE state = 'planned' AND kind = 'task'")
    env.cr.execute("UPDATE recobro_action SET state = 'done' WHERE state = 'planned' AND kind = 'message' RETURNING id")
    actions = env["recobro.action"].browse(action for (action,) in env.cr.fetchall())
    env.cr.execute("UPDATE recobro_action_line SET state = 'done' WHERE action_id = ANY(%s)", [actions.ids])
    env.cr.execute("UPDATE recobro_run SET state = 'done'")
    commit(env)
    for batch in split_every(ACTIONS_AT_ONCE, actions.ids):
        ladder.climb(env, actions.browse(batch), day)


@contextmanager
def timed_steps(steps):
    """Add up the seconds of each step of the day in `steps`, by its name."""
    from odoo.addons.recobro_module.engine import run

    with ExitStack() as stack:
        for module, name in (("answers", "settle"), ("planning", "plan"), ("saving", "save"), ("watch", "watch")):
            step = getattr(run, module)
            stack.enter_context(patch.object(step, name, _timed(getattr(step, name), module, steps)))
        yield


def _timed(function, name, steps):
    def timed(*arguments, **options):
        start = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            steps[name] = steps.get(name, 0) + time.perf_counter() - start

    return timed
