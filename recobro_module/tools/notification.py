"""What a dialog shows when it has done its work."""


def done(message):
    """Return the action that says `message` in passing and closes the dialog.

    >>> done("It is sent.")["params"]["message"]
    'It is sent.'
    """
    params = {"type": "success", "message": message, "next": {"type": "ir.actions.act_window_close"}}
    return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
