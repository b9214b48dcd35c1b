"""What the guard costs: ``python -m tests.bench.guard``."""
