"""What can be killed: Odoo's workers and whole hosts of them, the bookkeeper; and the hand that moves the clock on."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psutil
import psycopg2

BENCHMARKS = Path(__file__).resolve().parents[1]
#: An hour of waiting (for the next scheduled action, for the next try of a mail) takes a minute here.
HASTE = 60
#: Seconds between two wakings of the scheduled actions, which run each minute, each ten minutes, and each hour.
TURNS = {"model._cron_refresh()": 1, "model._cron_deliver()": 10, "model._cron_run()": 60, "mail queue": 60}
SECONDS_TO_STOP = 20


class Host:
    """One host: Odoo's own server process with its cron workers, each a process, started again when they die."""

    def __init__(self, odoo, config, log, workers=2, clock=None, smtp_timeout=0):
        self.odoo, self.config, self.log = odoo, config, log
        self.workers, self.clock, self.smtp_timeout = workers, clock, smtp_timeout
        self.process = None

    def start(self):
        """Start the server, at the time that its clock says."""
        words = [self.odoo.python, "-m", "faulting.odoo_process", "--smtp-timeout", self.smtp_timeout]
        if self.clock:
            words += ["--at", self.clock().isoformat()]
        words += ["--", "-c", self.config, "--no-http", "--workers=1", f"--max-cron-threads={self.workers}"]
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                [str(word) for word in words],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=self.odoo.settings.state,
                env=environment(self.odoo),
            )

    def tend(self):
        """Start the server again when it has ended, as the system's supervisor does."""
        if self.process and self.process.poll() is not None:
            self.kill()
            self.start()

    def worker_ids(self):
        """The process ids of its workers."""
        try:
            return [child.pid for child in psutil.Process(self.process.pid).children()]
        except psutil.NoSuchProcess:
            return []

    def kill_worker(self, random):
        """Kill one worker; Odoo's server starts another one."""
        workers = self.worker_ids()
        if workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(workers), signal.SIGKILL)
        return bool(workers)

    def kill(self):
        """Kill the whole host at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Let the workers end what they do, then end."""
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(SECONDS_TO_STOP)
        self.kill()
        self.process = None


def environment(odoo):
    """The variables of a process that needs Odoo and these benchmarks."""
    found = odoo.environment
    return found | {"PYTHONPATH": os.pathsep.join([found["PYTHONPATH"], str(BENCHMARKS)])}


class Bookkeeper:
    """Another user at work in a process of its own: registers payments while the run is at work."""

    def __init__(self, odoo, config, database, log):
        words = [odoo.python, "-m", "faulting.bookkeeper", "--config", config, "--database", database]
        with log.open("a") as errors:
            self.process = subprocess.Popen(
                [str(word) for word in words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
                cwd=odoo.settings.state,
                env=environment(odoo),
            )
        self.answers = []
        self.asked = 0
        json.loads(self.process.stdout.readline())
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def pay(self, move_ids):
        """Ask for a payment over some invoices of a customer; the answer comes later."""
        self.asked += 1
        self.process.stdin.write(json.dumps(move_ids) + "\n")
        self.process.stdin.flush()

    def finish(self):
        """Wait for the payments asked for, and let the bookkeeper go; return the answers."""
        self.process.stdin.close()
        self._reader.join()
        self.process.wait()
        return self.answers

    def kill(self):
        """End the process, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _read(self):
        for line in self.process.stdout:
            self.answers.append(json.loads(line))


class Hand(threading.Thread):
    """Moves the clock on: wakes what is due, and brings the next try of a mail nearer.

    It only does what the passing of time does: each scheduled action is due as often as its interval says.
    """

    def __init__(self, connect, database):
        super().__init__(daemon=True)
        self.connect, self.database = connect, database
        self.over = threading.Event()
        self.errors = 0

    def run(self):
        """Turn once a second, whatever state the database server is in."""
        second = 0
        while not self.over.wait(1):
            try:
                self._turn(second)
            except psycopg2.Error:
                self.errors += 1  # the database server is being stopped or started
            second += 1

    def _turn(self, second):
        due = [code for code, seconds in TURNS.items() if second % seconds == 0]
        with contextlib.closing(self.connect(self.database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(WAKE, {"due": due})
                cursor.execute(HURRY, {"seconds": HASTE})
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.database])

    def stop(self):
        """Leave the clock alone."""
        self.over.set()
        self.join()


#: A scheduled action is due; one that is woken already is not woken again.
WAKE = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT cron.id, now() AT TIME ZONE 'UTC'
      FROM ir_cron cron
      JOIN ir_act_server action ON action.id = cron.ir_actions_server_id
     WHERE cron.active
       AND (action.code = ANY(%(due)s)
            OR action.code LIKE '%%process_email_queue%%' AND 'mail queue' = ANY(%(due)s))
       AND NOT EXISTS (
           SELECT FROM ir_cron_trigger woken
            WHERE woken.cron_id = cron.id AND woken.call_at <= now() AT TIME ZONE 'UTC'
           )
"""
#: A mail whose next try is to come; the queue doesn't look at it yet, so nobody else is at work on it.
HURRY = """
    UPDATE mail_mail SET scheduled_date = scheduled_date - %(seconds)s * INTERVAL '1 second'
     WHERE id IN (
         SELECT id FROM mail_mail
          WHERE state = 'outgoing' AND scheduled_date > now() AT TIME ZONE 'UTC'
            FOR UPDATE SKIP LOCKED
         )
"""


class FakeClock:
    """A clock that was set to a moment (UTC) and goes on from there."""

    def __init__(self, moment):
        self.moment, self.since = moment, time.monotonic()

    def __call__(self):
        """The moment it shows now."""
        return self.moment + timedelta(seconds=time.monotonic() - self.since)


def real_clock():
    """The moment it is, in UTC and without saying so, as Odoo keeps it."""
    return datetime.now(timezone.utc).replace(tzinfo=None)
