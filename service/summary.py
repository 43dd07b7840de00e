"""The summary of an answer: what a desk officer reads aloud, in Chinese and English.

It opens with the verdict (or with 示范规则 where an illustrative notice changed it), gives the article, until when it
holds and what comes then, and says what it rests on. `allowed` is worded 所载通告未禁止: the notices on record do not
prohibit, which is all that can be known.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from rules.codes import Text
from rules.decision import Decision, Ground, Outcome, Reason, State
from rules.explain import lifting_first
from rules.model import Restriction, Rulebook, Verdict
from rules.windows import DAY, MINUTES_A_DAY
from service.asks import Answer, PointAsk
from service.names import VERDICTS, name_of
from service.snapshot import Snapshot

_MOST_NAMES = 3
_GAPS = ("record_incomplete", "older_notices_may_be_missing")
_PARAPHRASED = Text("(条文原文未见,依据摘要)", " (wording not seen, from a summary)")


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
    stay = answer.ask.stay_minutes
    differs = _next(decision.by_law) != _next(decision.outcome)
    # Where an illustrative notice changes times and not the verdict, the times spoken are those of the law.
    spoken = decision.by_law if differs and not decision.illustrative else decision.outcome
    parts = [_lead(answer, spoken, clock), *_follow_ups(decision, spoken, clock)]
    if decision.illustrative:
        lead = parts[0]
        parts[0] = Text(f"示范规则(不代表现行规定):{lead.zh}", f"Illustrative rule (not the law): {lead.en}")
        law = _under(decision.by_law, clock, stay)
        parts.append(Text(f"按所载正式通告:{law.zh}。", f"By the notices that are law: {law.en}."))
    elif differs:
        other = _under(decision.outcome, clock, stay)
        parts.append(
            Text(
                f"若计入示范规则(不代表现行规定):{other.zh}。",
                f"With the illustrative rules (not the law): {other.en}.",
            )
        )
    parts += _exceptions(answer, snapshot)
    return Text("".join(part.zh for part in parts), " ".join(part.en for part in parts))


def _next(outcome: Outcome) -> tuple[object, ...]:
    """The times that a summary speaks of."""
    return (outcome.holds_until, outcome.next_allowed[:1] if outcome.verdict is not Verdict.ALLOWED else ())


def _under(outcome: Outcome, clock: Clock, stay: int) -> Text:
    """A verdict and until when, in a few words."""
    until = _until(outcome, clock, stay)
    return Text(f"{VERDICTS[outcome.verdict].zh}{until.zh}", f"{VERDICTS[outcome.verdict].en}{until.en}")


def _until(outcome: Outcome, clock: Clock, stay: int = 0) -> Text:
    """Until when the verdict holds; for a stay, which entries get it."""
    if outcome.holds_until is None:
        return Text(",14天内无变化", ", no change within 14 days")
    last = outcome.holds_until - 1
    if stay and last % 60 == 0:
        # The entry that just fits: the second after it does not.
        words = clock.words(last)
        return Text(f",最迟{words.zh}进入亦然", f" for entry at {words.en} at the latest")
    words = clock.words(outcome.holds_until)
    if stay:
        return Text(f",{words.zh}前进入均如此", f" for entry before {words.en}")
    return Text(f",至{words.zh}", f" until {words.en}")


def _lead(answer: Answer, spoken: Outcome, clock: Clock) -> Text:
    decision = answer.decision
    if decision.verdict is Verdict.UNDETERMINED:
        return _undetermined(answer, spoken, clock)
    until = _until(spoken, clock, answer.ask.stay_minutes)
    stay = _stay(answer, clock)
    if decision.verdict is Verdict.PROHIBITED:
        why = _why_prohibited(answer)
        return Text(f"{stay.zh}禁止通行{until.zh}:{why.zh}。", f"{stay.en}Prohibited{until.en}: {why.en}.")
    why, gaps = _why_allowed(answer), _gaps(decision)
    return Text(
        f"{stay.zh}所载通告未禁止{until.zh}{why.zh}{gaps.zh}。",
        f"{stay.en}Not prohibited by the notices on record{until.en}{why.en}{gaps.en}.",
    )


def _gaps(decision: Decision) -> Text:
    """That notices may be missing from a city's record: a permission must not be read aloud without it."""
    names = [name_of(gap) for gap in _GAPS if gap in decision.assumed]
    return Text("".join(f"({name.zh})" for name in names), "".join(f" ({name.en})" for name in names))


def _stay(answer: Answer, clock: Clock) -> Text:
    """For a stay, what the verdict is about."""
    if answer.decision.stay is None:
        return Text("", "")
    start, end = clock.words(answer.at), clock.words(answer.at + answer.ask.stay_minutes * 60)
    return Text(
        f"{start.zh}进入、停留至{end.zh}:",
        f"Entering at {start.en} and staying until {end.en}: ",
    )


def _why_prohibited(answer: Answer) -> Text:
    standing = [ground for ground in answer.decision.grounds if ground.state is State.STANDS]
    if not standing:
        return Text(
            "无论所缺事实或确切位置如何,均有限制适用",
            "whatever the missing facts or the exact position are, a restriction applies",
        )
    # The article that holds longest explains the time that is spoken best.
    standing.sort(key=lambda ground: -(ground.window.end if ground.window else 2 * MINUTES_A_DAY))
    cited = _cited(standing[0].restriction, answer.rulebook)
    lesson = _lesson(standing)
    if len(standing) == 1:
        return Text(cited.zh + lesson.zh, cited.en + lesson.en)
    more = len(standing) - 1
    return Text(f"{cited.zh};另有{more}条{lesson.zh}", f"{cited.en}; and {more} more{lesson.en}")


