"""Hostile geometries: through the reader of zone documents, and through `tongxing check` in a city of one's own."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
import shapely

from geodata.drawing import DECIMALS
from geodata.errors import MalformedGeometry
from geodata.geojson import zones_from_geojson, zones_to_geojson
from service.publication import Publication
from tests.hostile.city_folder import published, write_city, zones_file
from tests.hostile.geojson_cases import ROWS
from tests.hostile.rows import NORMALISED, REJECT
from tests.hostile.shapes import Shape
from tests.support.command import tongxing
from tests.support.documents import GOOD

REFUSED = [row for row in ROWS if row.expect is REJECT]
TAKEN = [row for row in ROWS if row.expect is not REJECT]
AT = "features[1].geometry"
LONGEST_LINE = 500


@dataclass(frozen=True)
class _Told:
    """A fault as both rooms tell it."""

    path: str
    code: str
    text: str


def _in_order(row: Shape, faults: list[_Told]) -> None:
    """The faults are those of the row, with their place, and fit to be shown in a terminal."""
    matching = [fault for fault in faults if fault.code == row.code]
    assert matching, faults[:3]
    assert matching[0].path.startswith(AT + row.place if row.place else AT) or matching[0].path == ""
    for fault in faults:
        assert fault.text.isprintable() and len(fault.text) < LONGEST_LINE


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_a_hostile_geometry_is_refused_with_its_place(row):
    with pytest.raises(MalformedGeometry) as refusal:
        zones_from_geojson(zones_file(*row.all_features))
    assert all(fault.expected and fault.found for fault in refusal.value.faults)
    _in_order(row, [_Told(fault.path, fault.code, str(fault)) for fault in refusal.value.faults])


@pytest.mark.parametrize("row", TAKEN, ids=str)
def test_what_is_harmless_is_taken_in_one_form(row):
    zones, outlines = zones_from_geojson(zones_file(*row.all_features))
    assert len(zones) == len(row.all_features) and len(outlines) == 1
    for zone in zones:
        assert shapely.is_valid(zone.shape) and not shapely.has_z(zone.shape)
        for part in shapely.get_parts(zone.shape):
            assert shapely.is_ccw(part.exterior) and not any(shapely.is_ccw(hole) for hole in part.interiors)
            for ring in shapely.get_rings(part):
                places = shapely.get_coordinates(ring)
                assert (places == places.round(DECIMALS)).all()
                assert (np.diff(places, axis=0) != 0).any(axis=1).all()
    canonical = zones_to_geojson(zones, outlines)
    assert zones_to_geojson(*zones_from_geojson(canonical)) == canonical


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_city_with_it_is_published_or_every_fault_named(row, tmp_path):
    zones = zones_file(*row.all_features)
    found = published(write_city(tmp_path, zones=zones, notice=_notice_for(row)))
    if row.expect is REJECT:
        assert not isinstance(found, Publication)
        assert {fault.file for fault in found} == {str(tmp_path / "zones.geojson")}
        _in_order(row, [_Told(fault.path, fault.code, str(fault).removeprefix(fault.file)) for fault in found])
    else:
        assert isinstance(found, Publication), found
        assert {zone.key for zone in found.zones} == {_key(each) for each in row.all_features}


@pytest.mark.parametrize("name", ["ok_square", "bowtie_asymmetric", "coord_nan", "terminal_escape_in_a_member"])
def test_the_command_says_the_same(name, tmp_path):
    (row,) = [row for row in ROWS if row.name == name]
    folder = write_city(tmp_path, zones=zones_file(*row.all_features), notice=_notice_for(row))
    done = tongxing("check", folder)
    lines = done.stdout.splitlines()
    assert done.stderr == "" and all(line.isprintable() for line in lines)
    if row.expect is REJECT:
        assert done.returncode == 1 and f"[{row.code}]" in lines[0]
    else:
        assert done.returncode == 0 and lines[-1].startswith("0 errors, ")


def test_the_same_law_in_another_form_is_the_same_publication(tmp_path):
    """Winding, repeated positions, a height of nothing and far decimals are not law: the digest does not know them."""
    digests = {}
    for row in TAKEN:
        if row.name in ("ok_square", "clockwise", "duplicate_points", "z_zero", "coord_17_digits"):
            zones = zones_file(*row.all_features)
            found = published(write_city(tmp_path / row.name, zones=zones, notice=_notice_for(row)))
            assert isinstance(found, Publication)
            digests[row.name] = found.digest
    assert len(digests) == 5 and len(set(digests.values())) == 1
    assert sum(row.expect is NORMALISED for row in TAKEN) >= 7


def _key(feature: str) -> str:
    key: str = json.loads(feature)["properties"]["id"]
    return key


def _notice_for(row: Shape) -> str:
    keys = ", ".join(f'"{each}"' for each in (["left", "right"] if row.features else ["trap"]))
    return GOOD.replace('zones = ["ring"]', f"zones = [{keys}]")
