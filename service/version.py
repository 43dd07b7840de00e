"""The version of this program, as pyproject.toml states it (a test compares the two)."""

VERSION = "0.1.0"
