"""Whether an SMS that failed is worth trying again, and whether its number is to blame, by what Odoo says of it."""

#: Failures that pass by themselves.
TEMPORARY = {"sms_server"}
#: Failures by which the number can't be reached at all: it is not used again until somebody confirms it.
NUMBER = {"sms_number_missing", "sms_number_format", "sms_country_not_supported", "sms_invalid_destination"}
#: The recipient wants no SMS, or must not get any.
OPTED_OUT = {"sms_optout", "sms_blacklist"}
#: Failures of our own account: no SMS goes out to anybody until somebody sees to it.
OURS = {"sms_credit", "sms_acc", "sms_registration_needed", "twilio_authentication", "twilio_from_missing"}


def cause_of(failure_type):
    """Return "temporary", "number", "opted_out", "ours" or "message": what an SMS failed by.

    >>> cause_of("sms_server"), cause_of("sms_invalid_destination"), cause_of("sms_credit")
    ('temporary', 'number', 'ours')
    >>> cause_of("sms_optout"), cause_of("sms_expired"), cause_of("unknown"), cause_of(False)
    ('opted_out', 'message', 'message', 'message')
    """
    causes = {"temporary": TEMPORARY, "number": NUMBER, "opted_out": OPTED_OUT, "ours": OURS}
    return next((cause for cause, kinds in causes.items() if failure_type in kinds), "message")
