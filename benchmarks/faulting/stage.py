"""What a scenario plays on: a copy of the seeded database, a mail server, hosts with workers, and a clock in haste."""

import contextlib
import re
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import psycopg2

from faulting import accounting, books
from faulting.mail_server import MailServer
from faulting.processes import Bookkeeper, FakeClock, Hand, Host, real_clock
from toolbox.mailbox import free_port

WAITING = """
    SELECT (SELECT COUNT(*) FROM recobro_run WHERE state IN ('deciding', 'delivering', 'waiting')),
           (SELECT COUNT(*) FROM recobro_run WHERE state = 'done'),
           (SELECT COUNT(*) FROM recobro_action WHERE kind = 'message' AND state IN ('planned', 'sending')),
           (SELECT COUNT(*) FROM mail_mail WHERE state = 'outgoing' AND recobro_action_id IS NOT NULL)
"""
BEAT = 0.05
DAYS = {"account_move": ("date", "invoice_date", "invoice_date_due"), "account_move_line": ("date", "date_maturity")}
#: How long a scenario may take before it is given up: seconds, and more for each customer.
PATIENCE, PATIENCE_EACH = 240, 0.1


class NotOver(Exception):
    """A scenario did not come to its end in time."""


@dataclass
class Theatre:
    """What all scenarios share: the database server of their own, Odoo, the seeded templates."""

    odoo: object
    databases: object
    embedded: object
    templates: dict
    customers: int
    seed: int

    def connect(self, database):
        """A connection of the harness's own to a database."""
        where = self.odoo.server.environment
        return psycopg2.connect(host=where["PGHOST"], port=where["PGPORT"], user=where["PGUSER"], dbname=database)

    @contextlib.contextmanager
    def scene(self, name, share=1.0, at=None, timezone="UTC", run_hour=0, smtp_timeout=10, **options):
        """A Scene while the block runs.

        :param share: how many of the customers it is played with: one of `templates`.
        :param at: the moment (UTC) that Odoo's clock is set to at the beginning; the real one when None.
        :param options: of Odoo's configuration file.
        """
        mail_server = MailServer(free_port())
        with (
            self.databases.passing(name.replace(" ", "_").replace(",", ""), self.templates[share]) as database,
            mail_server.running(),
            self.odoo.configured(database, smtp_port=mail_server.port, db_maxconn=32, **options) as config,
        ):
            scene = Scene(self, name, database, config, mail_server, Random(self.seed), at, smtp_timeout)
            scene.prepare(timezone, run_hour)
            try:
                yield scene
            finally:
                scene.clear()


