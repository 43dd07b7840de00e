"""The command `tongxing`: serve, decide, check, diff, test. It wires and prints; the verbs do the work."""

import errno
import json
import re
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from geodata.crs import to_wgs84
from geodata.errors import BadCoordinate, UnknownZone
from rules.codec import canonical_bytes
from rules.errors import Incomparable, InvalidQuestion, InvalidVehicle
from service import clock
from service.answers import answer_document
from service.api.body import LARGEST_BODY, read_object
from service.api.problems import BODY, Flaw, Refused, pointer
from service.api.replying import faults_of_vehicle, read_ask
from service.api.wiring import provided_to
from service.app import create_app
from service.asks import Answer, Ask, ZoneAsk
from service.banner import banner
from service.check_report import check_city, how_many
from service.cities import city_folder, load_snapshot
from service.comparing import compare_publications
from service.deciding import decide_one
from service.decision_log import LogRefused
from service.difference_report import difference_report
from service.example_decision import keep_example
from service.instants import NotAnInstant, parse_instant, parse_local
from service.logs import write_logs
from service.publication import Unpublishable, load_calendar, load_city
from service.scenario_report import corpus_of, failure_lines, report_document
from service.scenarios import MalformedScenarios, Scenario, read_scenarios, run_scenario, scenario_files
from service.server import BoundedServer, StopSignal
from service.settings import PREFIX, BadSettings, Settings, read_settings
from service.snapshot import Snapshot
from service.storage import open_decision_log
from service.tables import answer_table
from service.telemetry import NoTelemetry, spans_to_collector
from service.topics import TOPICS, unknown_topic

_BACKLOG = 2048
_FAILED, _MISUSED = 1, 2
_LONGEST_FOUND = 80

