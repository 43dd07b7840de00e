"""Where each entry of the catalogue of hostile inputs is tested.

The catalogue numbers what a service of this kind must survive: H what comes over HTTP, G geometry, T time and
calendar, R rules and publishing. An entry names tests as `file::function` and, where the input is a row of a table of
this folder, the row. What takes longer than the suite may is tried by the command in `beside` as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ASKED = "tests/hostile/test_http.py::test_a_hostile_question_is_answered_as_its_row_says"
LOT = "tests/hostile/test_http.py::test_the_lot_leaves_an_entry_for_each_answer_and_no_memory"
DRAWN = "tests/hostile/test_geojson.py::test_a_hostile_geometry_is_refused_with_its_place"
DRAWN_IN_A_CITY = "tests/hostile/test_geojson.py::test_a_city_with_it_is_published_or_every_fault_named"
ONE_FORM = "tests/hostile/test_geojson.py::test_what_is_harmless_is_taken_in_one_form"
TRAPPED = "tests/hostile/test_traps.py::test_a_trap_is_refused_with_its_place"
TAKEN = "tests/hostile/test_traps.py::test_what_is_no_trap_here_is_published"
MEANT = "tests/hostile/test_traps.py::test_what_is_taken_means_one_thing"
NOT_IN_TOML = "tests/hostile/test_traps.py::test_every_trap_of_the_corpus_is_set_or_cannot_be"
MINUTES = "tests/hostile/test_every_minute.py::test_every_minute_of_two_years"
SHIFTS = "tests/hostile/test_every_minute.py::test_windows_about_a_shift_of_the_clock"
WIRE = "tests/hostile/wire/test_requests.py"
SLOW = "tests/hostile/wire/test_slow.py"
RAW = (f"{WIRE}::test_what_is_no_request_is_a_problem", f"{WIRE}::test_a_request_is_answered")


@dataclass(frozen=True, slots=True)
class Entry:
    """Tests by name, rows of the tables by name, and the command of the Makefile that tries it at length."""

    tests: tuple[str, ...]
    rows: tuple[str, ...] = ()
    beside: str = ""


def _rows(test: str, rows: str, more: tuple[str, ...] = (), beside: str = "") -> Entry:
    return Entry((test, *more), tuple(rows.split()), beside)


BODY = "tests/service/api/test_body.py"
HTTP = "tests/service/api/test_http.py"
HEADERS = "tests/hostile/test_headers.py"

H: Mapping[str, Entry] = {
    "H01": _rows(ASKED, "nan infinity minus_infinity nan_three_deep coord_nan coord_inf", more=(DRAWN,)),
    "H02": _rows(ASKED, "float_1e400 float_minus_1e400 coord_1e400 coord_400_digits", more=(DRAWN,)),
    "H03": _rows(ASKED, "int_4301_digits int_5000_digits"),
    "H04": _rows(
        ASKED, "int_2_63 int_2_64 int_1e30", more=("tests/rules/test_reading.py::test_numbers_that_are_none",)
    ),
    "H05": _rows(ASKED, "int_as_string int_as_bool int_as_float lon_bool"),
    "H06": _rows(
        ASKED,
        "duplicate_key_escaped duplicate_object_vehicle duplicate_type_key",
        more=(f"{BODY}::test_a_repeated_key_is_named_at_its_place", DRAWN),
    ),
    "H07": _rows(ASKED, "unknown_field unknown_field_tenant case_variant proto"),
    "H08": _rows(ASKED, "deep_1000 deep_object_5000 deep_unclosed_100000 deep_coordinates", more=(DRAWN,)),
    "H09": _rows(ASKED, "lone_surrogate_escape cesu_surrogate"),
    "H10": _rows(ASKED, "nul_escape nul_in_ref plate_nul"),
    "H11": _rows(ASKED, "bom utf16 utf32 gb18030 latin1 overlong_utf8"),
    "H12": _rows(
        ASKED,
        "trailing_comma comment single_quotes truncated two_documents json_lines leading_zero hex "
        "plus_sign xssi_prefix",
    ),
    "H13": _rows(ASKED, "empty null true number string array empty_array"),
    "H14": _rows(
        ASKED,
        "one_byte_too_many string_1mb",
        more=(
            f"{WIRE}::test_a_large_body_is_refused_before_it_is_asked_for",
            f"{WIRE}::test_a_body_of_a_megabyte_in_chunks_is_refused_where_it_passes_the_cap",
            f"{BODY}::test_a_body_announced_too_large_is_refused_unread",
            LOT,
        ),
    ),
    "H15": Entry((f"{WIRE}::test_a_large_body_is_refused_before_it_is_asked_for",)),
    "H16": _rows(ASKED, "gzip_body gzip_bomb_50mb deflate_body brotli_body", more=(LOT,)),
    "H17": _rows(
        ASKED,
        "form multipart xml_xxe message_pack no_media_type text_plain",
        more=("tests/hostile/test_http.py::test_nothing_that_takes_forms_apart_is_installed",),
    ),
    "H18": _rows(ASKED, "wide_object_5000 hash_flood_ints array_30000_points"),
    "H19": Entry((*RAW, f"{HTTP}::test_a_request_names_one_host", f"{HTTP}::test_an_unknown_address_is_a_problem_too")),
    "H20": Entry((*RAW, f"{WIRE}::test_where_the_bytes_are_cut_changes_nothing")),
    "H21": Entry(
        (
            *RAW,
            f"{WIRE}::test_limits_hold_for_each_request_of_a_connection",
            f"{SLOW}::test_fifty_megabytes_are_refused_by_the_first_kilobytes",
            f"{HEADERS}::test_more_conditions_than_headers_may_hold_are_refused",
        )
    ),
    "H22": Entry(
        (
            f"{HEADERS}::test_other_methods_are_refused_with_those_that_work",
            f"{HEADERS}::test_a_method_is_what_the_request_line_says",
            f"{HTTP}::test_another_method_is_refused_with_those_that_work",
        )
    ),
    "H23": Entry((f"{WIRE}::test_three_questions_in_one_breath_are_answered_in_order",)),
    "H24": Entry(
        (
            f"{SLOW}::test_who_leaves_without_the_answer_has_asked_all_the_same",
            f"{SLOW}::test_who_leaves_in_the_midst_of_a_request_is_no_failure",
        )
    ),
    "H25": Entry((f"{HEADERS}::test_whatever_a_caller_would_accept_it_gets_json",)),
    "H26": Entry(
        (
            f"{HEADERS}::test_a_part_of_a_page_is_the_page_or_no_range",
            f"{HEADERS}::test_conditions_that_match_nothing_get_the_whole",
        )
    ),
    "H27": Entry(
        (
            "tests/service/api/test_schemathesis.py::test_every_check_of_every_operation_passes",
            "tests/service/api/test_schemathesis.py::test_every_operation_was_asked_and_answered",
        )
    ),
    "H28": Entry(
        (
            f"{BODY}::test_any_bytes_are_read_or_refused",
            "tests/rules/test_plates.py::test_any_text_is_a_plate_or_refused",
            "tests/hostile/test_instants.py::test_any_offset_and_any_fraction_name_the_same_second",
            "tests/fuzz/test_targets.py::test_what_is_grown_from_the_seeds_passes_the_check",
        ),
        beside="make fuzz",
    ),
}

CONTAINMENT = "tests/geodata/test_containment.py"
PLACES = "tests/hostile/test_places.py"

G: Mapping[str, Entry] = {
    "G01": _rows(
        DRAWN,
        "bowtie_asymmetric self_touch_ring double_cover spike zero_area_line tiny_polygon_1e-9 three_points_closed",
        more=(DRAWN_IN_A_CITY,),
    ),
    "G02": _rows(DRAWN, "unclosed_ring nearly_closed_ring"),
    "G03": _rows(
        DRAWN, "hole_outside hole_equals_shell hole_crosses_shell nested_holes overlapping_holes hole_disconnects"
    ),
    "G04": _rows(
        DRAWN,
        "multipolygon_overlap multipolygon_shared_edge multipolygon_nested multipolygon_repeated "
        "multipolygon_empty polygon_empty",
    ),
    "G05": _rows(
        ONE_FORM,
        "clockwise hole_same_winding duplicate_points z_zero coord_17_digits",
        more=("tests/hostile/test_geojson.py::test_the_same_law_in_another_form_is_the_same_publication",),
    ),
    "G06": _rows(
        DRAWN,
        "swapped_lat_lon swapped_plausible swapped",
        more=(ASKED, "tests/service/api/test_decisions.py::test_swapped_coordinates_inside_the_bounds_are_seen"),
    ),
    "G07": _rows(
        DRAWN,
        "coord_negative_zero whole_world the_pole null_island outside_city",
        more=(
            ASKED,
            "tests/service/api/test_hostile.py::test_a_place_outside_of_every_city_is_undetermined_and_never_allowed",
        ),
    ),
    "G08": _rows(
        DRAWN,
        "gcj02_without_frame crs_member_epsg4490 frame_missing",
        more=(ASKED, "tests/geodata/test_crs.py::test_the_frames_are_hundreds_of_metres_apart"),
    ),
    "G09": _rows(DRAWN, "antimeridian"),
    "G10": _rows(
        DRAWN, "coord_nan coord_inf coord_1e308 coord_1e400 coord_subnormal coord_400_digits coord_5000_digit_int"
    ),
    "G11": _rows(DRAWN, "coords_as_strings coord_bool coord_null one_ordinate four_ordinates mixed_2d_3d z_nonzero"),
    "G12": _rows(DRAWN, "quantise_makes_invalid"),
    "G13": _rows(DRAWN, "vertices_100k_star holes_5000 parts_1000"),
    "G14": _rows(
        DRAWN,
        "comb_x_comb_808_vertices zigzag_6000_selfcrossing",
        more=("tests/architecture/test_house.py::test_shapes_are_made_in_one_place",),
    ),
    "G15": Entry(
        (
            f"{CONTAINMENT}::test_corners_of_shell_and_hole_are_inside",
            f"{CONTAINMENT}::test_edges_are_inside_to_the_last_digit",
            f"{CONTAINMENT}::test_a_shared_edge_belongs_to_both_neighbours",
            f"{CONTAINMENT}::test_no_gap_and_no_overlap_along_an_oblique_shared_edge",
            "tests/hostile/test_http.py::test_a_point_on_a_corner_of_a_zone_is_in_it",
        )
    ),
    "G16": _rows(
        ONE_FORM,
        "tjunction_neighbour_pair",
        more=(
            f"{PLACES}::test_neighbours_that_do_not_share_a_vertex_leave_points_in_neither_and_points_in_both",
            "tests/geodata/test_lint.py::test_a_corner_that_the_neighbour_has_not",
            "tests/geodata/test_lint.py::test_strips_between_neighbours",
        ),
    ),
    "G17": Entry(
        (
            f"{CONTAINMENT}::test_prepared_equals_plain_equals_exact",
            f"{CONTAINMENT}::test_direction_and_start_of_rings_do_not_matter",
            f"{PLACES}::test_shapes_that_were_written_and_read_again_hold_the_same_points",
        )
    ),
    "G18": Entry((f"{PLACES}::test_the_index_agrees_with_exact_arithmetic",), beside="make soak"),
    "G19": Entry(("tests/geodata/test_threads.py::test_eight_threads_on_a_new_index",)),
    "G20": Entry(
        (
            f"{PLACES}::test_a_caller_that_knows_its_place_roughly_is_never_told_the_contrary_for_sure",
            "tests/geodata/test_index.py::test_more_doubt_never_settles_anything",
            "tests/service/test_proof.py::test_near_an_edge_the_exemption_relied_on_is_told",
        )
    ),
    "G21": Entry(
        (
            "tests/geodata/test_index.py::test_bad_places",
            "tests/geodata/test_crs.py::test_numbers_that_are_not_finite_are_refused",
        )
    ),
}

INSTANTS = "tests/hostile/test_instants.py"
CLOCK = "tests/hostile/test_clock.py"
FINE_PRINT = "tests/rules/test_fine_print.py"

T: Mapping[str, Entry] = {
    "T01": _rows(ASKED, "at_naive at_date_only at_epoch_int at_epoch_text at_epoch_ms at_zero at_bool at_null"),
    "T02": _rows(
        ASKED,
        "at_24_00 at_leap_second at_feb_30 at_feb_29_2027 at_offset_25 at_week_date at_basic_format "
        "at_unicode_digits at_unicode_minus",
    ),
    "T03": _rows(ASKED, "at_year_1 at_year_9999 at_year_10000"),
    "T04": _rows(
        f"{INSTANTS}::test_one_instant_has_one_answer_and_one_entry_however_it_is_written",
        "at_offset_14 at_utc_z at_lowercase",
        more=(f"{INSTANTS}::test_any_offset_and_any_fraction_name_the_same_second",),
    ),
    "T05": _rows(f"{INSTANTS}::test_windows_are_closed_at_their_beginning_and_open_at_their_end", "at_fraction_9"),
    "T06": _rows(
        f"{INSTANTS}::test_windows_are_closed_at_their_beginning_and_open_at_their_end",
        "at_window_edge_start at_window_edge_before",
    ),
    "T07": _rows(
        "tests/rules/test_windows.py::test_the_night_belongs_to_the_day_on_which_it_opens",
        "ok_cross_midnight window_sunday_night window_overlap_midnight",
        more=(MEANT,),
    ),
    "T08": _rows(MEANT, "holiday_overrides_night_tail", more=(MINUTES,)),
    "T09": _rows(TRAPPED, "window_zero_to_zero window_empty_equal ok_all_day", more=(MEANT,)),
    "T10": _rows(
        SHIFTS,
        "window_dst_gap",
        more=("tests/hostile/test_traps.py::test_windows_of_other_countries_open_on_real_time",),
    ),
    "T11": Entry(
        (SHIFTS, "tests/hostile/test_every_minute.py::test_the_hour_that_is_shown_twice_has_two_instants_in_order")
    ),
    "T12": _rows(
        SHIFTS,
        "window_dst_midnight_cairo",
        more=(
            "tests/hostile/test_every_minute.py::test_verdicts_are_three_and_none_is_made_up_for_a_gap",
            "tests/service/test_instants.py::test_the_plain_clock_shows_what_the_time_zone_shows",
        ),
    ),
    "T13": Entry(
        (
            "tests/hostile/test_every_minute.py::test_every_change_of_400_days",
            "tests/rules/test_bounds.py::test_every_minute_of_the_horizon",
        )
    ),
    "T14": _rows(
        ASKED, "at_1988_summer", more=("tests/service/test_instants.py::test_shanghai_had_summer_time_in_1988",)
    ),
    "T15": _rows(
        "tests/rules/test_windows.py::test_day_kinds",
        "at_makeup_sunday calendar_not_covered",
        more=(
            f"{FINE_PRINT}::test_an_unpublished_day_is_unknown_and_not_ordinary",
            f"{FINE_PRINT}::test_one_unpublished_day_that_cannot_matter_leaves_nothing_open",
            "tests/hostile/test_traps.py::test_a_year_without_a_calendar_is_unknown_and_never_guessed",
        ),
    ),
    "T16": _rows(MINUTES, "at_new_year_midnight"),
    "T17": Entry(
        (
            f"{CLOCK}::test_about_names_the_zone_data",
            f"{CLOCK}::test_no_time_zone_of_a_machine_and_no_zone_file_of_it_changes_an_answer",
        )
    ),
    "T18": Entry((f"{CLOCK}::test_no_time_zone_of_a_machine_and_no_zone_file_of_it_changes_an_answer",)),
    "T19": Entry((f"{CLOCK}::test_a_clock_that_is_wrong_changes_nothing_that_was_asked_for_a_given_time",)),
    "T20": Entry((f"{CLOCK}::test_a_clock_that_steps_back_and_forth_loses_and_doubles_nothing",)),
    "T21": _rows(
        TRAPPED,
        "effective_dst_gap effective_dst_fold penalised_in_the_gap effective_in_past "
        "effective_on_a_day_without_midnight",
        more=(TAKEN,),
    ),
    "T22": Entry((f"{INSTANTS}::test_long_after_the_last_calendar_an_answer_names_what_it_rests_on",)),
    "T23": Entry((MINUTES, "tests/hostile/test_every_minute.py::test_the_edges_of_the_engine_are_all_there_are")),
}

LAWS = "tests/rules/test_laws.py"
CODEC = "tests/rules/test_codec.py"

R: Mapping[str, Entry] = {
    "R01": _rows(NOT_IN_TOML, "bomb_deep_flow bomb_dotted_key bomb_long_key", more=(TRAPPED,)),
    "R02": _rows(
        TRAPPED,
        "duplicate_key_top duplicate_key_rule duplicate_rule_id duplicate_id_case "
        "duplicate_id_homoglyph duplicate_id_nfc_nfd duplicate_notice_id",
    ),
    "R03": _rows(
        TRAPPED,
        "time_unquoted_22_00 time_unquoted_07_00_00 effect_boolean_no window_days_off_on "
        "mass_leading_zero mass_octal mass_underscore effective_quoted_date",
        more=(TAKEN,),
    ),
    "R04": _rows(
        TRAPPED,
        "time_24_00_start time_25_00 time_26_00_osm_style time_24_01 time_07_60 time_negative "
        "time_seconds time_one_digit time_am_pm time_chinese time_fullwidth time_arabic_digits "
        "time_offset time_compact_0700 time_trailing_newline time_zero_width_space",
    ),
    "R05": _rows(
        TRAPPED,
        "unknown_field unknown_field_typo unknown_vehicle_class unknown_zone_ref empty_vehicles "
        "empty_vehicle_list window_missing window_days_empty",
    ),
    "R06": _rows(TRAPPED, "unknown_schema_version"),
    "R07": _rows(
        TRAPPED,
        "tz_missing tz_offset_only tz_abbreviation_cst tz_posix_sign tz_case tz_beijing "
        "tz_path_traversal tz_directory tz_nul tz_localtime",
    ),
    "R08": _rows(
        TRAPPED,
        "title_bidi_override title_control_chars title_180kb title_html title_formula key_of_escapes",
        more=(
            TAKEN,
            "tests/hostile/test_traps.py::test_the_command_says_the_same",
            "tests/service/api/test_access.py::test_nothing_that_was_said_reaches_the_page_as_markup",
            "tests/service/api/test_timetable.py::test_no_cell_is_a_formula",
        ),
    ),
    "R09": Entry(
        (
            f"{LAWS}::test_order_never_matters",
            f"{LAWS}::test_saying_it_twice_changes_nothing",
            f"{CODEC}::test_the_digest_depends_on_the_order_of_nothing",
        )
    ),
    "R10": Entry(
        (
            f"{LAWS}::test_adding_a_restriction_never_allows",
            f"{LAWS}::test_adding_an_exemption_never_prohibits",
            f"{LAWS}::test_where_no_notice_speaks_everything_is_allowed",
        )
    ),
    "R11": _rows(
        f"{CODEC}::test_reading_twice_is_reading_once",
        "bom crlf",
        more=(
            f"{CODEC}::test_all_of_a_city_round_trips",
            f"{CODEC}::test_canonical_bytes",
            "tests/hostile/test_traps.py::test_marks_and_ends_of_lines_are_no_law",
        ),
        beside="make fuzz",
    ),
    "R12": Entry(
        (
            "tests/rules/test_compare.py::test_brute_force_finds_the_same_flips",
            "tests/rules/test_compare.py::test_every_minute_of_a_week_for_every_zone_and_class",
        )
    ),
    "R23": Entry(
        ("tests/mutants/test_judge.py::test_every_entry_has_a_reason_and_names_code_that_is_there",),
        beside="make mutants",
    ),
}

ENTRIES: Mapping[str, Entry] = {**H, **G, **T, **R}
