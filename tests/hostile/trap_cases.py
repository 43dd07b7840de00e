"""All traps of rule documents, in TOML.

Each row with a number sets the trap of that number in the corpus, which is written in YAML; a trap that no TOML file
can set is in NOT_IN_TOML with the reason.
"""

from collections.abc import Mapping

from tests.hostile.trap_documents import ROWS as DOCUMENTS
from tests.hostile.trap_times import ROWS as TIMES
from tests.hostile.traps import Trap

ROWS: tuple[Trap, ...] = (*TIMES, *DOCUMENTS)

NOT_IN_TOML: Mapping[int, str] = {
    144: "anchors and aliases: TOML has none, a value stands where it is written",
    145: "merge keys: TOML has none",
    146: "aliases of aliases: TOML has none, so a file is as large as it looks",
    147: "merge keys of merge keys: TOML has none",
    148: "a list inside itself: TOML cannot say it",
    151: "tags that make objects: TOML has no tags and a fixed set of types",
    152: "bytes as a type: TOML has none",
    153: "tags that take in another file: TOML has none",
    154: "several documents in a file: a TOML file is one",
    171: "what holds outside all rules: no notice speaks there, so nothing is prohibited; there is no key to forget",
    187: "tabs as indentation: white space at the beginning of a line means nothing in TOML",
}
