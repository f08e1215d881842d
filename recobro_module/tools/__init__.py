from . import ageing, automatic_mail, delivery_failure, loose_fields, notification, pay_days
