"""The notice that a service will be suspended: once a manager has approved it, a message like any other."""

from .. import message, suspension_proposals


def deliver(actions, as_of):
    """Make the notices of a batch of actions of one company, and keep the day that each announces.

    A customer who is on hold already gets none: what the action is about is added to that.

    :param actions: locked `recobro.action` records in state planned.
    """
    notices = actions - suspension_proposals.join(actions, as_of)
    suspension_proposals.of_actions(notices)  # the message says from which day on
    if notices:
        message.deliver(notices, as_of)
    suspension_proposals.announce(notices.filtered(lambda action: action.state == "sending"), as_of)
