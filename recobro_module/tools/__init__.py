from . import ageing, automatic_mail, delivery_failure, loose_fields, pay_days
