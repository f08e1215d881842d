"""The faults, one function each: what breaks, when, and what must be true afterwards beside the count."""

import time
from datetime import datetime, timedelta

from faulting.mail_server import (
    CUT_BEFORE_THE_ANSWER,
    CUT_IN_THE_MIDDLE,
    DISK_FULL,
    TAKE,
    SilentServer,
)

KILLS, KILLS_OF_A_HOST = 25, 5
ALL, SOME, FEW = 1.0, 0.2, 0.1
#: A Tuesday; clocks are set back only, for PostgreSQL keeps the real time.
TUESDAY = datetime(2025, 3, 11, 10)
REJECTED_EACH = 20
#: Seconds after which the client gives up on a server that hangs; Odoo's own 60 would only make this longer.
GIVE_UP = 6


def kill_workers(theatre):
    """A worker, and now and then a whole host, killed at 25 random moments of a run and started again each time."""
    with theatre.scene("kill workers", ALL) as scene:
        scene.start(hosts=1, workers=2)
        scene.wait_until_running()
        # The first one falls into the deciding, the others where chance has it
        longest, wait, moments = max(2.0, len(scene.customers) / 500), scene.random.uniform(0, 1), []
        while scene.kills < KILLS and not (scene.kills and scene.is_over()):
            scene.pause(wait)
            if scene.kills % KILLS_OF_A_HOST == KILLS_OF_A_HOST - 1:
                scene.kill_host()
            else:
                scene.kill_worker()
            moments.append(round(time.monotonic() - scene.began, 1))
            wait = scene.random.uniform(0.1, longest)
        scene.wait_until_over()
        scene.figures["seconds of the kills"] = moments
        return finish(scene)


def two_workers(theatre):
    """Two workers at once, one of them killed."""
    return _one_of(theatre, "two workers", hosts=1)


def four_workers(theatre):
    """Four workers on two hosts at once, one of them killed."""
    return _one_of(theatre, "four workers", hosts=2)


