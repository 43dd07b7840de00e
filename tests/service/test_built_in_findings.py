"""What lint and guidance find in the cities that ship, by code and place: a new finding is seen here first."""

from datetime import date

from rules.lint.findings import Severity
from service.checking import FileFinding, check, check_guidance, judged_week, judged_zones
from service.publication import Publication, built_in_cities, calendar_file, load_calendar, load_publication

TODAY = date(2026, 11, 24)


def publication(city: str) -> Publication:
    (law, shapes) = next(pair for pair in built_in_cities() if pair[0].name == city)
    return load_publication(law, shapes, load_calendar())


def findings(city: str) -> tuple[FileFinding, ...]:
    (law, shapes) = next(pair for pair in built_in_cities() if pair[0].name == city)
    return check(publication(city), law, shapes, calendar_file(), TODAY)


def places(city: str) -> set[tuple[str, str, str]]:
    return {(each.code, each.file.rsplit("/", 1)[-1], each.key) for each in findings(city)}


def test_shenyang() -> None:
    assert places("shenyang") == {
        ("long-edge-within-error", "shenyang.geojson", "sy-city.geometry"),
        ("long-edge-within-error", "shenyang.geojson", "sy-coverage.geometry"),
        ("long-edge-within-error", "shenyang.geojson", "sy-expressways.geometry"),
        # No end of these was seen; each carries an assumption that says so.
        # The notice lists all day rules, though the exemption is of light and micro trucks and some bind larger ones.
        *(("idle-lift", "sy-2021.toml", f"exemptions[1].lifts[{number}]") for number in (1, 2, 3)),
        ("idle-lift", "sy-priority-classes.toml", "exemptions[6].lifts[1]"),
        ("no-end", "sy-2021.toml", "in_force"),
        ("no-end", "sy-donggao.toml", "in_force"),
        ("no-end", "sy-lez-2022.toml", "in_force"),
        ("no-end", "sy-priority-classes.toml", "in_force"),
        # Kept so that old dates are answered by the rules of their time.
        ("notice-expired", "sy-ev-2018.toml", "in_force"),
        ("notice-expired", "sy-lez-2019.toml", "in_force"),
        ("notice-expired", "sy-marathon-2023.toml", "in_force"),
        ("notice-expired", "sy-yuanjiang-works-2023.toml", "in_force"),
    }


def test_dalian() -> None:
    assert places("dalian") == {
        ("long-edge-within-error", "dalian.geojson", "dl-coverage.geometry"),
        ("long-edge-within-error", "dalian.geojson", "dl-four-districts.geometry"),
        ("no-end", "dl-2024.toml", "in_force"),
        ("notice-expired", "dl-binhai-2023.toml", "in_force"),
        ("notice-expired", "dl-davos-2019.toml", "in_force"),
        ("notice-expired", "dl-jp-2025.toml", "in_force"),
        ("notice-expired", "dl-shenhai-works-2024.toml", "in_force"),
    }


def test_shenzhen() -> None:
    assert places("shenzhen") == {
        ("long-edge-within-error", "shenzhen.geojson", "sz-coverage.geometry"),
        ("no-end", "sz-2024.toml", "in_force"),
        ("no-end", "sz-small-trucks.toml", "in_force"),
        ("notice-expired", "sz-baoan-2022.toml", "in_force"),
        ("notice-expired", "sz-ev-2019.toml", "in_force"),
        ("notice-expired", "sz-green-2018.toml", "in_force"),
        ("notice-expired", "sz-qw4-2024.toml", "in_force"),
    }


def test_chengdu() -> None:
    assert places("chengdu") == {
        ("notice-expired", "cd-2021.toml", "in_force"),
        ("notice-expired", "cd-2023.toml", "in_force"),
        ("notice-expired", "cd-2025.toml", "in_force"),
        ("notice-expired", "cd-codes-2023.toml", "in_force"),
        ("notice-expired", "cd-orange-2021.toml", "in_force"),
    }


def test_every_city_that_ships_has_nothing_worse_than_notes() -> None:
    for law, _ in built_in_cities():
        assert {each.severity for each in findings(law.name)} <= {Severity.NOTE}, law.name


def test_guidance_in_shenyang() -> None:
    """Electric trucks have longer hours only with the pass that the notice asks for; law alone gives them none."""
    found = check_guidance(publication("shenyang"), TODAY)
    # The oldest vehicles are barred from the whole city, which new delivery trucks do not feel.
    notes = {(each.code, each.subject) for each in found if each.severity is Severity.NOTE}
    assert notes == {
        ("guidance-blanket-ban", "sy-lez-2022/city-diesel-below-3"),
        ("guidance-blanket-ban", "sy-lez-2022/city-petrol-below-1"),
    }
    graver = [each for each in found if each.severity is not Severity.NOTE]
    assert {(each.code, each.subject, each.vehicle_class, each.mended) for each in graver} == {
        ("guidance-new-energy", "sy-second-ring", "light_box_electric", True),
        ("guidance-new-energy", "sy-second-ring", "medium_box_electric", False),
        ("guidance-new-energy", "sy-third-ring", "medium_box_electric", False),
    }
    light = next(each for each in found if each.mended)
    assert light.text.en.startswith("open 20 h: 00:00-07:00, 09:00-17:00, 19:00-24:00 on every day;")


def test_guidance_in_dalian() -> None:
    assert check_guidance(publication("dalian"), TODAY) == ()


def test_guidance_in_shenzhen() -> None:
    found = check_guidance(publication("shenzhen"), TODAY)
    areas = ("sz-green-futian", "sz-green-luohu", "sz-jingtian-area", "sz-peak-area")
    assert {(each.code, each.subject, each.vehicle_class) for each in found} == {
        *(("guidance-new-energy", area, "light_box_electric") for area in areas),
        ("guidance-blanket-ban", "sz-2024/slow-vehicles", None),
    }
    assert [each.subject for each in found if each.severity is Severity.NOTE] == ["sz-2024/slow-vehicles"]


def test_guidance_in_chengdu_is_looked_at_in_the_last_week_of_its_record() -> None:
    chengdu = publication("chengdu")
    week = judged_week(chengdu, TODAY)
    assert week == date(2025, 12, 25)
    areas = ("cd-inside-g4202", "cd-inside-third-ring", "cd-third-ring-to-g4202")
    assert {(each.code, each.subject, each.vehicle_class) for each in check_guidance(chengdu, week)} == {
        ("guidance-six-hours", area, "light_box_diesel_3") for area in areas
    }
    assert judged_week(chengdu, date(2025, 6, 1)) == date(2025, 6, 1)
    assert judged_week(publication("dalian"), TODAY) == TODAY


def test_which_areas_are_the_whole_city() -> None:
    every = [zone for law, _ in built_in_cities() for zone in judged_zones(publication(law.name))]
    whole = {zone.key for zone in every if zone.whole_city}
    assert {"sy-city", "everywhere"} <= whole
    assert not {"dl-four-districts", "dl-main", "sy-fourth-ring"} & whole