cli = typer.Typer(
    name="tongxing",
    help="Tongxing 通行: may this vehicle enter here now, and which article of which notice says so?",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Cities = Annotated[
    list[Path] | None,
    typer.Option("--city", metavar="DIR", help="A city folder of your own; may be given again. 自备城市目录"),
]
CalendarFile = Annotated[
    Path | None, typer.Option("--calendar", metavar="FILE", help="A newer calendar than the built-in one. 日历文件")
]
Illustrative = Annotated[
    bool | None,
    typer.Option(
        "--illustrative/--no-illustrative",
        help="Load the illustrative notices, which are not law; by default on loopback only. 示范规则",
    ),
]


def main() -> None:
    """The command, for the script and for `python -m service.cli`."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Chinese gets escapes instead of a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    cli()


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (127.0.0.1).")] = None,
    port: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Port to listen on (8000); 0 takes a free one.")
    ] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the decision log (./data).")] = None,
    city: Cities = None,
    calendar: CalendarFile = None,
    illustrative: Illustrative = None,
) -> None:
    """Answer over HTTP until told to stop. 启动服务"""
    settings = _settings(
        host=host, port=port, data=data, cities=city or None, calendar=calendar, illustrative=illustrative
    )
    if not settings.on_loopback and not settings.open:
        _fail(
            _MISUSED,
            f"refusing to listen on {settings.host}: this version knows no keys, so anybody could ask",
            "listen on 127.0.0.1 (the default), with a proxy of your own before it that knows who may ask;",
            f"or set {PREFIX}OPEN=1 in the environment if everybody who can reach {settings.host} may ask",
        )
    _serve(settings, _snapshot(settings))


@cli.command()
def decide(
    context: typer.Context,
    zone: Annotated[str | None, typer.Option(help="Zone id, such as sy-second-ring. 区域编号")] = None,
    lon: Annotated[str | None, typer.Option(metavar="NUMBER", help="Longitude in degrees. 经度")] = None,
    lat: Annotated[str | None, typer.Option(metavar="NUMBER", help="Latitude in degrees. 纬度")] = None,
    crs: Annotated[
        str | None, typer.Option(help="wgs84, cgcs2000, gcj02 or bd09ll; required with --lon. 坐标系")
    ] = None,
    accuracy_m: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Error of the position in metres. 定位误差")
    ] = None,
    heading_deg: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Degrees clockwise from true north. 行驶方向")
    ] = None,
    level: Annotated[str | None, typer.Option(help="ground, elevated or tunnel. 所在层")] = None,
    plate: Annotated[str | None, typer.Option(help="Plate. 号牌")] = None,
    plate_kind: Annotated[str | None, typer.Option(help="Kind of plate. 号牌种类")] = None,
    new_energy_plate: Annotated[bool | None, typer.Option(help="Has it a new-energy plate? 新能源号牌")] = None,
    vehicle_type: Annotated[str | None, typer.Option(help="H32 or 轻型厢式货车. 车辆类型")] = None,
    kind: Annotated[str | None, typer.Option(help="truck, tractor_unit, ... 种类")] = None,
    size: Annotated[str | None, typer.Option(help="heavy, medium, light or micro. 大小")] = None,
    body: Annotated[str | None, typer.Option(help="box, enclosed, stake, ... 车身")] = None,
    energy: Annotated[str | None, typer.Option(help="diesel, battery_electric, ... 能源")] = None,
    fuel: Annotated[str | None, typer.Option(help="Fuel as on the licence, such as B. 燃料")] = None,
    emission_stage: Annotated[str | None, typer.Option(help="5, 国五 or V. 排放阶段")] = None,
    length_mm: Annotated[str | None, typer.Option(metavar="NUMBER", help="Length in mm. 车长")] = None,
    width_mm: Annotated[str | None, typer.Option(metavar="NUMBER", help="Width in mm. 车宽")] = None,
    height_mm: Annotated[str | None, typer.Option(metavar="NUMBER", help="Height in mm. 车高")] = None,
    total_mass_kg: Annotated[str | None, typer.Option(metavar="NUMBER", help="Total mass in kg. 总质量")] = None,
    rated_load_kg: Annotated[str | None, typer.Option(metavar="NUMBER", help="Rated load in kg. 核定载质量")] = None,
    use: Annotated[str | None, typer.Option(help="freight, express, fire, ... 使用性质")] = None,
    trip: Annotated[str | None, typer.Option(help="Kind of trip. 行程性质")] = None,
    on_duty: Annotated[bool | None, typer.Option(help="On duty? 正在执行任务")] = None,
    full_load: Annotated[bool | None, typer.Option(help="A full lawful load? 整车合法装载")] = None,
    cargo: Annotated[list[str] | None, typer.Option(help="Cargo; may be given again. 货物")] = None,
    filings: Annotated[list[str] | None, typer.Option("--filing", help="Filing; may be given again. 备案")] = None,
    priority_classes: Annotated[
        list[str] | None, typer.Option("--priority-class", help="Priority class; may be given again. 优先类别")
    ] = None,
    passes: Annotated[
        list[str] | None, typer.Option("--pass", metavar="KIND", help="Pass held; may be given again. 通行证")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="08:00, 2026-11-24 08:00, or with offset; now by default. 时刻")
    ] = None,
    stay_minutes: Annotated[str | None, typer.Option(metavar="NUMBER", help="Minutes of stay. 停留分钟数")] = None,
    ref: Annotated[str | None, typer.Option(help="A mark of your own, returned as it is.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    city: Cities = None,
    calendar: CalendarFile = None,
    illustrative: Illustrative = None,
) -> None:
    """Answer one question, from flags or as JSON on standard input (the body of POST /v1/decisions). 判断一次

    The answer is not kept: only the service writes to the decision log.
    """
    snapshot = _snapshot(_settings(cities=city or None, calendar=calendar, illustrative=illustrative))
    given = {name: value for name, value in context.params.items() if name in _ASKED and value not in (None, [], ())}
    if at is not None and not given:
        _fail(_MISUSED, "--at goes with the other flags; in JSON, the time is the key at")
    answer = _answered(_from_flags(given) if given else _from_stdin(), at, snapshot)
    document = answer_document(answer, snapshot)
    print(json.dumps(document, ensure_ascii=False, indent=2) if as_json else answer_table(document))


@cli.command()
def check(
    folder: Annotated[
        Path, typer.Argument(metavar="CITY_DIR", help="A folder with city.toml, notices, zones.geojson.")
    ],
    guidance: Annotated[
        bool, typer.Option("--guidance", help="Compare with the national guidance instead. 对照国家指引")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings, too. 有警告即失败")] = False,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="As of this date; today. 截至日期")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON. 以 JSON 输出")] = False,
    calendar: CalendarFile = None,
) -> None:
    """Say what is wrong with a city's files, and what its author should look at again. 检查城市数据"""
    raise typer.Exit(check_city(folder, _settings(calendar=calendar).calendar, on, guidance, strict, as_json))


@cli.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="A city folder, or the name of a built-in city.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="The same city as it is to be.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole comparison as JSON.")] = False,
    calendar: CalendarFile = None,
    old_calendar: Annotated[
        Path | None, typer.Option("--old-calendar", metavar="FILE", help="Another calendar for A. 原日历文件")
    ] = None,
    illustrative: Illustrative = None,
) -> None:
    """Say exactly which verdicts two versions of a city give otherwise; exit with 1 if anything differs. 比较版本"""
    settings = _settings(calendar=calendar, illustrative=illustrative)
    try:
        sides = [
            load_city(city_folder(folder), load_calendar(table))
            for folder, table in ((before, old_calendar or settings.calendar), (after, settings.calendar))
        ]
        comparison = compare_publications(
            *(each if settings.with_illustrative else each.without_illustrative() for each in sides)
        )
    except Unpublishable as unpublishable:
        _fail(_MISUSED, *map(str, unpublishable.faults), how_many(len(unpublishable.faults), "error"))
    except Incomparable as error:
        _fail(_MISUSED, f"{error.zh} / {error.en}")
    print(canonical_bytes(comparison.document()).decode() if as_json else difference_report(comparison))
    if not comparison.nothing:
        raise typer.Exit(_FAILED)


