"""What the customers' and the agencies' pages have in common: their headers, and the answer to who asks too often."""

from odoo.http import request

from ..engine.portal import portal_limits

#: Debts are kept out of search engines, caches and the referrers of other sites; of a customer's page the address is
#: its key besides.
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
}


def page(template, values, status=200):
    """Return a page with the headers that all of them have."""
    response = request.render(template, values, headers=HEADERS)
    response.status_code = status
    return response


def go_to(url):
    """Return a redirect within the site, with the headers of a page: loading it again sends nothing twice."""
    response = request.redirect(url)
    response.headers.update(HEADERS)
    return response


def seconds_to_wait(kind, contact=None, times=1):
    """Count a request of a contact (`res.partner`), or of the network address without one: see `portal_limits`."""
    who = contact.id if contact else request.httprequest.remote_addr
    return portal_limits.seconds_to_wait(request.env, kind, who, times)


def too_often(env):
    """Return the words for who answers too often, in the language of `env`."""
    return env._("That was too often in a short time. Please wait some minutes and try again.")


def come_back(seconds, render):
    """Return the page that asks to come back after so many seconds; None where nobody has to wait.

    :param render: function of a template, its values and the status that returns the page.
    """
    if not seconds:
        return None
    values = {"seconds": seconds, "minutes": -(-seconds // 60)}
    response = render("recobro_module.portal_too_many", values, 429)
    response.headers["Retry-After"] = str(seconds)
    return response
