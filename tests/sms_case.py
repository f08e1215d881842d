"""What the tests of SMS share: levels with a text, a provider that answers as it is told, and its later reports."""

from contextlib import contextmanager
from datetime import datetime, time
from unittest.mock import patch

from odoo.addons.recobro_module.engine import delivery, run
from odoo.addons.recobro_module.engine.clock import lived
from odoo.addons.sms.tools.sms_api import SmsApi

from .common import MONDAY, RecobroCase

#: Valid numbers of the United States.
ANNA, BERT, OFFICE = "+12025550143", "+12025550172", "+12025550199"


class SmsCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.text = cls.env.ref("recobro_module.sms_template_reminder")
        cls.levels = cls.policy.level_ids.filtered(lambda level: level.channel == "email")
        cls.levels.sms_template_id = cls.text

    def setUp(self):
        super().setUp()
        #: What the provider got: [(number, text)]
        self.taken = []

    def env_on(self, day):
        """The environment of somebody who lives at noon of a day: at night no SMS goes out."""
        return self.env_at(day, 12)

    def env_at(self, day, hour):
        """The environment of an hour of a day, in UTC."""
        moment = datetime.combine(day, time(hour))
        return self.env(context={**self.env.context, "recobro_as_of": lived(moment)})

    @contextmanager
    def provider(self, **answers):
        """A provider that answers by number without its plus, such as n12025550143="server_error"; "success" else."""

        def send(api, messages, delivery_reports_url=False):
            found = []
            for message in messages:
                for number in message["numbers"]:
                    state = answers.get("n" + number["number"].lstrip("+"), answers.get("every", "success"))
                    if isinstance(state, Exception):
                        raise state
                    self.taken.append((number["number"], message["content"]))
                    found.append({"uuid": number["uuid"], "state": state})
            return found

        with patch.object(SmsApi, "_send_sms_batch", send):
            yield

    def send_sms(self, day=MONDAY, **answers):
        """Let Odoo's queue send the SMS of collections that wait."""
        queued = self.env_on(day)["sms.sms"].sudo().search([("state", "=", "outgoing")])
        with self.provider(**answers):
            queued.filtered("recobro_action_id").send()
        self.env.invalidate_all()

    def report(self, action, state):
        """Let the provider report later what became of the SMS of an action."""
        trackers = self.env_on(MONDAY)["sms.tracker"].sudo().search([("sms_uuid", "=", action.sms_uuid)])
        if state == "delivered":
            trackers._action_update_from_sms_state("sent")
        else:
            trackers._action_update_from_provider_error(state)
        self.env.invalidate_all()

    def live(self, day=MONDAY):
        """Decide and deliver a day; what is queued waits."""
        with self.mock_mail_gateway():
            run.live(self.env_on(day), self.company, day)
        self.env.invalidate_all()

    def deliver(self, day=MONDAY):
        """Deliver what waits."""
        with self.mock_mail_gateway():
            delivery.deliver_all(self.env_on(day), self.company)
        self.env.invalidate_all()

    def results(self, records):
        """The results in the log of some actions or cases, oldest first."""
        return records.interaction_ids.sorted("id").mapped("result")
