"""Several workers, on one host or on many, deliver from one queue (DESIGN.md, rule 10)."""

from odoo.tests import RecordCapturer

from .common import RecobroCase


class TestMoreWorkers(RecobroCase):
    def test_a_copy_of_the_delivering_scheduled_action_is_woken_with_the_others(self):
        shipped = self.env.ref("recobro_module.ir_cron_deliver_1")
        switched_off = self.env.ref("recobro_module.ir_cron_deliver_2")
        switched_off.active = False
        copied = shipped.copy({"name": "Collections: deliver (3)"})
        with RecordCapturer(self.env["ir.cron.trigger"].sudo()) as woken:
            self.env["recobro.run"]._trigger_delivery()
        self.assertEqual(woken.records.cron_id, shipped + copied)