def _one_of(theatre, name, hosts):
    with theatre.scene(name, SOME) as scene:
        scene.start(hosts=hosts, workers=2)
        scene.wait_for_messages(len(scene.customers) // 5)
        scene.kill_worker()
        scene.wait_until_over()
        return finish(scene)


def deadly_message(theatre):
    """One message at which every worker stands still until Odoo's own watchdog kills it; the others are sent."""
    with theatre.scene("deadly message", FEW, limit_time_real_cron=DEADLY_SECONDS) as scene:
        first = min(customer.partner_id for customer in scene.customers.values() if customer.address)
        for statement in DEADLY:
            scene.query(statement.format(partner=first, seconds=DEADLY_SECONDS + 3))
        scene.start()
        scene.wait_for_messages(sum(bool(c.address and c.is_owed(0)) for c in scene.customers.values()) - 1)
        scene.figures["s until all others had arrived"] = round(time.monotonic() - scene.began, 1)
        scene.wait_until_over()
        result = finish(scene)
        if result.reasons["error"] != 1:
            result.complain("the message did not fail with a reason")
        return result


#: What the watchdog allows a worker, and a message that takes longer.
DEADLY_SECONDS = 15
DEADLY = (
    "CREATE FUNCTION stand_still() RETURNS trigger AS"
    " $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER stand_still BEFORE UPDATE ON recobro_action FOR EACH ROW"
    " WHEN (NEW.partner_id = {partner} AND NEW.state = 'sending') EXECUTE FUNCTION stand_still()",
)


def database_stops(theatre):
    """The database server stopped and started in the deciding and in the sending: as in a crash, and in good order."""
    with theatre.scene("database stops", SOME) as scene:
        scene.start(hosts=1, workers=2)
        scene.wait_until_running()
        for share, mode in ((0, "immediate"), (0.2, "immediate"), (0.5, "fast")):
            scene.wait_for_messages(int(share * len(scene.customers)))
            scene.pause(scene.random.uniform(0, 0.5))
            scene.cuts.append(time.time())
            theatre.embedded.stop(mode)
            scene.cuts.append(time.time())  # stopping takes a while on a busy machine: it was gone by now at the latest
            scene.pause(2)
            theatre.embedded.start()
        scene.wait_until_over()
        return finish(scene)


def disk_full(theatre):
    """The disk of the mail server is full (452) when the run begins; somebody makes room."""
    with theatre.scene("disk full", FEW) as scene:
        scene.mail_server.fault = DISK_FULL
        scene.start()
        scene.wait(lambda: scene.mail_server.refusals >= len(scene.customers) // 2)
        scene.mail_server.fault = TAKE
        scene.wait_until_over()
        return finish(scene)


def mail_server_refuses(theatre):
    """The mail server takes no connection, in the middle of the sending, for a quarter of a hasty hour."""
    with theatre.scene("mail server refuses", FEW) as scene:
        scene.start()
        scene.wait_for_messages(len(scene.customers) // 5)
        scene.cuts.append(time.time())
        scene.mail_server.refuse()
        scene.pause(15)
        scene.mail_server.listen()
        scene.wait_until_over()
        return finish(scene)


def mail_server_hangs(theatre):
    """The mail server says nothing at all at first, and then nothing more in the middle of some messages.

    What waits for it must hold up nothing else: the others are delivered to the queue, and sent.
    """
    with theatre.scene("mail server hangs", FEW, smtp_timeout=GIVE_UP) as scene:
        scene.mail_server.refuse()
        with SilentServer(scene.mail_server.port).running():
            scene.start()
            scene.wait(lambda: (now := scene.waiting()) and now["mails"] > len(scene.customers) // 2)
            scene.pause(GIVE_UP)
        owed = sorted(address for address, customer in scene.customers.items() if customer.address)
        holes = scene.random.sample(owed, 3)
        scene.mail_server.black_holes = dict.fromkeys(holes, 2)
        scene.mail_server.listen()
        back = time.monotonic()
        scene.wait_for_messages(len(owed) // 2)
        scene.figures["s until half had arrived"] = round(time.monotonic() - back, 1)
        scene.wait_until_over()
        return finish(scene)


def connections_cut(theatre):
    """The mail server hangs up in the middle of messages; then after it has the whole message, without an answer."""
    with theatre.scene("connections cut", FEW) as scene:
        scene.start()
        scene.wait_for_messages(len(scene.customers) // 10)
        for fault in (CUT_IN_THE_MIDDLE, CUT_BEFORE_THE_ANSWER):
            for _time in range(3):
                scene.mail_server.fault = fault
                seen = _touched(scene)
                scene.wait(lambda seen=seen: _touched(scene) > seen or scene.is_over())
                scene.mail_server.fault = TAKE
                scene.pause(1)
        scene.wait_until_over()
        return finish(scene)


def _touched(scene):
    return scene.mail_server.refusals + sum(not message.answered for message in scene.mail_server.received)


def one_message_always_cut(theatre):
    """One message at which the mail server hangs up each time: the others behind it are sent all the same."""
    with theatre.scene("one message always cut", FEW) as scene:
        first = min(customer.partner_id for customer in scene.customers.values())
        [address] = [customer.address for customer in scene.customers.values() if customer.partner_id == first]
        scene.mail_server.always_cut.add(address)
        scene.start()
        scene.wait_for_messages(sum(bool(c.address and c.is_owed(0)) for c in scene.customers.values()) - 1)
        scene.figures["s until all others had arrived"] = round(time.monotonic() - scene.began, 1)
        scene.mail_server.always_cut.clear()
        scene.wait_until_over()
        return finish(scene)


def rejections(theatre):
    """One address in twenty is refused for good (550): its action fails with the server's reason, no other does."""
    with theatre.scene("rejections", FEW) as scene:
        owed = sorted(customer.address for customer in scene.customers.values() if customer.address)
        scene.mail_server.rejected = set(owed[::REJECTED_EACH])
        scene.start()
        scene.wait_until_over()
        result = finish(scene)
        wrong = scene.query(
            "SELECT email_to, error FROM recobro_action"
            " WHERE state = 'failed' AND (error NOT LIKE '%550%' OR NOT EXISTS ("
            "   SELECT FROM mail_activity WHERE res_model = 'recobro.case' AND res_id = recobro_action.case_id))"
        )
        for address, error in wrong:
            result.complain(f"{address} failed without the server's reason or an activity for its owner: {error}")
        return result


def payments(theatre):
    """Another user posts payments during the run: for the customer being written to, the next ones, and any other."""
    with theatre.scene("payments", SOME) as scene:
        scene.hire_bookkeeper()
        due = [customer for customer in scene.customers.values() if customer.address and customer.is_owed(0)]
        by_address = {customer.address: customer for customer in due}
        left = dict(by_address)
        arrived = []

        def on_message(address):
            arrived.append(address)
            customer = left.pop(address, None)
            if customer and len(arrived) % 9 == 0:
                scene.pay(customer)

        scene.mail_server.on_message = on_message
        scene.start()
        scene.wait_until_running()
        while not scene.is_over():
            for customer in _next_ones(scene, left):
                left.pop(customer.address, None)
                # Of those with two invoices, one in two pays only the first
                in_part = len(customer.invoices) > 1 and scene.random.random() < 0.5
                scene.pay(customer, customer.invoices[:1] if in_part else None)
        return finish(scene)


NEXT = """
    SELECT partner.email_normalized FROM mail_mail mail
      JOIN recobro_action action ON action.mail_id = mail.id
      JOIN res_partner partner ON partner.id = action.partner_id
     WHERE mail.state = 'outgoing' ORDER BY mail.id LIMIT 1
"""


def _next_ones(scene, left):
    """Customers who pay now: who is next in the mail queue, and anybody."""
    addresses = [address for (address,) in scene.query(NEXT)]
    addresses += scene.random.sample(sorted(left), min(1, len(left)))
    return [left[address] for address in dict.fromkeys(addresses) if address in left]


def midnight(theatre):
    """A run that begins some seconds before midnight, with the next day's run right after it."""
    at = TUESDAY.replace(hour=23, minute=59, second=51)
    with theatre.scene("midnight", SOME, at=at) as scene:
        scene.start()
        scene.wait(lambda: (now := scene.waiting()) and now["done"] >= 2 and scene.is_over())
        result = finish(scene)
        _expect_runs(scene, result, [at.date(), at.date() + timedelta(days=1)])
        sent = dict(scene.query("SELECT day, COUNT(*) FROM recobro_action WHERE state = 'done' GROUP BY day"))
        scene.figures["messages of each day"] = {str(day): number for day, number in sent.items()}
        return result


def summer_time_begins(theatre):
    """The hour of the run, two o'clock, is left out that night in Madrid: the run begins at three, once."""
    at = datetime(2025, 3, 30, 0, 59, 40)
    with theatre.scene("summer time begins", FEW, at=at, timezone="Europe/Madrid", run_hour=2) as scene:
        scene.start()
        scene.wait_until_running()
        begun = scene.clock()
        scene.wait_until_over()
        result = finish(scene)
        if begun < datetime(2025, 3, 30, 1):
            result.complain(f"the run began at {begun} UTC, before its hour")
        _expect_runs(scene, result, [at.date()])
        return result


def summer_time_ends(theatre):
    """The hour of the run comes twice that night in Madrid: there is one run."""
    at = datetime(2025, 10, 26, 0, 59, 30)
    with theatre.scene("summer time ends", FEW, at=at, timezone="Europe/Madrid", run_hour=2) as scene:
        scene.start()
        scene.wait_until_over()
        scene.wait(lambda: scene.clock() > datetime(2025, 10, 26, 1, 1, 30))
        result = finish(scene)
        _expect_runs(scene, result, [at.date()])
        return result


def late_by_three_days(theatre):
    """No job ran for three days: it runs for today, once, and says what was missed."""
    with theatre.scene("late by three days", FEW, at=TUESDAY) as scene:
        scene.query(
            "INSERT INTO recobro_run (company_id, day, mode, state)"
            " SELECT id, %s, 'scheduled', 'done' FROM res_company WHERE parent_id IS NULL",
            scene.day(-4),
        )
        scene.done_before = 1
        scene.start()
        scene.wait_until_over()
        result = finish(scene)
        _expect_runs(scene, result, [scene.day(-4), scene.day()])
        [(missed,)] = scene.query("SELECT missed_days FROM recobro_run WHERE day = %s", scene.day())
        if missed != 3:
            result.complain(f"the run says that {missed} days were missed, not 3")
        return result


def _expect_runs(scene, result, days):
    found = [day for (day,) in scene.query("SELECT day FROM recobro_run WHERE state = 'done' ORDER BY day, id")]
    if found != days:
        result.complain(f"there were runs of {', '.join(map(str, found))}, not of {', '.join(map(str, days))}")


def finish(scene):
    """Count, and leave the figures that every scenario has."""
    result = scene.count()
    scene.figures["runs"] = sorted(state for (state,) in scene.query("SELECT state FROM recobro_run"))
    scene.figures.update({"kills": scene.kills, "payments": scene.payments})
    result.figures = scene.figures
    result.seconds = round(time.monotonic() - scene.began, 1)
    for error in scene.figures.get("payments refused", ()):
        result.complain(f"a payment could not be registered: {error}")
    return result


SCENARIOS = {
    function.__name__.replace("_", " "): function
    for function in (
        kill_workers,
        two_workers,
        four_workers,
        deadly_message,
        database_stops,
        disk_full,
        mail_server_refuses,
        mail_server_hangs,
        connections_cut,
        one_message_always_cut,
        rejections,
        payments,
        midnight,
        summer_time_begins,
        summer_time_ends,
        late_by_three_days,
    )
}
