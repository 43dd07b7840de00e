"""Verbs between two shells: the world asks through `api/` and `cli.py`, and things are kept through `storage/`.

The verbs in the middle (deciding, publishing what is loaded, summing up) know neither HTTP nor SQL.
"""
