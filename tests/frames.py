"""Frames that several tests stand in: two workers at the same instant, and what a user may do with a model."""

import uuid

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

#: How the tables of rights call what one may do with a record.
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


def rights(records):
    """Return the letters of what the user of some records may do with their model."""
    return {letter for letter, operation in OPERATIONS.items() if records.has_access(operation)}


@tagged("post_install", "-at_install", "standard")
class AtOnceCase(BaseCase):
    """Real transactions, as of two workers: what a test needs is committed before it, and out of play after it.

    A test class says what that is (`make`, which returns it by name: `self.made`) and how it leaves (`remove`).
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(odoo.tests.common.get_db_name())
        with self.registry.cursor() as cr:
            self.made = self.make(api.Environment(cr, SUPERUSER_ID, {}))
        self.addCleanup(self.remove)

    def make(self, env):
        """Make what the test is about, and return {name: id}; it is committed."""
        raise NotImplementedError

    def remove(self):
        """Take what the test committed out of play."""
        raise NotImplementedError

    @staticmethod
    def make_company(env, name):
        """A company of the test's own, with its books."""
        name = f"{name} {uuid.uuid4().hex[:8]}"
        company = env["res.company"].create({"name": name, "country_id": env.ref("base.us").id})
        env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
        return company

    def begins_anew(self, cr, act):
        """It is refused by the database, and done again as the server does by itself."""
        with self.assertRaises(PG_CONCURRENCY_EXCEPTIONS_TO_RETRY), mute_logger("odoo.sql_db"):
            act()
            cr.flush()
        cr.rollback()