@cli.command()
def test(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Scenario files, or folders of them.")],
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", metavar="TOPIC", help="Only cases that exercise it; may be given again. 主题"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a report as JSON.")] = False,
    city: Cities = None,
    calendar: CalendarFile = None,
) -> None:
    """Ask questions with known answers, and say where the answers differ. 运行情景用例"""
    topics = dict.fromkeys(topic or ())
    unknown = [f"--topic {each}: expected {unknown_topic(each)}" for each in topics if each not in TOPICS]
    if unknown:
        _fail(_MISUSED, *unknown)
    # Cases name their notices, the illustrative ones too, wherever the service itself would load them.
    settings = _settings(cities=city or None, calendar=calendar, illustrative=True)
    snapshot = _snapshot(settings)
    read, unreadable = _scenarios(paths)
    outcomes = [run_scenario(each, snapshot) for each in read if not topics or topics.keys() & set(each.exercises)]
    failures = [outcome for outcome in outcomes if not outcome.passed]
    if not outcomes and not unreadable:
        print("no case was found", file=sys.stderr)
    if as_json:
        shipped = not settings.cities and settings.calendar is None
        corpus = corpus_of(each.file for each in read) if shipped and not unreadable else None
        print(json.dumps(report_document(outcomes, list(topics), corpus), ensure_ascii=False, indent=2))
    else:
        for failure in failures:
            print(*failure_lines(failure), sep="\n")
        print(f"{len(outcomes) - len(failures)} passed, {len(failures) + unreadable} failed")
    if failures or unreadable or not outcomes:
        raise typer.Exit(_FAILED)


def _scenarios(paths: list[Path]) -> tuple[list[Scenario], int]:
    """The cases of all files that can be read, and how many cannot; these say on stderr what is wrong with them."""
    files: dict[Path, None] = {}
    scenarios: list[Scenario] = []
    unreadable = 0
    for path in paths:
        try:
            files.update(dict.fromkeys(scenario_files(path)))
        except MalformedScenarios as malformed:
            unreadable += 1
            print(malformed, file=sys.stderr)
    for file in files:
        try:
            scenarios.extend(read_scenarios(file))
        except MalformedScenarios as malformed:
            unreadable += 1
            print(malformed, file=sys.stderr)
    return scenarios, unreadable


