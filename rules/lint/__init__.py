"""Lint: faults in one rulebook that a reader of documents cannot see, because each document is well formed.

Everything is worked out exactly (`rules.lint.times`, `rules.lint.vehicles`); where that would take too long, nothing is
found. A finding says nothing of verdicts on vehicles that are known in part.
"""

from datetime import date

from rules.lint.articles import Layout, findings_of_articles
from rules.lint.findings import CODES, Finding, Severity
from rules.lint.notices import findings_of_notices
from rules.lint.times import Time
from rules.model import Rulebook
from rules.windows import LocalClock

__all__ = ["CODES", "Finding", "Layout", "Severity", "lint"]


def lint(
    rulebook: Rulebook, today: date, clock: LocalClock | None = None, layout: Layout | None = None
) -> tuple[Finding, ...]:
    """All findings, in an order that does not hang on that of notices.

    `today` is the city's date. `clock` says when its clock skips hours; None: never. `layout` says which zones may hold
    one place; None: any of them.
    """
    time = Time.of(rulebook.calendar, clock)
    found = {*findings_of_articles(rulebook, time, layout or Layout()), *findings_of_notices(rulebook, today)}
    graveness = list(Severity)
    return tuple(
        sorted(
            found,
            key=lambda each: (
                graveness.index(CODES[each.code].severity),
                each.code,
                each.document,
                each.key,
                each.text.en,
            ),
        )
    )
