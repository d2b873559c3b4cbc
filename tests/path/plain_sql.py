"""What each report says, asked of the tables themselves: SQL written by hand, which knows nothing of how reports are counted."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from inbox.store.unit import Unit

TEHRAN = 12_600_000_000
"""Microseconds: the zone has had no summer time since 2022."""
DAY = 86_400_000_000
Rows = list[tuple[Any, ...]]


def day(column: str) -> str:
    """The local day of an instant, as a number."""
    return f"(({column} + {TEHRAN}) / {DAY})"


def minutes(seconds: str) -> str:
    """Seconds in whole minutes, rounded up, from a hundred on to two digits."""
    whole = f"((CAST({seconds} AS INTEGER) + ({seconds} > CAST({seconds} AS INTEGER)) + 59) / 60)"
    steps = "".join(
        f" WHEN {whole} < {100 * step} THEN ({whole} + {step - 1}) / {step} * {step}"
        for step in (1, 10, 100, 1_000, 10_000)
    )
    return f"(CASE{steps} END)"


@dataclass
class Plain:
    """One question after the other. `only`: a condition on conversations `c`, with its parameters."""

    unit: Unit
    since: date
    until: date
    only: str = "1"
    values: dict[str, object] = field(default_factory=dict)
    working: bool = False
    now: int = 0

    def ask(self, sql: str) -> Rows:
        """`matter`: the conversations that are counted, with the day on which they began."""
        head = (
            f"WITH matter AS (SELECT c.*, {day('c.opened_at')} AS began FROM conversation c WHERE NOT c.history"
            f" AND c.state <> 'spam' AND c.merged_into_id IS NULL AND {self.only}) "
        )
        first, last = ((one - date(1970, 1, 1)).days for one in (self.since, self.until))
        values = {"since": first, "until": last, "now": self.now, **self.values}
        used = {name: value for name, value in values.items() if f":{name}" in head + sql}
        return [tuple(row) for row in self.unit.execute(sa.text(head + sql), used)]

    # -- durations -----------------------------------------------------------------------------------------------------
    def waits(self, metric: str, ended: str = "reply") -> str:
        """SELECT of (day, v, agent): the waits of a metric; v in minutes."""
        took = "k.worked_seconds" if self.working else "((k.stopped_at - k.started_at) / 1000000.0)"
        began = "m.began" if metric != "next_reply" else day("k.started_at")
        extra = " AND m.state = 'done'" if ended == "done" else ""
        return (
            f"SELECT {began} AS day, {minutes(took)} AS v, coalesce(s.agent_id, 0) AS agent, m.team_id AS team FROM clock k"
            " JOIN matter m ON m.id = k.conversation_id LEFT JOIN message s ON s.id = CAST(k.reply AS INTEGER) AND k.reply <> ''"
            f" WHERE k.metric = '{metric}' AND k.ended = '{ended}' AND {took} IS NOT NULL{extra}"
        )

    def spread(self, of: str, by: str = "0") -> Rows:
        """(by, n, p50 and p90 in seconds) of what a SELECT gives as `v` on a `day`."""
        return self.ask(
            f"SELECT g, n, max(v * 60) FILTER (WHERE r = (n + 1) / 2), max(v * 60) FILTER (WHERE r = (9 * n + 9) / 10) FROM ("
            f"SELECT {by} AS g, v, row_number() OVER (PARTITION BY {by} ORDER BY v) AS r, count(*) OVER (PARTITION BY {by}) AS n"
            f" FROM ({of}) WHERE day >= :since AND day < :until) GROUP BY g, n ORDER BY g"
        )

    def classes(self, of: str) -> Rows:
        """How many up to each bound."""
        return self.ask(
            "SELECT CASE WHEN v <= 15 THEN 0 WHEN v <= 60 THEN 1 WHEN v <= 240 THEN 2 WHEN v <= 480 THEN 3 WHEN v <= 1440 THEN 4"
            f" WHEN v <= 4320 THEN 5 ELSE 6 END AS class, count(*) FROM ({of}) WHERE day >= :since AND day < :until"
            " GROUP BY class ORDER BY class"
        )

    def sides(self, side: str) -> str:
        """Who waited in what is done: for us (all reply clocks together), or for the customer (all times in `waiting`)."""
        took = "k.worked_seconds" if self.working else "(k.stopped_at - k.started_at) / 1000000.0"
        ours = f"SELECT sum({took}) FROM clock k WHERE k.conversation_id = m.id AND k.metric IN ('first_reply', 'next_reply')"
        theirs = (
            "SELECT coalesce(sum(coalesce((SELECT min(n.at) FROM event n WHERE n.conversation_id = m.id AND n.kind = 'state_set'"
            " AND n.version > e.version AND json_extract(n.payload, '$.state') <> 'waiting'), m.done_at) - e.at), 0) / 1000000.0"
            " FROM event e WHERE e.conversation_id = m.id AND e.kind = 'state_set' AND json_extract(e.payload, '$.state') = 'waiting'"
            " AND coalesce((SELECT json_extract(b.payload, '$.state') FROM event b WHERE b.conversation_id = m.id AND"
            " b.kind = 'state_set' AND b.version < e.version ORDER BY b.version DESC LIMIT 1), 'open') <> 'waiting'"
        )
        chosen = ours if side == "ours" else theirs
        return (
            f"SELECT began AS day, {minutes('w')} AS v FROM (SELECT m.began, ({chosen}) AS w FROM matter m WHERE m.state = 'done')"
            " WHERE w IS NOT NULL"
        )

    # -- what was owed -------------------------------------------------------------------------------------------------
    def promises(self, by: str = "0") -> Rows:
        """(by, kept, late, withdrawn, not due)."""
        late = "p.state = 'late' OR (p.state = 'open' AND p.due_at < :now)"
        return self.ask(
            f"SELECT {by}, sum(p.state = 'kept'), sum({late}), sum(p.state = 'withdrawn'), sum(p.state = 'open' AND p.due_at >= :now)"
            " FROM promise p JOIN matter m ON m.id = p.conversation_id WHERE p.kind = 'answer' AND p.replaces_id IS NULL"
            f" AND {day('p.due_at')} >= :since AND {day('p.due_at')} < :until GROUP BY 1 ORDER BY 1"
        )

    def targets(self, by: str) -> Rows:
        """(by, met, missed) of the clocks that are decided."""
        urgent = (
            "coalesce((SELECT json_extract(e.payload, '$.priority') FROM event e WHERE e.conversation_id = k.conversation_id AND"
            " e.kind = 'priority_set' AND (k.stopped_at IS NULL OR e.at <= k.stopped_at) ORDER BY e.version DESC LIMIT 1), 'normal')"
        )
        met = "k.ended = CASE k.metric WHEN 'resolution' THEN 'done' ELSE 'reply' END"
        began = day("k.started_at")
        return self.ask(
            f"SELECT {by}, sum(ok), sum(1 - ok) FROM (SELECT k.metric, {urgent} AS priority, {began} AS day, k.breached_at IS NULL AS ok,"
            f" m.contract_id AS contract FROM clock k JOIN matter m ON m.id = k.conversation_id WHERE k.due_at IS NOT NULL AND (k.breached_at IS NOT NULL OR {met}))"
            " WHERE day >= :since AND day < :until GROUP BY 1 ORDER BY 1"
        )

    # -- how much ------------------------------------------------------------------------------------------------------
    def contracted(self) -> Rows:
        """Contract, how many conversations began under it."""
        began = "m.began >= :since AND m.began < :until"
        return self.ask(
            f"SELECT a.name, count(*) FROM matter m JOIN contract a ON a.id = m.contract_id WHERE {began} GROUP BY 1"
        )

    def backlog(self, on: date) -> Rows:
        """(state, age in days, how many) at the end of a day."""
        end = (on - date(1970, 1, 1)).days
        state = (
            "coalesce((SELECT json_extract(e.payload, '$.state') FROM event e WHERE e.conversation_id = m.id AND e.kind = 'state_set'"
            f" AND {day('e.at')} <= {end} ORDER BY e.version DESC LIMIT 1), 'open')"
        )
        return self.ask(
            f"SELECT s, {end} - began, count(*) FROM (SELECT {state} AS s, m.began FROM matter m WHERE m.began <= {end})"
            " WHERE s IN ('open', 'waiting', 'snoozed') GROUP BY 1, 2"
        )

    def opened(self, by: str = "began") -> Rows:
        """(by, how many began)."""
        return self.ask(
            f"SELECT {by}, count(*) FROM matter m WHERE began >= :since AND began < :until GROUP BY 1 ORDER BY 1"
        )

    def done(self, by: str | None = None) -> Rows:
        """(by, how many were done and are)."""
        on = day("m.done_at")
        return self.ask(
            f"SELECT {by or on}, count(*) FROM matter m WHERE m.state = 'done' AND {on} >= :since AND {on} < :until GROUP BY 1 ORDER BY 1"
        )

    def received(self) -> Rows:
        """(weekday with Monday as 0, hour, messages of people)."""
        at = "(CAST(strftime('%s', json_extract(e.payload, '$.received_at')) AS INTEGER) + 12600)"
        return self.ask(
            f"SELECT ({at} / 86400 + 3) % 7, {at} % 86400 / 3600, count(*) FROM event e JOIN matter m ON m.id = e.conversation_id"
            f" WHERE e.kind = 'received' AND json_extract(e.payload, '$.automatic') IS NULL AND {at} / 86400 >= :since"
            f" AND {at} / 86400 < :until GROUP BY 1, 2"
        )

    def switched(self) -> Rows:
        """(channel, conversations in which the customer wrote over another one, too)."""
        return self.ask(
            "SELECT m.channel, sum(EXISTS (SELECT 1 FROM message s WHERE s.conversation_id = m.id AND s.direction = 'inbound'"
            " AND s.channel <> m.channel)) FROM matter m WHERE began >= :since AND began < :until GROUP BY 1"
        )

    # -- people --------------------------------------------------------------------------------------------------------
    def scores(self, kind: str, by: str = "0") -> Rows:
        """(by, score, how many)."""
        on = day("s.rated_at")
        return self.ask(
            f"SELECT {by}, s.score, count(*) FROM survey s JOIN matter m ON m.id = s.conversation_id WHERE s.kind = '{kind}'"
            f" AND s.score IS NOT NULL AND {on} >= :since AND {on} < :until GROUP BY 1, 2"
        )

    def asked(self, kind: str) -> Rows:
        """(asked, answered)."""
        on = day("s.asked_at")
        return self.ask(
            "SELECT count(*), coalesce(sum(s.score IS NOT NULL), 0) FROM survey s JOIN matter m ON m.id = s.conversation_id"
            f" WHERE s.kind = '{kind}' AND {on} >= :since AND {on} < :until"
        )

    @property
    def _replied(self) -> str:
        """Replies that were not taken back."""
        return (
            f"SELECT e.*, {day('e.at')} AS day, json_extract(e.payload, '$.agent') AS agent FROM event e WHERE e.kind = 'replied'"
            " AND NOT EXISTS (SELECT 1 FROM event f WHERE f.conversation_id = e.conversation_id AND f.kind = 'delivery_settled'"
            " AND json_extract(f.payload, '$.message') = json_extract(e.payload, '$.message')"
            " AND json_extract(f.payload, '$.state') IN ('failed', 'cancelled', 'dropped'))"
        )

    def replies(self, by: str) -> Rows:
        """(by, replies)."""
        return self.ask(
            f"SELECT {by}, count(*) FROM ({self._replied}) e JOIN matter m ON m.id = e.conversation_id"
            " WHERE day >= :since AND day < :until GROUP BY 1"
        )

    def handled(self) -> Rows:
        """(agent, conversations that they answered first in the period)."""
        return self.ask(
            f"SELECT agent, count(*) FROM (SELECT e.conversation_id, agent, min(day) AS day FROM ({self._replied}) e"
            " GROUP BY 1, 2) e JOIN matter m ON m.id = e.conversation_id WHERE day >= :since AND day < :until GROUP BY 1"
        )

    def quality(self) -> Rows:
        """(done after one reply, of the done and answered; opened again within a week, of those ever done; moved, of those in a
        team)."""
        done = "SELECT count(*) FROM event e WHERE e.conversation_id = m.id AND e.kind = 'state_set' AND json_extract(e.payload, '$.state') = 'done'"
        again = (
            "SELECT count(*) FROM event d JOIN event o ON o.conversation_id = d.conversation_id AND o.version = (SELECT min(n.version)"
            " FROM event n WHERE n.conversation_id = d.conversation_id AND n.kind = 'state_set' AND n.version > d.version)"
            " WHERE d.conversation_id = m.id AND d.kind = 'state_set' AND json_extract(d.payload, '$.state') = 'done'"
            f" AND json_extract(o.payload, '$.state') = 'open' AND o.at - d.at <= 7 * {DAY}"
        )
        later = (
            "SELECT json_extract(e.payload, '$.team') AS team, e.version FROM event e WHERE e.conversation_id = m.id"
            " AND e.kind = 'team_set' AND json_extract(e.payload, '$.team') IS NOT NULL AND e.at > m.opened_at"
        )
        first = (
            "coalesce((SELECT json_extract(e.payload, '$.team') FROM event e WHERE e.conversation_id = m.id AND e.kind = 'team_set'"
            f" AND e.at = m.opened_at ORDER BY e.version DESC LIMIT 1), (SELECT team FROM ({later}) ORDER BY version LIMIT 1))"
        )
        return self.ask(
            "SELECT sum(m.state = 'done' AND r = 1), sum(m.state = 'done' AND r > 0), sum(again > 0), sum(over > 0), sum(other > 0),"
            f" sum(first IS NOT NULL) FROM (SELECT m.*, (SELECT count(*) FROM ({self._replied}) e WHERE e.conversation_id = m.id) AS r,"
            f" ({done}) AS over, ({again}) AS again, {first} AS first, (SELECT count(*) FROM ({later}) WHERE team <> {first}) AS other"
            " FROM matter m WHERE began >= :since AND began < :until) m"
        )

    # -- what for ------------------------------------------------------------------------------------------------------
    def rules(self) -> Rows:
        """(rule, assigned, kept, priority set, corrected)."""
        on = day("e.at")
        by_people = "FROM event l WHERE l.conversation_id = e.conversation_id AND l.version > e.version AND l.actor_kind = 'agent'"

        def other(kind: str, name: str) -> str:
            return (
                f"EXISTS (SELECT 1 {by_people} AND l.kind = '{kind}' AND json_extract(l.payload, '$.{name}')"
                f" IS NOT json_extract(e.payload, '$.{name}'))"
            )

        given = (
            "EXISTS (SELECT 1 FROM event a WHERE a.conversation_id = e.conversation_id AND a.kind = 'assigned' AND a.at = e.at"
            " AND a.actor_kind = 'rule' AND a.actor_name = e.actor_name AND json_extract(a.payload, '$.agent') IS NOT NULL)"
        )
        made = (
            "(e.kind = 'assigned' AND json_extract(e.payload, '$.agent') IS NOT NULL) OR"
            f" (e.kind = 'team_set' AND json_extract(e.payload, '$.team') IS NOT NULL AND NOT {given})"
        )
        left = f"CASE e.kind WHEN 'assigned' THEN NOT {other('assigned', 'agent')} ELSE NOT {other('team_set', 'team')} END"
        return self.ask(
            f"SELECT rule, sum(made), sum(made AND stayed), sum(urgent), sum(urgent AND changed) FROM (SELECT e.actor_name AS rule,"
            f" ({made}) AS made, ({left}) AS stayed, e.kind = 'priority_set' AS urgent, {other('priority_set', 'priority')} AS changed"
            f" FROM event e JOIN matter m ON m.id = e.conversation_id WHERE e.actor_kind = 'rule' AND {on} >= :since AND {on} < :until"
            " AND e.kind IN ('assigned', 'team_set', 'priority_set')) WHERE made OR urgent GROUP BY rule ORDER BY rule"
        )

    def articles(self) -> Rows:
        """(article, kind, how often)."""
        sql = "SELECT a.slug, n.kind, sum(n.count) FROM article_count n JOIN article a ON a.id = n.article_id"
        period = f" WHERE n.day >= '{self.since.isoformat()}' AND n.day < '{self.until.isoformat()}' GROUP BY 1, 2"
        return self.ask(sql + period)

    def tags(self) -> Rows:
        """(tag, conversations that began)."""
        return self.ask(
            "SELECT j.value, count(*) FROM matter m, json_each(m.tags) j WHERE began >= :since AND began < :until GROUP BY 1"
            " ORDER BY 2 DESC, 1"
        )

    def newest(self, tag: str) -> list[str]:
        """The three newest of a tag."""
        self.values["given"] = tag
        rows = self.ask(
            "SELECT m.reference FROM matter m WHERE EXISTS (SELECT 1 FROM json_each(m.tags) j WHERE j.value = :given)"
            " AND began >= :since AND began < :until ORDER BY m.id DESC LIMIT 3"
        )
        return [row[0] for row in rows]
