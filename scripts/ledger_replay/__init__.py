"""The parts of ``replay.py``: the ledger as a file, the books, the days lived, and what is kept of them."""
