"""Shapes and places: coordinate systems, zones with a key, and an index that says which zones hold a point.

The package has never heard of a rule, a file or a database: bytes come in, values go out, and the keys of the zones
mean nothing to it.
"""