def _why_allowed(answer: Answer) -> Text:
    """The exemption relied on with its conditions; where nothing applies, what that rests on."""
    lifted = [ground for ground in answer.decision.grounds if ground.lifted_by]
    if not lifted or answer.rulebook is None:
        paraphrased = any(each.restriction.wording.kind == "paraphrase" for each in answer.decision.considered)
        return _PARAPHRASED if paraphrased else Text("", "")
    relied_on = lifting_first(answer.rulebook, lifted[0])
    text, conditions = relied_on.wording.text, answer.decision.conditions
    zh, en = f":{text.zh}", f": {text.en}"
    if conditions:
        zh += f"(条件:{';'.join(each.zh for each in conditions)})"
        en += f" (provided: {'; '.join(each.en for each in conditions)})"
    # An illustrative notice has no wording that could have been seen.
    if relied_on.wording.kind == "paraphrase" and not answer.rulebook.notice(relied_on.notice).illustrative:
        zh, en = zh + _PARAPHRASED.zh, en + _PARAPHRASED.en
    return Text(zh, en)


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


def _lesson(standing: list[Ground]) -> Text:
    if all(ground.educates for ground in standing):
        return Text("(教育期,暂不处罚)", " (education period, no fine yet)")
    return Text("", "")


def _undetermined(answer: Answer, spoken: Outcome, clock: Clock) -> Text:
    decision = answer.decision
    until = _until(spoken, clock, answer.ask.stay_minutes)
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
        first, last = answer.rulebook.city.record_from, answer.rulebook.city.record_until
        if last is not None and clock.local(decision.decided_for).date() > last:
            return Text(
                f"无法确定:晚于本市记录的截止日{last.year}年{last.month}月{last.day}日,其后的通告未收录。",
                f"Undetermined: the city's record ends with {last}; later notices were not seen.",
            )
        return Text(
            f"无法确定:早于本市记录的起始日{first.year}年{first.month}月{first.day}日。",
            f"Undetermined: the city's record begins on {first}.",
        )
    if decision.reason is Reason.OUTSIDE_COVERAGE:
        return Text(f"无法确定:{reason.zh}。", f"Undetermined: {reason.en}.")
    return Text(f"无法确定{until.zh}:{reason.zh}。", f"Undetermined{until.en}: {reason.en}.")


def _nearest_edge(answer: Answer) -> Text:
    """How near the edge is that leaves it open."""
    open_hits = [hit for hit in answer.hits if not hit.certain and hit.distance_m is not None]
    if not open_hits or not isinstance(answer.ask.place, PointAsk):
        return Text("", "")
    nearest = min(open_hits, key=lambda hit: hit.distance_m or 0.0)
    metres = round(nearest.distance_m or 0.0)
    return Text(f"(距最近的区域边界约{metres}米)", f" (about {metres} m from the nearest zone edge)")


def _follow_ups(decision: Decision, spoken: Outcome, clock: Clock) -> list[Text]:
    parts = []
    if decision.as_drawn is not None and decision.as_drawn is not decision.verdict:
        name = VERDICTS[decision.as_drawn]
        parts.append(Text(f"若图形与定位精确,则为{name.zh}。", f"If shapes and position were exact: {name.en}."))
    if decision.stay is not None and decision.verdict is not Verdict.ALLOWED:
        name = VERDICTS[decision.stay.enter_and_leave]
        parts.append(Text(f"若停放期间不行驶:{name.zh}。", f"If it stays parked in between: {name.en}."))
    if decision.verdict is not Verdict.ALLOWED and spoken.next_allowed:
        parts.append(_next_words(decision, spoken, clock))
    return parts


def _next_words(decision: Decision, spoken: Outcome, clock: Clock) -> Text:
    """When the vehicle may enter next; for a stay the last entry is named, not the second after it."""
    first = spoken.next_allowed[0]
    start = clock.words(first.start)
    if first.end is None:
        return Text(f"{start.zh}起所载通告未禁止。", f"Not prohibited from {start.en}.")
    if decision.stay is not None:
        last = clock.words(first.end - 1)
        return Text(f"{start.zh}起至{last.zh}进入,所载通告未禁止。", f"Not prohibited for entry {start.en}-{last.en}.")
    end = clock.words(first.end)
    return Text(f"{start.zh}起至{end.zh}所载通告未禁止。", f"Not prohibited {start.en}-{end.en}.")


def _exceptions(answer: Answer, snapshot: Snapshot) -> list[Text]:
    """The zones inside or across the one asked for whose verdict differs, largest first; parts of one go unnamed."""
    parts = []
    for verdict in sorted({each.verdict for each in answer.exceptions}):
        keys = {each.zone for each in answer.exceptions if each.verdict is verdict}
        zones = [snapshot.zone(key) for key in sorted(keys) if not keys & snapshot.index.ancestors(key)]
        zones.sort(key=lambda zone: -zone.shape.area)
        names_zh, names_en = ([each.name_zh for each in zones], [each.name_en for each in zones])
        more = len(zones) > _MOST_NAMES
        parts.append(
            Text(
                "、".join(names_zh[:_MOST_NAMES]) + ("等" if more else "") + VERDICTS[verdict].zh,
                f"{VERDICTS[verdict].en} on {', '.join(names_en[:_MOST_NAMES])}" + (" and others" if more else ""),
            )
        )
    if not parts:
        return []
    return [Text(f"例外:{';'.join(each.zh for each in parts)}。", f"Except: {'; '.join(each.en for each in parts)}.")]
