from . import ageing, delivery_failure, loose_fields, pay_days
