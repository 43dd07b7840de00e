"""The summary of an answer: what a desk officer reads aloud, in Chinese and English.

It opens with the verdict (or with 示范规则 where an illustrative notice changed it), gives the article, until when it
holds and what comes then, and says what it rests on. `allowed` is worded 所载通告未禁止: the notices on record do not
prohibit, which is all that can be known.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from rules.codes import Text
from rules.decision import Decision, Ground, Outcome, Reason, State
from rules.model import Restriction, Rulebook, Verdict
from rules.windows import DAY
from service.asks import Answer, PointAsk
from service.names import VERDICTS, name_of
from service.snapshot import Snapshot

_MOST_NAMES = 3


class Clock:
    """Words for instants: the time alone on the day asked about, with the date on another."""

    def __init__(self, zone: ZoneInfo, at: int) -> None:
        self.zone = zone
        self.today = self.local(at).date()

    def local(self, instant: int) -> datetime:
        return datetime.fromtimestamp(instant, UTC).astimezone(self.zone)

    def words(self, instant: int) -> Text:
        local = self.local(instant)
        clock = f"{local:%H:%M}" if local.second == 0 else f"{local:%H:%M:%S}"
        if local.date() == self.today:
            return Text(clock, clock)
        return Text(f"{local.year}年{local.month}月{local.day}日{clock}", f"{local:%Y-%m-%d} {clock}")


def summarise(answer: Answer, snapshot: Snapshot) -> Text:
    """The sentence in both languages."""
    decision = answer.decision
    zone = ZoneInfo("UTC") if answer.rulebook is None else ZoneInfo(answer.rulebook.city.timezone)
    clock = Clock(zone, answer.at)
    parts = [_lead(answer, clock), *_follow_ups(decision, clock), *_exceptions(answer, snapshot)]
    if decision.illustrative:
        law = _law(decision.by_law, clock)
        parts = [
            Text(f"示范规则(不代表现行规定):{parts[0].zh}", f"Illustrative rule (not the law): {parts[0].en}"),
            law,
            *parts[1:],
        ]
    elif decision.by_law != decision.outcome:
        parts.append(_law(decision.by_law, clock))
    return Text("".join(part.zh for part in parts), " ".join(part.en for part in parts))


def _law(law: Outcome, clock: Clock) -> Text:
    """The outcome by the notices that are law, where an illustrative one changes verdict or times."""
    until_zh, until_en = _until(law, clock)
    return Text(
        f"按所载正式通告:{VERDICTS[law.verdict].zh}{until_zh}。",
        f"By the notices that are law: {VERDICTS[law.verdict].en}{until_en}.",
    )


def _until(outcome: Outcome, clock: Clock) -> tuple[str, str]:
    if outcome.holds_until is None:
        return ",14天内无变化", ", no change within 14 days"
    words = clock.words(outcome.holds_until)
    return f",至{words.zh}", f", until {words.en}"


def _lead(answer: Answer, clock: Clock) -> Text:
    decision = answer.decision
    if decision.verdict is Verdict.UNDETERMINED:
        return _undetermined(answer, clock)
    until_zh, until_en = _until(decision.outcome, clock)
    stay_zh = f"停留{answer.ask.stay_minutes}分钟" if answer.ask.stay_minutes else ""
    stay_en = f" for a stay of {answer.ask.stay_minutes} minutes" if answer.ask.stay_minutes else ""
    if decision.verdict is Verdict.PROHIBITED:
        standing = [ground for ground in decision.grounds if ground.state is State.STANDS]
        if not standing:
            return Text(
                f"{stay_zh}禁止通行{until_zh}:所缺事实无论如何均有限制适用。",
                f"Prohibited{stay_en}{until_en}: whatever the missing facts are, a restriction applies.",
            )
        cited = _cited(standing[0].restriction, answer.rulebook)
        more_zh = f"(另有{len(standing) - 1}条)" if len(standing) > 1 else ""
        more_en = f" (and {len(standing) - 1} more)" if len(standing) > 1 else ""
        lesson = _lesson(standing)
        return Text(
            f"{stay_zh}禁止通行{until_zh}:{cited.zh}{more_zh}{lesson.zh}。",
            f"Prohibited{stay_en}{until_en}: {cited.en}{more_en}{lesson.en}.",
        )
    lifting = [exemption for ground in decision.grounds for exemption in ground.lifted_by]
    if lifting:
        conditions_zh = ";".join(text.zh for text in decision.conditions)
        conditions_en = "; ".join(text.en for text in decision.conditions)
        return Text(
            f"{stay_zh}所载通告未禁止{until_zh}:{lifting[0].wording.text.zh}"
            + (f"(条件:{conditions_zh})" if conditions_zh else "")
            + f"{_unseen(lifting[0].wording.kind).zh}。",
            f"Not prohibited by the notices on record{stay_en}{until_en}: {lifting[0].wording.text.en}"
            + (f" (provided: {conditions_en})" if conditions_en else "")
            + f"{_unseen(lifting[0].wording.kind).en}.",
        )
    unseen = _unseen(
        "paraphrase"
        if any(each.restriction.wording.kind == "paraphrase" for each in decision.considered)
        else "verbatim"
    )
    return Text(
        f"{stay_zh}所载通告未禁止{until_zh}{unseen.zh}。",
        f"Not prohibited by the notices on record{stay_en}{until_en}{unseen.en}.",
    )


def _cited(restriction: Restriction, rulebook: Rulebook | None) -> Text:
    """The article's words, from when it is in force, and whether its wording was seen."""
    assert rulebook is not None, "a restriction stands only in a city"
    notice = rulebook.notice(restriction.notice)
    text = restriction.wording.text
    since = notice.period.start
    unseen = restriction.wording.kind == "paraphrase"
    notes_zh = [*([_date_zh(since) + "起"] if since else []), *(["条文原文未见,依据摘要"] if unseen else [])]
    notes_en = [*([f"from {_date(since)}"] if since else []), *(["wording not seen, from a summary"] if unseen else [])]
    return Text(
        text.zh + (f"({';'.join(notes_zh)})" if notes_zh else ""),
        text.en + (f" ({'; '.join(notes_en)})" if notes_en else ""),
    )