_IN_PLACE = ("zone", "lon", "lat", "crs", "accuracy_m", "heading_deg", "level")
_BESIDE = ("stay_minutes", "ref")
_IN_VEHICLE = (
    *("plate", "plate_kind", "new_energy_plate", "vehicle_type", "kind", "size", "body", "energy", "fuel"),
    *("emission_stage", "length_mm", "width_mm", "height_mm", "total_mass_kg", "rated_load_kg"),
    *("use", "trip", "on_duty", "full_load", "cargo", "filings", "priority_classes", "passes"),
)
_ASKED = (*_IN_PLACE, *_BESIDE, *_IN_VEHICLE)
_NUMBERS = (
    *("lon", "lat", "accuracy_m", "heading_deg", "stay_minutes"),
    *("length_mm", "width_mm", "height_mm", "total_mass_kg", "rated_load_kg"),
)


def _from_flags(given: Mapping[str, Any]) -> dict[str, object]:
    """The body of POST /v1/decisions that the flags stand for."""
    given = {name: _number(value) if name in _NUMBERS else value for name, value in given.items()}
    vehicle = {name: given[name] for name in _IN_VEHICLE if name in given}
    if "passes" in vehicle:
        vehicle["passes"] = [{"kind": kind} for kind in vehicle["passes"]]
    place = {name: given[name] for name in _IN_PLACE if name in given}
    return {"vehicle": vehicle, "place": place, **{name: given[name] for name in _BESIDE if name in given}}


def _number(text: str) -> object:
    """The number that the text is; other text stays text, and whoever reads the question refuses and quotes it."""
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,20})?", text, re.ASCII):
        return text
    return float(text) if "." in text else int(text)


def _from_stdin() -> dict[str, object]:
    raw = b"" if sys.stdin.isatty() else typer.get_binary_stream("stdin").read(LARGEST_BODY + 1)
    if len(raw) > LARGEST_BODY:
        _fail(_MISUSED, f"standard input: expected at most {LARGEST_BODY} bytes of JSON, found more")
    if not raw.strip():
        _fail(_MISUSED, "no question: give flags such as --zone and --plate, or JSON on standard input (see --help)")
    try:
        return read_object(raw)
    except Refused as refused:
        _refuse(_flaw_lines(refused.flaws, {}))


def _answered(said: Mapping[str, object], at: str | None, snapshot: Snapshot) -> Answer:
    """The answer to a body like that of POST /v1/decisions, or the end: every fault with what was found."""
    now = clock.now()
    try:
        ask = read_ask(said)
        if at is not None:
            said = {**said, "at": at}
            ask = replace(ask, at=_instant(at, ask, snapshot, now))
        return decide_one(ask, snapshot, now)
    except Refused as refused:
        lines = _flaw_lines(refused.flaws, said)
    except InvalidVehicle as error:
        lines = [
            _line([f"vehicle/{field}" for field in fault.fields], f"{fault.zh} / {fault.en}", said)
            for fault in error.faults
        ]
    except InvalidQuestion as error:
        lines = [_line([error.field], f"{error.zh} / {error.en}", said)]
    except NotAnInstant as error:
        lines = [_line(["at"], f"{error.zh} / {error.en}", said)]
        lines += _flaw_lines(faults_of_vehicle(ask.vehicle, BODY), said)
    except UnknownZone as error:
        known = "" if error.nearest else f"; known are {', '.join(snapshot.index.keys)}"
        lines = [_line(["place/zone"], f"未知区域 / {error}{known}", said)]
    except BadCoordinate as error:
        lines = [_line([f"place/{error.field}"], f"坐标有误 / expected {error.expected}", said)]
    _refuse(lines)


