"""The sums behind the metrics as one would type them at the database's prompt: no scope, no rates, no parents."""

from collections.abc import Mapping

BARE: Mapping[str, str] = {
    # who paid when the period began and ended, what they paid, and the lesser of both
    "revenue by account: NRR, GRR, MRR, churn": """
        select currency, sum(opening), sum(closing), sum(opening > 0), sum(closing > 0),
            sum(opening > 0 and closing > 0), sum(min(opening, closing)), sum(case when opening > 0 then closing end)
        from (
            select account, currency, sum(delta) as closing,
                sum(case when day < :first then delta else 0 end) as opening
            from revenue_changes where day <= :last and known_on <= :today group by account, currency
        ) group by currency""",
    # each change beside what was paid before it, told apart
    "movements by day: growth, quick ratio": """
        select currency,
            sum(case when before = 0 and not old then delta end), sum(case when before = 0 and old then delta end),
            sum(case when before > 0 and delta > 0 then delta end), sum(indexed),
            sum(case when before > 0 and delta < 0 and before + delta > 0 then delta end),
            sum(case when before > 0 and before + delta = 0 then delta end)
        from (
            select account, currency, day, delta, indexed,
                sum(delta) over (partition by account, currency order by day) - delta as before,
                row_number() over (partition by account, currency order by day) > 1 as old
            from (
                select account, currency, day, sum(delta) as delta,
                    sum(case when kind = 'indexation' then delta else 0 end) as indexed
                from revenue_changes where day <= :last and known_on <= :today group by account, currency, day
            )
        ) where day >= :first group by currency""",
    "terms that ended: renewal rate": """
        select old.currency, count(*), sum(old.annual), sum(min(old.annual, new.annual))
        from subscriptions old left join subscriptions new
            on new.subscription_id = old.subscription_id and new.starts_on = old.ends_on
        where old.ends_on between :first and :last group by old.currency""",
    # of each account how often it was renewed, and what its last contract pays
    "contracts that stand: CLV": """
        select segment, renewals, currency, count(*), sum(annual) from (
            select a.segment, old.account, old.currency, count(*) - 1 as renewals, max(old.ends_on) as ends_on,
                sum(case when new.starts_on is null then old.annual end) as annual
            from accounts a join subscriptions old on old.account = a.number
            left join subscriptions new
                on new.subscription_id = old.subscription_id and new.starts_on = old.ends_on and new.starts_on <= :last
            where old.starts_on <= :last group by old.account
        ) where ends_on > :last group by segment, renewals, currency""",
    "answers: NPS, CSAT, CES": """
        select kind, score, count(*) from surveys
        where answered_at >= :first and answered_at < :last group by kind, score""",
    "minutes and costs: retention cost, ratio": """
        select sum(minutes), (select sum(amount) from costs where month between :first and :last)
        from touches where at >= :first and at < :last""",
    "seats: licences": """
        select sum(seats), count(distinct account) from subscriptions where starts_on <= :last and ends_on > :last""",
    "users by account: licences, core features": """
        select sum(active), sum(features) from (
            select account, max(active_users) as active, count(distinct feature) as features from usage
            where day > :recent and day <= :last and known_on <= :last group by account
        )""",
    "orders by account: repeat purchase": """
        select sum(days > 1), count(*) from (
            select account, count(distinct ordered_on) as days from orders
            where ordered_on between :first and :last group by account
        )""",
    "milestones by account: funnel, time to value": """
        select count(acquired), count(activated), count(converted), avg(julianday(first_value) - julianday(acquired))
        from (
            select account, min(case when milestone = 'acquired' then reached_on end) as acquired,
                min(case when milestone = 'activated' then reached_on end) as activated,
                min(case when milestone = 'converted' then reached_on end) as converted,
                min(case when milestone = 'first_value' then reached_on end) as first_value
            from milestones where reached_on <= :today group by account
        ) where acquired between :first and :last""",
    "first payments: retained after a year": """
        select count(*) from (
            select account, min(day) as began from revenue_changes
            where delta > 0 and known_on <= :today group by account
        ) where began between :year_ago and :year_before""",
    "referrals": """
        select kind, count(*), count(distinct account) from referrals
        where introduced_on between :first and :last group by kind""",
    "outcomes": """
        select count(*), sum(achieved_on <= :today), sum(confirmed_on <= :today) from outcomes
        where due_on between :first and :last""",
}
