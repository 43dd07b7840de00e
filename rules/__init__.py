"""Law, time and vehicles: what a notice says and what follows from it.

Standard library only. This package has never heard of a map, a database, a file or the present moment: whatever it
needs arrives as an argument (`docs/semantics.md` is the definition in words).
"""
