"""A replay of a ledger, checked against what the ledger alone says it must have done."""

import csv
import json
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from unittest.mock import patch

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from replay import read, replay

from odoo import SUPERUSER_ID, api
from odoo.tools import config

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ledger_replay.keeping import Journal, check_mailbox, journal_path, prepare_mailbox
from ledger_replay.ledger import COLUMNS, ReplayError, read_days, read_ledger
from toolbox.mailbox import free_port

from . import ledger_figures, replay_rules
from .common import RecobroCase
from .letter_case import LetterCase

LEDGER = Path(__file__).resolve().parents[2] / "shared" / "data" / "ledger_2012.csv"
ROW = ("ACME", "840", "0000000001", "2012-03-01", "2012-03-31", "100.00", "no", "2012-04-20")
SMALL = [
    # Paid before the first day; old debt, still open at the end; paid in time; late; late and never paid.
    ("ACME", "840", "0000000001", "2012-01-02", "2012-02-01", "100.00", "no", "2012-02-20"),
    ("ACME", "840", "0000000002", "2012-01-10", "2012-02-09", "250.50", "yes", ""),
    ("ACME", "840", "0000000003", "2012-02-20", "2012-03-12", "80", "no", "2012-03-12"),
    ("ACME", "840", "0000000004", "2012-02-21", "2012-03-13", "31.4", "no", "2012-03-29"),
    ("Ñandú & Co", "", "0000000005", "2012-03-02", "2012-03-09", "12.34", "no", ""),
    ("Ñandú & Co", "", "0000000006", "2012-03-05", "2012-03-05", "1000", "no", "2012-03-15"),
    ("Ñandú & Co", "", "0000000007", "2012-04-01", "2012-04-20", "5", "no", ""),
    # Disputed: paid within three working days; still open at the end, and late; paid before anybody disputed it.
    ("ACME", "840", "0000000008", "2012-03-01", "2012-03-31", "200", "yes", "2012-03-08"),
    ("ACME", "840", "0000000009", "2012-03-02", "2012-03-17", "61.05", "yes", ""),
    ("ACME", "840", "0000000010", "2012-03-05", "2012-03-25", "7", "yes", "2012-03-09"),
]


