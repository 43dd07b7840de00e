"""What `tongxing serve` says when it starts: what is loaded, where to look, and a question to paste."""

import json
from collections.abc import Iterator

from service.examples import FIRST_QUESTION
from service.settings import PREFIX, Settings
from service.snapshot import Snapshot
from service.tables import columns
from service.version import VERSION

_QUESTION = {
    "vehicle": {"plate": "辽A5K268", "vehicle_type": "轻型厢式货车", "emission_stage": "国五", "energy": "柴油"},
    "place": {"zone": "sy-second-ring"},
    "at": "2026-11-24T08:12:00+08:00",
}


def banner(settings: Settings, snapshot: Snapshot, port: int) -> str:
    """The lines for a terminal; `port` is the one that is listened on, whatever was asked for."""
    return "\n".join(_lines(settings, snapshot, _address(settings.host, port)))


def _address(host: str, port: int) -> str:
    """Where a browser on this machine finds the service."""
    if host in ("0.0.0.0", "::", "localhost"):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _lines(settings: Settings, snapshot: Snapshot, address: str) -> Iterator[str]:
    yield f"Tongxing 通行 {VERSION}"
    yield from columns(list(_loaded(settings, snapshot, address)), indent="  ")
    yield ""
    yield "Open in a browser 在浏览器中打开:"
    yield f"  {address}{FIRST_QUESTION}"
    yield ""
    yield "Or paste 或粘贴:"
    question = json.dumps(_QUESTION, ensure_ascii=False)
    yield f"  curl -s {address}/v1/decisions -H 'Content-Type: application/json' -d '{question}'"


def _loaded(settings: Settings, snapshot: Snapshot, address: str) -> Iterator[tuple[str, str]]:
    if not settings.on_loopback:
        yield (
            "对外开放 OPEN",
            f"{PREFIX}OPEN=1, listening on {settings.host}: whoever can reach it may ask, no key is needed",
        )
    for city_id, publication in snapshot.publications.items():
        yield "城市 city", f"{publication.city.name.zh} {publication.city.name.en} ({publication.id})"
        for notice_city, notice in snapshot.notices():
            if notice_city == city_id:
                mark = "示范 illustrative, not law: " if notice.illustrative else ""
                yield "", f"{notice.id}  {mark}{notice.name.zh} / {notice.name.en}"
    if settings.cities:
        yield "自备城市 own", ", ".join(str(folder) for folder in settings.cities)
    if not settings.with_illustrative:
        yield "示范规则 illustrative", "not loaded 未加载 (--illustrative loads them)"
    calendar = snapshot.calendar
    yield "日历 calendar", f"{calendar.version}, {calendar.covered_from} to {calendar.covered_until}"
    yield "数据 data", str(settings.data.resolve())
    yield "文档 docs", f"{address}/docs"
