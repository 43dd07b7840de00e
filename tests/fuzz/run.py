"""One target under the coverage-guided fuzzer, which the dev environment does not have: `make fuzz` installs it.

    python -m tests.fuzz.run TARGET FOLDER [flags of libFuzzer]

`FOLDER/corpus/TARGET` keeps the inputs that reached something new, so that the next run goes on from them;
`FOLDER/findings` gets the input of a finding, which `python -m tests.fuzz.run TARGET FOLDER FILE` tries again.
"""

import importlib
import random
import sys
from pathlib import Path

import atheris

from tests.fuzz.target import Target

_BYTES_ONLY = 0.15
"""The share of inputs that are changed without regard to their structure."""


def main(name: str, folder: Path, flags: list[str]) -> None:
    with atheris.instrument_imports(include=["rules", "geodata", "service"]):
        target: Target = importlib.import_module(f"tests.fuzz.{name}").TARGET
    corpus, findings, words = folder / "corpus" / name, folder / "findings", folder / f"{name}.dict"
    for each in (corpus, findings):
        each.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number:03}").write_bytes(seed)
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in dict.fromkeys(target.words)), encoding="ascii")

    def mutator(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        made = None if rng.random() < _BYTES_ONLY else target.mutation(data, rng)
        return made if made is not None and len(made) <= most else atheris.Mutate(data, most)

    defaults = [
        f"-max_len={target.largest}",
        f"-dict={words}",
        f"-artifact_prefix={findings}/{name}-",
        *("-len_control=0", "-timeout=25", "-rss_limit_mb=2048", "-print_final_stats=1"),
    ]
    files = [flag for flag in flags if not flag.startswith("-")]
    arguments = [sys.argv[0], *defaults, *flags, *([] if files else [str(corpus)])]
    atheris.Setup(arguments, target.check, custom_mutator=mutator)
    atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in word.encode())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
