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
# # One place's year
#
# What would you tell the board of one place about its year? Not a rank: a place is good at some things, and small
# numbers make big differences look certain. This notebook follows one place through 52 weeks, with intervals, and holds
# it against the middle of all places.
#
# Everything here may be published. `make run` makes the demo's region. Put in another name to read about another place.

# %%
import matplotlib.pyplot as plt
import pandas as pd

from analytics import open_network

net = open_network(published=True)
week = net.week()
report = week.report()
print(f"{week}, the last of {len(net.weeks())} weeks")

# %%
name = report.places.rows[0].name
row = next(each for each in report.places.rows if each.name == name)
told = {
    "people": row.members,
    "workshops": row.workshops,
    "requests": row.requests,
    "people also seen elsewhere": row.shared,
}
print(f"{name}, {row.country}, in 13 weeks:")
for what, cell in told.items():
    print(f"  {cell.text('en')} {what}")

# %% [markdown]
# ## Its profile, with what can't be told
#
# Each figure has an interval, and from all the intervals together follow the ranks that the place may have. A wide
# range of ranks says that the places can't be told apart; it does not say that the place is in the middle.

# %%
profile = {
    each.metric: each
    for finding in report.findings
    if finding.name == "profiles"
    for each in finding.measures
    if each.subject == name
}
titles = {
    "place_answered": "requests answered",
    "place_breadth": "breadth of skills",
    "place_porosity": "encounters with other places (1 = chance)",
}
for metric, title in titles.items():
    value, ranks = profile.get(metric), profile.get(f"{metric}_rank")
    if value and value.value.value is not None and value.interval:
        low, high = value.interval.low, value.interval.high
        rank = (
            f"; ranks {ranks.interval.low:.0f} to {ranks.interval.high:.0f} are possible"
            if ranks and ranks.interval
            else ""
        )
        print(f"{title}: {value.value.value:.2f} ({low:.2f} to {high:.2f}){rank}")

# %% [markdown]
# ## The year
#
# The line is the place with its interval of 90 %, the dashes are the middle of the other places. Where the band holds
# the dashes, nothing sets the place apart. Each point looks back over many weeks, so neighbours resemble each other: a
# slow bend means something, a wiggle does not.


# %%
def year(metric: str, subject: str) -> pd.DataFrame:
    """Return one place's last 52 weeks of a metric with the median of the others."""
    values = net.metric(metric)
    values = values[values["week"] > values["week"].max() - pd.Timedelta(weeks=52)]
    own = values[values["subject"] == subject].set_index("week")[["value", "low", "high"]]
    return own.assign(others=values[values["subject"] != subject].groupby("week")["value"].median())


place = net.places().set_index("name").loc[name, "place"]
figure, panels = plt.subplots(len(titles), 1, figsize=(9, 7.5), sharex=True)
for axes, (metric, title) in zip(panels, titles.items(), strict=True):
    own = year(metric, place)
    axes.fill_between(own.index, own["low"], own["high"], color="#d9e8ee", linewidth=0)
    axes.plot(own.index, own["value"], color="#0b5c7a", linewidth=1.8)
    axes.plot(own.index, own["others"], color="#54606f", linewidth=1, linestyle="--")
    axes.margins(y=0.25)
    axes.set_title(title, loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
figure.suptitle(f"{name}: the line and its interval; dashed, the middle of the other places", x=0.01, ha="left")
figure.tight_layout()

# %%
for metric, title in titles.items():
    own = year(metric, place).dropna()
    apart = ((own["low"] > own["others"]) | (own["high"] < own["others"])).mean()
    print(f"{title}: in {apart:.0%} of {len(own)} weeks the interval leaves out the middle of the others")

# %% [markdown]
# ## With whom
#
# The people whom it shares with other places. Pairs with fewer than the threshold are left out.

# %%
with_whom = pd.Series(
    {
        each.b if each.a == name else each.a: each.people.value
        for each in report.places.links
        if name in (each.a, each.b)
    },
    name="people in common",
    dtype="Int64",
)
print(f"{name} shares people with {len(with_whom)} of {len(report.places.rows) - 1} places")
with_whom.sort_values(ascending=False).head(5).to_frame()

# %% [markdown]
# ## The setting
#
# A place lives with its network: if people stayed away everywhere, its own quiet weeks would say little about it.

# %%
active = week.metric("active_members").xmr()
print(f"Active members of the whole network: {active.verdict.replace('_', ' ')}")
active.plot()

# %% [markdown]
# ## How do you know?

# %%
net.why(f"place_answered.{name}.value")
