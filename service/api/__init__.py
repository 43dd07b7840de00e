"""HTTP: one resource a file. Each parses, calls one verb and shapes the answer; `problems.py` alone knows statuses."""