class ReplayCase(RecobroCase):
    """What the tests of the replay share: a folder, a ledger in it, and a mail server."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.mailbox = self.folder / "mail"

    def write_ledger(self, rows, header=COLUMNS):
        path = self.folder / "ledger.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    @contextmanager
    def mail_server(self):
        """A real mail server that fills the mailbox, and Odoo sending to it although this is a test."""
        prepare_mailbox(self.mailbox)
        port = free_port()
        controller = Controller(Mailbox(self.mailbox), hostname="127.0.0.1", port=port)
        controller.start()
        try:
            with (
                patch.dict(config.options.maps[0], smtp_server="127.0.0.1", smtp_port=port),
                patch.object(IrMail_Server, "_disable_send", lambda *_self: False),
            ):
                yield
        finally:
            controller.stop()

    def replay(self, ledger, first, last, policy=""):
        """Replay a ledger in the company of the tests; (its rows, the journal, the figures)."""
        with ledger.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        invoices, first, last = read(ledger, first, last, self.mailbox)
        with (
            self.enter_registry_test_mode(),
            self.registry.cursor() as cursor,
            self.mail_server(),
            Journal(self.mailbox) as journal,
        ):
            context = {"allowed_company_ids": self.company_data["company"].ids}
            env = api.Environment(cursor, SUPERUSER_ID, context)
            # The policy of the tests would take the customers of a playbook
            self.policy.with_env(env).is_on = not policy
            figures = replay(env, invoices, first, last, journal, policy)
        with journal_path(self.mailbox).open(encoding="utf-8") as file:
            return rows, [json.loads(line) for line in file], figures

    def check(self, rows, journal, figures, first, last, policy=""):
        """Compare all that a replay left with what the ledger says."""
        first, last = date.fromisoformat(first), date.fromisoformat(last)
        files = sorted((self.mailbox / "new").iterdir())
        self.assertEqual(replay_rules.of_journal(journal), replay_rules.expected(rows, first, last, policy))
        self.assertEqual(list(replay_rules.wrong_entries(rows, journal, policy)), [])
        self.assertEqual(list(replay_rules.wrong_mail(rows, journal, files)), [])
        own = replay_rules.balances(rows, last)
        self.assertEqual({name: figures[name] for name in own}, own)
        self.assertEqual(figures["messages"], len(files))
        self.assertEqual(figures["disputes"], replay_rules.disputes(rows, last))
        approved = [entry for entry in journal if entry["channel"] in replay_rules.APPROVED]
        self.assertEqual(figures["approvals"], len(approved))


class TestReplay(ReplayCase):
    """Days lived with a ledger."""

    def test_small_ledger(self):
        days = "2012-03-01", "2012-03-16"
        rows, journal, figures = self.replay(self.write_ledger(SMALL), *days)
        self.check(rows, journal, figures, *days)
        old_debt = [entry for entry in journal if "0000000002" in entry["invoices"]]
        self.assertEqual([entry["level"] for entry in old_debt], [3, 7, 15], "old debt enters after the due date")
        self.assertEqual(figures["open_invoices"], 4)
        self.assertEqual(figures["disputes"], {"opened": 3, "open": 1, "sla_met": 1, "sla_missed": 2})
        self.assertEqual(figures["cases_open"], 2)
        known, last = ledger_figures.rows_of(self.folder / "ledger.csv"), date.fromisoformat(days[1])
        self.assertEqual(figures["weighted_days_late"], float(round(ledger_figures.days_late(known, last), 2)))
        aged = ledger_figures.ageing(known, last)
        dso, best = (float(ledger_figures.days_of_sales(known, last, amount)) for amount in (sum(aged), aged[0]))
        self.assertEqual((figures["dso_countback"], figures["best_possible_dso"]), (round(dso, 2), round(best, 2)))
        self.assertEqual(figures["add"], round(dso - best, 2))
        self.assertEqual(figures["promises_kept"], {"count": None, "amount": None})

    def test_playbook_a_sends_the_formal_letter_a_day_after_it_was_proposed(self):
        days = "2012-03-01", "2012-03-30"
        with LetterCase.printer(self) as pages:
            rows, journal, figures = self.replay(self.write_ledger(SMALL), *days, policy="A")
        self.check(rows, journal, figures, *days, policy="A")
        [letter] = [entry for entry in journal if entry["channel"] == "letter"]
        # Due on 9 February: 45 days later it is Sunday, so it is proposed on Monday
        self.assertEqual((letter["day"], letter["level"], letter["invoices"]), ("2012-03-27", 45, {"0000000002": 45}))
        self.assertIn("Ledger Street", letter["to"])
        self.assertIn("formally demand", pages[0])
        self.assertEqual((figures["approvals"], figures["stages"]["pre_legal"]), (1, 1))
        self.assertEqual(figures["stages"]["agency"], 0)

    def test_playbook_a_writes_one_letter_about_what_comes_together_and_then_about_what_came_since(self):
        days = "2012-02-06", "2012-03-22"
        rows = [
            ("ACME", "840", f"000000000{number}", "2011-12-05", due, "100.00", "no", "")
            for number, due in (
                # Forty-five days later it is a Monday, a Tuesday, a Thursday and, of the last two, in the letter's days
                (1, "2012-01-20"),
                (2, "2012-01-21"),
                (3, "2012-01-23"),
                (4, "2012-01-26"),
                (5, "2012-02-01"),
            )
        ]
        with LetterCase.printer(self):
            rows, journal, figures = self.replay(self.write_ledger(rows), *days, policy="A")
        self.check(rows, journal, figures, *days, policy="A")
        letters = [(one["day"], len(one["invoices"])) for one in journal if one["channel"] == "letter"]
        self.assertEqual(letters, [("2012-03-06", 2), ("2012-03-21", 3)])

    def test_playbook_b_hands_over_to_the_agency_and_then_writes_no_more(self):
        days = "2012-03-01", "2012-03-22"
        rows, journal, figures = self.replay(self.write_ledger(SMALL), *days, policy="B")
        self.check(rows, journal, figures, *days, policy="B")
        [placed] = [entry for entry in journal if entry["channel"] == "placement"]
        self.assertEqual((placed["to"], placed["level"]), ("Ledger Agency", 30))
        self.assertFalse([entry for entry in journal if entry["customer"] == "ACME" and entry["day"] > placed["day"]])
        self.assertEqual((figures["approvals"], figures["stages"]["agency"]), (1, 1))
        self.assertEqual(figures["stages"]["pre_legal"], 0)

    def test_real_ledger(self):
        if not LEDGER.is_file():
            self.skipTest("the ledger ../shared/data/ledger_2012.csv is not there")
        days = "2012-02-06", "2012-02-24"
        self.check(*self.replay(LEDGER, *days), *days)


class TestLedgerFile(ReplayCase):
    """A ledger is read whole or not at all, and a mailbox is only emptied of a replay's mail."""

    def refuse(self, rows, *words, **options):
        with self.assertRaises(ReplayError) as caught:
            read_ledger(self.write_ledger(rows, **options))
        for word in (*words, "nothing was loaded"):
            self.assertIn(word, str(caught.exception))

    def changed(self, column, text):
        return [ROW, [text if name == column else value for name, value in zip(COLUMNS, ROW, strict=True)]]

    def test_line_and_column(self):
        for column, text, place in (
            ("customer", " ", 1),
            ("country", "Spain", 2),
            ("invoice", "", 3),
            ("invoice", "0000000001", 3),
            ("invoice_date", "2012-02-30", 4),
            ("invoice_date", "01/03/2012", 4),
            ("due_date", "2012-02-28", 5),
            ("amount", "1,000.00", 6),
            ("amount", "nan", 6),
            ("amount", "1e3", 6),
            ("amount", "0", 6),
            ("amount", "10.005", 6),
            ("disputed", "maybe", 7),
            ("settled_date", "2012-02-01", 8),
        ):
            with self.subTest(column=column, text=text):
                self.refuse(self.changed(column, text), f"line 3, column {place} ({column})")

    def test_shape(self):
        self.refuse([ROW, ROW[:-1]], "line 3, column 8")
        self.refuse([ROW, (*ROW, "more")], "line 3, column 9")
        self.refuse([], "line 1: the column due_date is missing", header=("customer", "invoice"))
        self.refuse([], "line 1: the column country is there more than once", header=(*COLUMNS, "country"))
        with self.assertRaisesRegex(ReplayError, "can't be read"):
            read_ledger(self.folder / "nothing.csv")

    def test_every_mistake_is_told_up_to_a_number(self):
        self.refuse([self.changed("amount", "?")[1]] * 30, "line 2,", "line 11,", "and 20 more")

    def test_order_of_columns_is_free(self):
        [invoice] = read_ledger(self.write_ledger([ROW[::-1]], header=COLUMNS[::-1]))
        self.assertEqual((invoice.customer, invoice.settled), ("ACME", date(2012, 4, 20)))

    def test_days(self):
        self.assertEqual(read_days("2012-02-28", "2012-02-29"), [date(2012, 2, 28), date(2012, 2, 29)])
        for days in (("2012-02-28", "2012-02-30"), ("", "2012-01-01"), ("2012-01-02", "2012-01-01")):
            with self.assertRaises(ReplayError):
                read_days(*days)

    def test_mailbox_of_a_person_is_left_alone(self):
        new = self.mailbox / "new"
        prepare_mailbox(self.mailbox)
        (new / "1").write_text("To: treasury@acme-0.example\n\nReplayed")
        prepare_mailbox(self.mailbox)
        self.assertEqual(list(new.iterdir()), [], "the mail of an earlier replay is replaced")
        (new / "2").write_text("To: somebody@company.test\n\nA person's")
        with self.assertRaisesRegex(ReplayError, "not of a replay"):
            prepare_mailbox(self.mailbox)
        self.assertTrue((new / "2").exists())

    def test_other_files_are_left_alone(self):
        journal_path(self.mailbox).write_text("Dear diary\n")
        with self.assertRaisesRegex(ReplayError, "not the journal of a replay"):
            check_mailbox(self.mailbox)
        journal_path(self.mailbox).unlink()
        self.mailbox.mkdir()
        (self.mailbox / "thesis.txt").touch()
        with self.assertRaisesRegex(ReplayError, "thesis.txt"):
            check_mailbox(self.mailbox)
