"""A new index shared by threads: the process lives and every answer is right.

In a process of its own, because what goes wrong with prepared geometries is a crash, not an exception.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
import random, sys, threading
from pathlib import Path
from geodata.geojson import zones_from_geojson
from geodata.index import ZoneIndex

read = [zones_from_geojson(path.read_bytes()) for path in sorted(Path("geodata/cities").glob("*.geojson"))]
zones = [zone for some, _ in read for zone in some]
coverage = [outline for _, some in read for outline in some]
places = [(random.Random(i).uniform(121.3, 123.8), random.Random(-i).uniform(38.8, 42.1)) for i in range(150)]
expected = [ZoneIndex(zones, coverage).at(*place, accuracy_m=50.0) for place in places]
wrong = []

def ask(index, start):
    start.wait()
    for place, right in zip(places, expected):
        if index.at(*place, accuracy_m=50.0) != right:
            wrong.append(place)

for _ in range(3):
    index, start = ZoneIndex(zones, coverage), threading.Barrier(8)
    threads = [threading.Thread(target=ask, args=(index, start)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
sys.exit(1 if wrong else 0)
"""


def test_eight_threads_on_a_new_index() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
