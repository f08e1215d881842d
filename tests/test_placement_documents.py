"""The documents that go along with a case: what concerns its items, and nothing else."""

import base64
import io
import zipfile

import openpyxl

from odoo import Command
from odoo.exceptions import AccessError

from odoo.addons.recobro_module.engine.placements import pack

from .common import MONDAY
from .placement_case import PlacementCase
from .test_promises import day

PDF = base64.b64encode(b"%PDF-1.4 of the invoice")


class TestDocuments(PlacementCase):
    def setUp(self):
        super().setUp()
        # The statement is rendered by a program of its own: here it is its page
        self.patch(
            self.env.registry["ir.actions.report"],
            "_render_qweb_pdf",
            lambda report, ref, ids=None, data=None: (report._render_qweb_html(ref, ids, data=data)[0], "pdf"),
        )

    def log(self, channel, summary, result="no_answer"):
        self.env["recobro.interaction"]._log(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "case_id": self.case.id,
                    "channel": channel,
                    "direction": "out",
                    "result": result,
                    "summary": summary,
                }
            ]
        )

    def sheets(self, content):
        """The cells of each sheet, in rows."""
        book = openpyxl.load_workbook(io.BytesIO(content))
        return {page.title: [[cell.value for cell in row] for row in page.iter_rows()] for page in book}

    def test_it_has_the_statement_the_file_and_the_legal_invoices(self):
        for invoice in (self.overdue, self.old):
            invoice.invoice_pdf_report_file = PDF
            invoice.invalidate_recordset(["invoice_pdf_report_id"])
        placement = self.place(self.old)
        files = pack.files(placement.sudo())
        invoice = f"{self.old.name.replace('/', '-')}.pdf"
        self.assertEqual(set(files), {"Statement.pdf", "File of the case.xlsx", invoice})
        self.assertEqual(files[invoice], base64.b64decode(PDF))
        self.assertIn(self.old.name.encode(), files["Statement.pdf"])
        self.assertNotIn(self.overdue.name.encode(), files["Statement.pdf"])

    def test_letters_go_along_with_the_proof_that_they_arrived(self):
        proof = self.env["ir.attachment"].create({"name": "receipt.png", "raw": b"\x89PNG of the post"})
        for invoice, sent in ((self.old, day(-3)), (self.overdue, day(-2)), (self.old, False)):
            self.env["recobro.action"].sudo().create(
                {
                    "company_id": self.company.id,
                    "case_id": self.case.id,
                    "partner_id": self.customer.id,
                    "day": day(-4),
                    "kind": "task",
                    "channel": "letter",
                    "state": "done",
                    "sent_on": sent,
                    "proof_ids": [Command.set(proof.ids)],
                    "line_ids": [Command.create({"item_id": self.item(invoice).id, "state": "done"})],
                }
            )
        files = pack.files(self.place(self.old).sudo())
        self.assertEqual(files["Proof of Letter of 2026-02-27.png"], proof.raw)
        self.assertEqual(len(files), 3)

    def test_what_we_note_for_ourselves_stays_in_the_house(self):
        self.log("call", '=HYPERLINK("http://evil.example")')
        self.log("note", "Their bank says they are nearly bankrupt", "noted")
        self.dispute(self.overdue, 100)
        self.promise(50, day(3), self.old)
        self.env["recobro.promise"].search([("partner_id", "=", self.customer.id)]).sudo().state = "withdrawn"
        self.refresh(self.customer, MONDAY)
        found = self.sheets(pack.files(self.place(self.overdue).sudo())["File of the case.xlsx"])
        self.assertEqual(list(found), ["Items", "Contacts", "Disputes"])
        self.assertEqual(found["Items"][1][0], self.overdue.name)
        said = [row[-1] for row in found["Contacts"][1:]]
        self.assertIn('=HYPERLINK("http://evil.example")', said)
        self.assertNotIn("Their bank says they are nearly bankrupt", str(found))

    def test_a_text_is_never_a_formula(self):
        self.log("call", "=1+1")
        content = pack.files(self.place().sudo())["File of the case.xlsx"]
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(
            {cell.data_type for row in book["Contacts"].iter_rows() for cell in row} - {"s", "n", "d"}, set()
        )

    def test_the_button_keeps_what_was_handed_over_with_the_case(self):
        placement = self.place()
        answer = self.seen_by(self.collector, placement).action_documents()
        [kept] = placement.document_ids
        self.assertIn(f"/web/content/{kept.id}", answer["url"])
        self.assertTrue(kept.name.endswith("2026-03-02.zip"))
        names = zipfile.ZipFile(io.BytesIO(kept.raw)).namelist()
        self.assertEqual(names[0], "Statement.pdf")
        self.assertTrue(self.seen_by(self.accountant, kept).raw)
        for user in (self.accountant, self.employee, self.portal):
            with self.assertRaises(AccessError):
                self.seen_by(user, placement).action_documents()
        with self.assertRaises(AccessError):
            self.seen_by(self.employee, kept).read(["raw"])
