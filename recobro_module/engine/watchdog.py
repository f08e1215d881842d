"""Whether the daily job does its work: looked at from outside of it, for a job that is dead tells nobody.

Asked by a scheduled action of its own, and by the screens of collections each time they are opened.
"""

from datetime import timedelta

from odoo.tools import format_date, format_datetime

from . import clock

#: How old the last good run of a company that chases may be: a day, and two hours for a busy machine.
_OLD = timedelta(hours=26)
#: States of a run that has decided its day.
_GOOD = ("delivering", "done", "waiting", "cancelled")
#: The scheduled actions without which nothing is planned or sent.
_JOBS = ("ir_cron_run", "ir_cron_deliver_1", "ir_cron_refresh")


def sentence(env, companies):
    """Return what is wrong with the daily job of some main companies, in a sentence; False when nothing is."""
    env = env(su=True)  # sudo: runs and scheduled actions are looked at, and nothing of them is shown but this
    for company in companies.with_env(env):
        words = trouble(env, company)
        if words and len(companies) > 1:
            return env._("%(company)s: %(trouble)s", company=company.name, trouble=words)
        if words:
            return words
    return False


def trouble(env, company):
    """Return what is wrong with the daily job of one main company, in a sentence of `env`'s language, else None.

    A company that is stopped, or for which no policy is switched on, is meant to do nothing.

    :param env: in sudo.
    """
    policies = env["recobro.policy"]._in_force(company)
    if company.recobro_stopped or not policies:
        return None
    off = _switched_off(env)
    if off:
        return env._("The scheduled action “%(name)s” is switched off: collections stand still.", name=off.name)
    runs = env["recobro.run"]
    of_company = [("company_id", "=", company.id)]
    good = runs.search([*of_company, ("state", "in", _GOOD)], order="id desc", limit=1)
    since = good.create_date or min(policies.mapped("write_date"))
    if clock.moment(env) - since > _OLD:
        return _silent(env, company, good)
    return _standing_still(env, company, good)


def _switched_off(env):
    jobs = env["ir.cron"]
    for name in _JOBS:
        jobs |= env.ref(f"recobro_module.{name}", raise_if_not_found=False) or jobs
    return jobs.filtered(lambda job: not job.active)[:1]


def _silent(env, company, good):
    """Return the words for a job that has not run since its last good run, with what the last try said."""
    failed = [("company_id", "=", company.id), ("id", ">", good.id or 0), ("state", "=", "failed")]
    error = env["recobro.run"].search(failed, order="id desc", limit=1).error
    if not good:
        words = env._("Collections have never run: nothing was planned or sent.")
    else:
        words = env._(
            "Collections have not run since %(moment)s: nothing was planned or sent.",
            moment=format_datetime(env, good.create_date),
        )
    return env._("%(what)s The last try says: %(error)s", what=words, error=error) if error else words


def _standing_still(env, company, good):
    """Return the words for a run that was decided and whose messages do not go out."""
    if good.state not in ("delivering", "waiting") or clock.moment(env) - good.create_date < timedelta(hours=4):
        return None
    day = format_date(env, good.day)
    if good.state == "waiting":
        return env._("The run of %(day)s waits for a person to release it: its messages have not gone out.", day=day)
    now = ["|", ("not_before_hour", "=", False), ("not_before_hour", "<=", clock.moment(env))]
    left = [("run_id", "=", good.id), ("state", "=", "planned"), ("is_delivered", "=", False), *now]
    number = env["recobro.action"].search_count(left)
    return number and env._("%(number)s messages and tasks of %(day)s have not gone out yet.", number=number, day=day)