@dataclass
class Scene:
    """One scenario at play."""

    theatre: Theatre
    name: str
    database: str
    config: object
    mail_server: MailServer
    random: Random
    at: object
    smtp_timeout: float
    hosts: list = field(default_factory=list)
    cuts: list = field(default_factory=list)
    bookkeeper: Bookkeeper | None = None
    kills: int = 0
    payments: int = 0
    done_before: int = 0
    """Runs that were there before the scenario began."""
    figures: dict = field(default_factory=dict)
    """What a scenario tells beside the count."""

    def prepare(self, timezone, run_hour):
        """Bring the ledger to the day that is lived, and read from the books who is owed a message."""
        self.began = time.monotonic()
        self.clock = FakeClock(self.at) if self.at else real_clock
        self.log = self.theatre.odoo.settings.logs / f"faults-{self.database}.log"
        self.log.unlink(missing_ok=True)
        day = self.clock().date()
        with self.connection() as connection, connection.cursor() as cursor:
            for table, columns in DAYS.items():
                moved = ", ".join(f"{column} = {column} + %(days)s" for column in columns)
                cursor.execute(f"UPDATE {table} SET {moved}", {"days": (day - real_clock().date()).days})
            cursor.execute(
                "UPDATE res_partner SET tz = %s WHERE id IN (SELECT partner_id FROM res_company)", [timezone]
            )
            cursor.execute("UPDATE res_company SET recobro_run_hour = %s", [run_hour])
        with self.connection() as connection:
            self.customers = books.read(connection, day)
        self.deadline = time.monotonic() + PATIENCE + PATIENCE_EACH * len(self.customers)

    @contextlib.contextmanager
    def connection(self):
        """A connection to the scenario's database, committed at the end."""
        connection = self.theatre.connect(self.database)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def query(self, sql, *parameters):
        """The rows of a statement."""
        with self.connection() as connection, connection.cursor() as cursor:
            cursor.execute(sql, parameters or None)
            return cursor.fetchall() if cursor.description else []

    # What is on the stage

    def start(self, hosts=1, workers=2):
        """Start hosts with cron workers, and let time pass."""
        for _number in range(hosts):
            clock = self.clock if self.at else None
            host = Host(self.theatre.odoo, self.config, self.log, workers, clock, self.smtp_timeout)
            host.start()
            self.hosts.append(host)
        self.hand = Hand(self.theatre.connect, self.database)
        self.hand.start()

    def hire_bookkeeper(self):
        """Have another user at work beside the run."""
        self.bookkeeper = Bookkeeper(self.theatre.odoo, self.config, self.database, self.log)

    def clear(self):
        """End all processes of the scenario."""
        if hasattr(self, "hand"):
            self.hand.stop()
        for host in self.hosts:
            host.stop()
        if self.bookkeeper:
            self.bookkeeper.kill()

    # What happens

    def kill_worker(self):
        """Kill one worker of any host, as soon as it has one."""
        host = self.random.choice(self.hosts)
        self.wait(host.worker_ids)
        self.cuts.append(time.time())
        self.kills += host.kill_worker(self.random)

    def kill_host(self):
        """Kill one host with all its workers; it is started again at once."""
        self.cuts.append(time.time())
        self.random.choice(self.hosts).kill()
        self.kills += 1

    def pay(self, customer, invoices=None):
        """Have all that a customer owes paid, or some of its invoices, by the bookkeeper."""
        self.bookkeeper.pay([invoice.move_id for invoice in invoices or customer.invoices])

    # Waiting

    def pause(self, seconds):
        """Let a time pass, tending the hosts."""
        until = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= until)

    def wait(self, condition):
        """Wait until the condition holds; give up when the scenario takes too long."""
        while not condition():
            if time.monotonic() > self.deadline:
                errors = self.query("SELECT DISTINCT error FROM recobro_run WHERE state = 'failed'")
                raise NotOver(f"not over after {time.monotonic() - self.began:.0f} s: {self.waiting()} {errors or ''}")
            for host in self.hosts:
                host.tend()
            time.sleep(BEAT)

    def waiting(self):
        """How much waits: runs at work, runs done, actions and mails on their way; None when nobody can say."""
        try:
            [row] = self.query(WAITING)
        except psycopg2.Error:
            return None
        return dict(zip(("runs", "done", "actions", "mails"), row, strict=True))

    def wait_until_running(self):
        """Wait until the run has begun."""
        self.wait(lambda: (now := self.waiting()) and (now["runs"] or now["done"] > self.done_before))

    def wait_for_messages(self, number):
        """Wait until so many messages have arrived, or nothing is left to come."""
        self.wait(lambda: len(self.mail_server.received) >= number or self.is_over())

    def is_over(self):
        """Whether the run is done and nothing is on its way any more."""
        now = self.waiting()
        time.sleep(0.2)
        return bool(now) and now["done"] > self.done_before and not (now["runs"] or now["actions"] or now["mails"])

    def wait_until_over(self):
        """Wait for the end."""
        self.wait(self.is_over)

    # The end

    def count(self):
        """Return the accounting.Count of what arrived against what was owed."""
        if self.bookkeeper:
            self._enter_payments(self.bookkeeper.finish())
        actions = [accounting.Action(*row) for row in self.query(accounting.ACTIONS)]
        cuts = [*self.cuts, *self._kills_of_the_watchdog()]
        return accounting.count(self.customers, self.mail_server.received, actions, cuts, time.time())

    def _kills_of_the_watchdog(self):
        """The moments at which Odoo's server itself killed a worker that took too long; its log is in UTC."""
        found = re.findall(r"^(\S+ \S+),\d+ .* timeout after ", self.log.read_text(errors="replace"), re.MULTILINE)
        return [datetime.fromisoformat(f"{moment}+00:00").timestamp() for moment in found]

    def _enter_payments(self, answers):
        invoices = {invoice.move_id: invoice for customer in self.customers.values() for invoice in customer.invoices}
        failed = [answer["error"] for answer in answers if answer["error"]]
        for answer in answers:
            if not answer["error"]:
                self.payments += 1
                for move in answer["invoices"]:
                    invoices[move].paid_at = answer["committed"]
        self.figures["payments refused"] = failed
        self.figures["payments tried again"] = sum(answer["tries"] > 1 for answer in answers)
        self.figures["slowest payment, s"] = max((round(a["committed"] - a["began"], 2) for a in answers), default=0)

    def day(self, ahead=0):
        """The day that is lived, in UTC."""
        return self.clock().date() + timedelta(days=ahead)
