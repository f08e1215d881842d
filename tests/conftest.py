"""What holds for a run of all tests."""

import os

import pytest

from odoo.tests.common import TransactionCase


@pytest.fixture(scope="session", autouse=True)
def files_of_the_other_worker_stay():
    """Leave the files alone when a class is done, where two workers of pytest-xdist share one folder of files.

    pytest-odoo gives each worker a database of its own and all of them the same files; Odoo's cleaning after a class
    asks one database only, and takes from the other worker what a test there has just written: the scripts of a page,
    the PDF of an agreement. The folder goes with the database when the run ends.
    """
    if os.getenv("PYTEST_XDIST_WORKER"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TransactionCase, "_gc_filestore", classmethod(lambda cls: None))
            yield
    else:
        yield