def _date(wall: int) -> date:
    return date.fromordinal(wall // DAY)


def _date_zh(wall: int) -> str:
    day = _date(wall)
    return f"{day.year}年{day.month}月{day.day}日"


def _unseen(kind: str) -> Text:
    if kind == "paraphrase":
        return Text("(条文原文未见,依据摘要)", " (wording not seen, from a summary)")
    return Text("", "")


def _lesson(standing: list[Ground]) -> Text:
    if all(ground.educates for ground in standing):
        return Text("(教育期,暂不处罚)", " (education period, no fine yet)")
    return Text("", "")


def _undetermined(answer: Answer, clock: Clock) -> Text:
    decision = answer.decision
    until_zh, until_en = _until(decision.outcome, clock)
    reason = name_of(decision.reason)
    if decision.reason is Reason.FACTS_MISSING:
        wanting = [name_of(code) for code in decision.missing]
        return Text(
            f"无法确定:缺少{'、'.join(each.zh for each in wanting)}。",
            f"Undetermined: missing {', '.join(each.en for each in wanting)}.",
        )
    if decision.reason in (Reason.POSITION_UNCERTAIN, Reason.SHAPE_UNCERTAIN):
        near = _nearest_edge(answer)
        return Text(f"无法确定:{reason.zh}{near.zh}。", f"Undetermined: {reason.en}{near.en}.")
    if decision.reason is Reason.OUTSIDE_RECORD and answer.rulebook is not None:
        first = answer.rulebook.city.record_from
        return Text(
            f"无法确定:早于本市记录的起始日{first.year}年{first.month}月{first.day}日。",
            f"Undetermined: the city's record begins on {first}.",
        )
    return Text(f"无法确定{until_zh}:{reason.zh}。", f"Undetermined{until_en}: {reason.en}.")


def _nearest_edge(answer: Answer) -> Text:
    """How near the edge is that leaves it open."""
    open_hits = [hit for hit in answer.hits if not hit.certain and hit.distance_m is not None]
    if not open_hits or not isinstance(answer.ask.place, PointAsk):
        return Text("", "")
    nearest = min(open_hits, key=lambda hit: hit.distance_m or 0.0)
    metres = round(nearest.distance_m or 0.0)
    return Text(f"(距最近的区域边界约{metres}米)", f" (about {metres} m from the nearest zone edge)")


def _follow_ups(decision: Decision, clock: Clock) -> list[Text]:
    parts = []
    if decision.as_drawn is not None and decision.as_drawn is not decision.verdict:
        name = VERDICTS[decision.as_drawn]
        parts.append(Text(f"若图形与定位精确,则为{name.zh}。", f"If shapes and position were exact: {name.en}."))
    if decision.stay is not None and decision.verdict is not Verdict.ALLOWED:
        name = VERDICTS[decision.stay.enter_and_leave]
        parts.append(Text(f"若停放期间不行驶:{name.zh}。", f"If it stays parked in between: {name.en}."))
    if decision.verdict is not Verdict.ALLOWED and decision.outcome.next_allowed:
        first = decision.outcome.next_allowed[0]
        start = clock.words(first.start)
        if first.end is None:
            parts.append(Text(f"{start.zh}起所载通告未禁止。", f"Not prohibited from {start.en}."))
        else:
            end = clock.words(first.end)
            parts.append(Text(f"{start.zh}起至{end.zh}所载通告未禁止。", f"Not prohibited {start.en}-{end.en}."))
    return parts


def _exceptions(answer: Answer, snapshot: Snapshot) -> list[Text]:
    if not answer.exceptions:
        return []
    parts = []
    for verdict in sorted({each.verdict for each in answer.exceptions}):
        zones = [snapshot.zone(each.zone) for each in answer.exceptions if each.verdict is verdict]
        names_zh, names_en = ([each.name_zh for each in zones], [each.name_en for each in zones])
        more = len(zones) - _MOST_NAMES
        parts.append(
            Text(
                "、".join(names_zh[:_MOST_NAMES]) + (f"等{len(zones)}处" if more > 0 else "") + VERDICTS[verdict].zh,
                f"{VERDICTS[verdict].en} on {', '.join(names_en[:_MOST_NAMES])}"
                + (f" and {more} more" if more > 0 else ""),
            )
        )
    return [Text(f"例外:{';'.join(each.zh for each in parts)}。", f"Except: {'; '.join(each.en for each in parts)}.")]
