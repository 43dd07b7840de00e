"""Headers that keep a browser from doing more than a page needs. Nothing here allows another origin anything."""

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For everything that is not a page."""

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)
"""For plain pages: our stylesheet, no script at all."""

DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""For the API page: its vendored script and stylesheet, and questions to this service alone."""

DEFAULT_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", NOTHING.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
"""Sent unless the answer says otherwise."""
