"""Delivering what a day has planned: messages made and queued, by one process and by two, and sent by SMTP."""

import itertools
import statistics
import time

import day
import delivering
import ledger
import smtp_sink
from harness import Row

#: Batches of one measurement, where the ledger has messages enough for them.
MOST = 8
RATE_GOAL, CORE_GOAL, GAIN_GOAL = 60, 0.5, 0.9


def run(bench):
    """Rows of delivering: one worker, two workers, SMTP; each beside what core does by itself."""
    with bench.copy(bench.addon, "deliver") as name:
        with bench.open(name) as env:
            company = day.begin(env, bench.customers, bench.items_each)
            day.decide(env, company, ledger.DAY)
            delivering.prepare(env)
            day.commit(env)
            # One worker takes them once a repeat, the two take three times as many, SMTP once, and getting warm takes a
            # batch each; whole batches of them
            batches = delivering.waiting(env) // (9 * bench.repeats) // delivering.BATCH
            messages = delivering.BATCH * max(1, min(MOST, batches))
            yield one_worker(bench, delivering.lived(env), messages)
        yield two_workers(bench, name, messages)
        with bench.open(name) as env, smtp_sink.listening() as port:
            yield smtp(bench, delivering.lived(env), messages, port)


def one_worker(bench, env, messages):
    """The row of making and queueing messages, in turn with core's mails of a like template."""
    delivering.ours(env, delivering.WARM_UP), delivering.core(env, delivering.WARM_UP)
    seconds, others, statements = [], [], []
    for _number in range(bench.repeats):
        before = env.cr.sql_log_count
        seconds.append(timed(delivering.ours, env, messages))
        statements.append((env.cr.sql_log_count - before) / messages)
        others.append(timed(delivering.core, env, messages))
    ours, core = (messages / statistics.median(taken) for taken in (seconds, others))
    sizes = [average_size(env, where) for where in ("IS NOT NULL", "IS NULL")]
    note = (
        f"{ours:.0f} messages/s; core's send_mail_batch {core:.0f}; statements a message {statements[0]:.2f} at first,"
        f" {statements[-1]:.2f} in the end; a body has {sizes[0]:,} characters, core's {sizes[1]:,}"
    )
    goal = f"≥ {RATE_GOAL} messages/s, ≥ core's send_mail_batch ÷ 2"
    met = ours >= max(RATE_GOAL, core * CORE_GOAL)
    case = f"deliver {messages} messages"
    return Row.of(case, bench.items, seconds, round(statements[-1] * messages), goal=goal, met=met, note=note)


def two_workers(bench, database, messages):
    """The row of two processes on one queue; what they gain over one is compared with what core's gain."""
    found, memory = {}, []
    for _number in range(bench.repeats):
        for work, processes in itertools.product(delivering.WORKS, (1, 2)):
            rate, peak = delivering.rates(bench, database, work, processes, messages)
            found.setdefault((work, processes), []).append(rate)
            memory += [peak] if work == "ours" else []
    gains = {work: statistics.median(found[work, 2]) / statistics.median(found[work, 1]) for work in delivering.WORKS}
    met = gains["ours"] >= GAIN_GOAL * gains["core"]
    note = "; ".join(
        f"{work} {statistics.median(found[work, 1]):.0f} messages/s by one, {statistics.median(found[work, 2]):.0f} by"
        f" two: × {gains[work]:.2f}"
        for work in delivering.WORKS
    )
    case = f"two processes deliver {messages} messages each"
    seconds = [2 * messages / rate for rate in found["ours", 2]]
    goal = f"≥ {GAIN_GOAL} × the gain of core's send_mail_batch"
    return Row.of(case, bench.items, seconds, goal=goal, met=met, note=note, peak_mb=max(memory))


def smtp(bench, env, messages, port):
    """The row of sending by SMTP, each mail after its last verdict; beside it core's queue with plain mails like it."""
    from odoo.tools import config

    config["smtp_server"], config["smtp_port"] = "127.0.0.1", port
    env["mail.mail"].search([("state", "=", "outgoing")]).write({"state": "cancel"})
    day.commit(env)
    seconds, kept, deleted, statements = [], [], [], 0
    for number in range(bench.repeats + 1):
        delivering.ours(env, messages)
        mails = env["mail.mail"].search([("state", "=", "outgoing")])
        plain = {auto_delete: plain_mails(mails, auto_delete) for auto_delete in (False, True)}
        env.cr.commit()
        kept.append(timed(send, plain[False]))
        before = env.cr.sql_log_count
        seconds.append(timed(send, mails))
        statements = env.cr.sql_log_count - before
        deleted.append(timed(send, plain[True]))
        if not number:  # that was to get warm
            seconds, kept, deleted = [], [], []
        if sum(mail.state == "sent" for mail in mails) != messages:
            raise RuntimeError("Not every mail was sent")
    ours, core, default = (messages / statistics.median(taken) for taken in (seconds, kept, deleted))
    note = f"{ours:.0f} mails/s; core {core:.0f} of plain mails that it keeps, {default:.0f} of those that it deletes"
    case = f"send {messages} mails by SMTP"
    return Row.of(case, bench.items, seconds, statements, goal="≥ core's own rate", met=ours >= core, note=note)


def plain_mails(mails, auto_delete):
    """Queue mails as others do, with the bodies and addresses of these; kept once sent, or deleted as is usual."""
    return mails.create(
        [
            {
                "subject": mail.subject,
                "body": mail.body,
                "body_html": mail.body_html,
                "email_from": mail.email_from,
                "email_to": mail.email_to,
                "reply_to": mail.reply_to,
                "model": mail.model,
                "res_id": mail.res_id,
                "auto_delete": auto_delete,
            }
            for mail in mails
        ]
    )


def send(mails):
    """Send mails as the scheduled action does: one connection, a transaction for each mail."""
    mails.process_email_queue(mails.ids)


def timed(function, *arguments):
    """The seconds of one call."""
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def average_size(env, where):
    """The average length of the bodies of mails that are ours, or not."""
    env.cr.execute(f"SELECT AVG(length(body_html))::int FROM mail_mail WHERE recobro_action_id {where}")
    return env.cr.fetchone()[0]
