"""The day of a company, from what is open to what is planned; delivery goes on in batches after it."""

from odoo.exceptions import UserError
from odoo.tools import SQL

from . import answers, clock, delivery, faults, ledger_watch, planning, saving, snapshot, suspensions, watch
from .placements import letter_proofs, tone_review

#: Runs whose messages make up the average that a run is compared with.
_AVERAGE_OVER = 20


def decide(env, company, as_of, run):
    """Decide the day: what a person left undone is missed, then plan and save. One transaction.

    :param run: the `recobro.run` that keeps the counts. It waits for a person when far more would be sent than usual.
    """
    saving.alone_or_busy(env, company)
    if company.recobro_stopped:
        raise UserError(env._("Collections are stopped for %(company)s.", company=company.name))
    answers.settle(env, company, as_of)
    suspensions.settle(env, company, as_of)
    missed = env["recobro.action"].sudo()._miss_overdue_tasks(company, as_of)
    plan = planning.plan(env, company, as_of)
    saving.save(env, plan, run)
    watch.watch(env, company, as_of)
    letter_proofs.ask(env, company, as_of, plan.policies)
    tone_review.sample(env, company, as_of)
    run.write(
        {
            "planned_messages": plan.messages,
            "planned_tasks": plan.tasks,
            "missed_tasks": missed,
            "left_out": plan.left_out,
            "state": "waiting" if is_surge(env, company, plan, run) else "delivering",
        }
    )
    run._warn_no_more()
    return plan


def take_up(env, company, as_of):
    """Return today's scheduled run of `company` that was cut off before it had decided, or a new one.

    A worker that is killed leaves its run as it is: nothing of the day was kept, and nobody else decides it.
    """
    cut_off = env["recobro.run"].search([("company_id", "=", company.id), ("state", "=", "deciding")], order="id")
    of_today = cut_off.filtered(lambda run: run.day == as_of and run.mode == "scheduled")[:1]
    abandoned = cut_off - of_today
    # A run that is at work this moment holds the lock
    if abandoned and saving.try_alone(env, company):
        abandoned.write({"state": "failed", "error": env._("It was cut off before it had decided.")})
    if of_today:
        of_today._warn_cut_off()
    return of_today or env["recobro.run"]._start(company, as_of, "scheduled")


def finish(run):
    """Close a run whose actions are all delivered, and take the snapshot of its day, unless another worker is at it."""
    env = run.env
    if run.state != "delivering":
        return
    left = [("run_id", "=", run.id), ("state", "=", "planned"), ("is_delivered", "=", False)]
    # What waits for a recipient's hours, maybe of the next day, is no reason to wait with the figures of this one
    now = ["|", ("not_before_hour", "=", False), ("not_before_hour", "<=", clock.moment(env))]
    waiting = env["recobro.action"].search_count(left + now, limit=1)
    if not waiting and run.try_lock_for_update() and saving.try_alone(env, run.company_id):
        _end(run)
        run._set_done()


def _end(run):
    """Take the snapshot of the day of a run and look at its ledger; a fault in either is told, and the day is over."""
    company, day = run.company_id.with_env(run.env), run.day
    missing = snapshot.take(run.env, company, day)
    if not missing:
        # Without the figures of the day whatever is wrong would seem to be over
        faults.tried(run.env, missing, ledger_watch.watch, company, day)
    faults.tell(run, missing)


def is_surge(env, company, plan, run):
    """Return whether some policy would send far more than its average run does (DESIGN.md, rule 7).

    A policy with no run before is not compared: a person has just seen its simulation.
    """
    env["recobro.action"].flush_model()
    counts = dict(_messages_by_policy(env, company, run))
    for policy in plan.policies:
        now = counts.get((policy.id, run.id), 0)
        before = [number for (of, other), number in counts.items() if of == policy.id and other != run.id]
        if before and now > policy.surge_minimum and now > policy.surge_factor * sum(before) / len(before):
            return True
    return False


def _messages_by_policy(env, company, run):
    """Yield ((policy id, run id), messages) of this run and of the runs before it."""
    rows = env.execute_query(
        SQL(
            """
            WITH lately AS (
                SELECT id FROM recobro_run
                 WHERE company_id = %(company)s AND id <= %(run)s
                 ORDER BY id DESC LIMIT %(number)s
            )
            SELECT policy_id, run_id, COUNT(*)
              FROM recobro_action
             WHERE run_id IN (SELECT id FROM lately) AND kind = 'message' AND state != 'skipped'
             GROUP BY policy_id, run_id
            """,
            company=company.id,
            run=run.id,
            number=_AVERAGE_OVER,
        )
    )
    return (((policy, run_id), number) for policy, run_id, number in rows)


def live(env, company, as_of, mode="manual"):
    """Live the whole day in the transaction at hand (tests, replay of one day): decide, deliver, take the snapshot."""
    run = env["recobro.run"].sudo()._start(company, as_of, mode)
    decide(env, company, as_of, run)
    if run.state == "delivering":
        delivery.deliver_all(env, company)
        run._set_done()
    _end(run)
    return run