def _instant(at: str, ask: Ask, snapshot: Snapshot, now: int) -> int:
    """A local time of the city asked about; where no city is, only a time with offset says when."""
    if isinstance(ask.place, ZoneAsk):
        city: str | None = snapshot.zone(ask.place.zone).city
    else:
        city = snapshot.index.city_at(*to_wgs84(ask.place.lon, ask.place.lat, ask.place.crs))
    return parse_instant(at) if city is None else parse_local(at, snapshot.timezone(city), now)


def _flaw_lines(flaws: Sequence[Flaw], said: Mapping[str, object]) -> list[str]:
    lines = []
    for flaw in flaws:
        told = flaw.nearest is None or "nearest" in flaw.en
        hint = "" if told else f"; the nearest is {flaw.nearest}"
        lines.append(_line([each.removeprefix("/") for each in flaw.pointers], f"{flaw.zh} / {flaw.en}{hint}", said))
    return lines


def _line(paths: Sequence[str], words: str, said: Mapping[str, object]) -> str:
    """One fault: where, what was expected, and what was found there."""
    found = [shown for path in paths if (shown := _found(path, said)) is not None]
    where = ", ".join(path.replace("/", ".") or "(question)" for path in paths)
    return f"{where}: {words}" + (f"; found {', '.join(found)}" if found else "")


def _found(path: str, said: Mapping[str, object]) -> str | None:
    value: object = said
    for part in path.split("/") if path else ():
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    if isinstance(value, Mapping):
        # A pointer ends before a key of strange signs, and then it is that key that is at fault.
        strange = [key for key in value if not pointer(key)]
        return ", ".join(map(repr, strange)) or None
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_FOUND else f"{text[:_LONGEST_FOUND]}..."


def _refuse(lines: Sequence[str]) -> NoReturn:
    _fail(_MISUSED, "this question cannot be answered 无法作答:", *(f"  {line}" for line in lines))


def _settings(**told: object) -> Settings:
    try:
        return read_settings(**told)
    except BadSettings as error:
        _fail(_MISUSED, *str(error).splitlines())


def _snapshot(settings: Settings) -> Snapshot:
    try:
        return load_snapshot(settings)
    except Unpublishable as unpublishable:
        _fail(_MISUSED, *map(str, unpublishable.faults), how_many(len(unpublishable.faults), "error"))


def _fail(code: int, *lines: str) -> NoReturn:
    print("\n".join([f"tongxing: {lines[0]}", *lines[1:]]), file=sys.stderr)
    raise typer.Exit(code)


def _serve(settings: Settings, snapshot: Snapshot) -> None:
    write_logs(settings.log_format)
    try:
        traces = spans_to_collector() if settings.telemetry else None
    except NoTelemetry as missing:
        _fail(_MISUSED, f"{PREFIX}TELEMETRY is set, but {missing}: the extra `telemetry` installs what it needs")
    # Laid before the server's own handlers, which hand the signal back when all requests are done: being told to stop
    # is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    try:
        log = open_decision_log(settings.data)
    except LogRefused as refused:
        _fail(_FAILED, str(refused))
    try:
        keep_example(snapshot, log, clock.now())
        listening = _listening(settings)
        print(banner(settings, snapshot, listening.getsockname()[1]), flush=True)
        stopping = StopSignal()
        app = create_app(
            snapshot,
            log,
            limits=settings.limits,
            stopping=stopping,
            traces=traces,
            public_url=settings.public_url,
        )
        BoundedServer(app, settings.limits, stopping, provided_to(app).metrics.lagged).serve_on(listening)
    finally:
        log.close()


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _listening(settings: Settings) -> socket.socket:
    """The socket, listening already, so that what stands in the banner is true."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        where = f"port {settings.port} of {settings.host}"
        if error.errno == errno.EADDRINUSE:
            _fail(_FAILED, f"{where} is in use: stop what listens there, or choose another port with --port")
        _fail(_FAILED, f"cannot listen on {where}: {error.strerror}")
    return listening


if __name__ == "__main__":
    main()
