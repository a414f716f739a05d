# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Where is the gap?
#
# Somebody asks, nobody can answer: that is a gap. It shows in three ways, and each can mislead alone. Many ask and few
# can (the balance), those who ask wait (the answers), or nearly all of what is known sits with two people (the risk).
# A skill that shows in two of them is where a workshop pays.
#
# Everything here may be published. `make run` makes the demo's region.

# %%
import math

import matplotlib.pyplot as plt
import pandas as pd

from analytics import open_network

net = open_network(published=True)
week = net.week()
report = week.report()
print(f"{week}, the last of {len(net.weeks())} weeks")

# %% [markdown]
# ## Demand against supply
#
# Those who ask over those who can answer, on a scale on which 0 is balance and the interval is one of 90 %. Only where
# the whole interval lies above 0 does demand surely exceed supply.

# %%
measures = pd.DataFrame(
    [
        (
            each.metric,
            each.subject,
            each.value.value,
            *((each.interval.low, each.interval.high) if each.interval else (math.nan, math.nan)),
            each.people.value,
        )
        for finding in report.findings
        for each in finding.measures
    ],
    columns=["metric", "subject", "value", "low", "high", "people"],
)
gaps = measures[(measures["metric"] == "gap") & measures["value"].notna()].sort_values("value", ignore_index=True)
short = gaps[gaps["low"] > 0]
print(f"{len(short)} of the {len(gaps)} tightest skills are surely short: {', '.join(short['subject']) or 'none'}")
hidden = next((finding.hidden for finding in report.findings if finding.name == "gap"), 0)
print(f"{hidden} more are not shown: too few people ask, or one organisation dominates")

# %%
figure, axes = plt.subplots(figsize=(9, 0.5 * len(gaps) + 1.2))
for place, row in enumerate(gaps.itertuples()):
    colour = "#a5400a" if row.low > 0 else "#0b5c7a" if row.high < 0 else "#54606f"
    axes.plot([row.low, row.high], [place, place], color=colour, linewidth=2)
    axes.scatter(row.value, place, color=colour, s=50, zorder=3)
axes.axvline(0, color="#dfdcd4", zorder=0)
axes.set_yticks(range(len(gaps)), [f"{row.subject} ({row.people:.0f} ask)" for row in gaps.itertuples()])
axes.set_xlabel("more can than ask   ←   balance   →   more ask than can")
axes.set_title("Demand over supply, with 90 % intervals", loc="left")
axes.spines[["top", "right", "left"]].set_visible(False)
axes.tick_params(left=False)

# %% [markdown]
# ## Do those who ask get an answer?
#
# The share of requests still without an answer after 14 days. Requests that are open today count with the time that
# they have waited; leaving them out would flatter.

# %%
unmet = measures[(measures["metric"] == "unmet_share") & (measures["subject"] != "") & measures["value"].notna()]
table = gaps.merge(unmet, on="subject", suffixes=("", "_unmet"))[
    ["subject", "value", "value_unmet", "low_unmet", "high_unmet"]
]
table.columns = ["skill", "gap", "without an answer", "from", "to"]
table.sort_values("without an answer", ascending=False, ignore_index=True).round(2)

# %%
soon = week.metric("answered_soon").iloc[0]
print(f"Over all skills {soon['value']:.0%} of the requests are answered within 14 days,")
print(f"{soon['low']:.0%} to {soon['high']:.0%} with 95 % certainty; {soon['n']} people asked.")
week.metric("requests").xmr().plot()

# %% [markdown]
# ## What hangs on few people
#
# How few people hold half of all that shows a skill. It never says who.

# %%
fragile = measures[(measures["metric"] == "absence_factor") & measures["value"].notna()].sort_values("value")
for row in fragile.head(5).itertuples():
    print(f"{row.subject}: half of it hangs on {row.value:.0f} people, of {row.people:.0f}")
both = sorted(set(fragile["subject"]) & set(gaps["subject"]))
print(f"Tight and fragile at once, among those listed: {', '.join(both) or 'none'}")

# %% [markdown]
# ## So, what would you teach?
#
# Skills that are asked for and that few can give, those with fewest people a request first.

# %%
rare = pd.DataFrame(
    [(each.skill, each.requests.value, each.holders.value, each.holders.mark) for each in report.skills.rare],
    columns=["skill", "requests in 13 weeks", "people who can", "mark"],
)
rare

# %% [markdown]
# "suppressed" stands for fewer people than may be shown: it is a small number, not an unknown one.
#
# ## How do you know?

# %%
net.why(f"gap.{gaps.iloc[-1]['subject']}.value") if len(gaps) else net.why("waiting.total")
