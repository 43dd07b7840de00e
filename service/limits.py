"""What one caller may ask of the server: sizes that never change, and times and numbers that its operator may set."""

from dataclasses import dataclass

LONGEST_URL = 4 * 1024
"""Bytes of path and query string."""
MOST_HEADERS = 100
LARGEST_HEADERS = 16 * 1024
"""Bytes of all names and values of one request."""

REFUSED = "refused"
"""In the state of a request: the kind of problem for which the server refuses it, or the rest of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, each counted from a fixed moment, so that no trickle of bytes stretches them.

    `receive`: from a request's first byte (or the connection's beginning) to its last. `idle`: between an answer and
    the next request. `send`: for a caller to take what was written to it. `linger`: for a refused caller to read why,
    while what it still sends is thrown away. `connections`: open at the same time; one more takes the place of the
    one that has kept the server waiting longest. `drain`: how long a server told to stop still takes connections while
    /readyz says that it is stopping. `stop`: for requests under way to be answered after that.
    """

    receive: float = 10.0
    idle: float = 15.0
    send: float = 60.0
    linger: float = 2.0
    connections: int = 512
    drain: float = 0.0
    stop: float = 10.0


DEFAULT_LIMITS = Limits()
