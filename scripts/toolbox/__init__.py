"""What ``make`` does, one job a module, with nothing but Python's standard library."""
