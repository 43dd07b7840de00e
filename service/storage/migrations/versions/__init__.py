"""One module a revision, in order of their numbers. A revision that was released never changes."""
