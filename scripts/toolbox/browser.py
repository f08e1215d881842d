"""The browser in which the tours of the tests run."""

import shutil

from toolbox.console import step
from toolbox.processes import install_debian_package

# The names that Odoo's tests look for, in that order.
NAMES = ["google-chrome", "chromium", "chromium-browser", "google-chrome-stable"]


def ensure(settings):
    """Install Chromium where there is no browser and where that is possible."""
    if not any(map(shutil.which, NAMES)):
        with step("Browser: installing Chromium"):
            install_debian_package("chromium", settings.logs / "chromium.log", "A test in the browser")
