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
# # Who links whom?
#
# A firm of three people knocks on the nearest door. Whether its question reaches somebody who can answer it depends on
# the people who know more than one place. How many are they, which places do they join, and is that changing?
#
# Everything here may be published: what rests on too few people is missing, and nobody is named. `make run` makes the
# demo's region; any other home with places works as well.

# %%
import matplotlib.pyplot as plt
import networkx as nx
import pandas as pd
from matplotlib.patheffects import withStroke

from analytics import open_network

net = open_network(published=True)
week = net.week()
report = week.report()
print(f"{week}, the last of {len(net.weeks())} weeks")

# %% [markdown]
# ## Which places share people
#
# Two places are joined by the people who were at both of them in 13 weeks. Pairs with fewer people than the threshold
# are not listed, so a missing pair says "few", never "none". The map draws the three strongest links of each place.

# %%
places = {row.name: row for row in report.places.rows}
links = pd.DataFrame(
    [(each.a, each.b, int(each.people.value)) for each in report.places.links], columns=["a", "b", "people"]
)
few = report.places.hidden_links
print(f"{len(links)} pairs of places share people; {few} more share fewer than {report.threshold_people}.")
for first in links.head(1).itertuples():
    print(f"Most of all {first.a} and {first.b}: {first.people} people.")

# %%
spot = {name: (row.longitude, row.latitude) for name, row in places.items()}
if any(None in each for each in spot.values()):  # places without an address are set by what links them
    joined = nx.Graph()
    joined.add_nodes_from(places)
    joined.add_weighted_edges_from(links.itertuples(index=False, name=None))
    spot = nx.spring_layout(joined, seed=1)

ends = pd.concat([links, links.rename(columns={"a": "b", "b": "a"})])
strongest = ends.sort_values("people", ascending=False).groupby("a").head(3)
figure, axes = plt.subplots(figsize=(9, 7))
for a, b, people in strongest.itertuples(index=False):
    (left, right), width = zip(spot[a], spot[b], strict=True), 7 * people / links["people"].max()
    axes.plot(left, right, color="#7fa4b3", linewidth=width, solid_capstyle="round", zorder=1)
for name, (x, y) in spot.items():
    axes.scatter(x, y, s=3 * (places[name].members.value or 4), color="#0b5c7a", edgecolor="white", zorder=2)
    label = axes.annotate(name, (x, y), xytext=(0, 14), textcoords="offset points", ha="center", fontsize=9, zorder=3)
    label.set_path_effects([withStroke(linewidth=3, foreground="white")])
axes.set_title("The wider the line, the more people two places share", loc="left")
axes.set_axis_off()

# %% [markdown]
# ## How few people hold it together
#
# A tie between two people of different places is a bridge. If half of the bridges end at few people, the network leans
# on them: holidays or a new job would be felt.

# %%
half, beyond, linking = (getattr(report.places, each).value for each in ("half", "beyond", "linking"))
if half and beyond:
    print(f"{beyond:.0f} people have a tie beyond their own place, {linking:.0f} of them to two other places or more.")
    print(f"Half of all pairs between places rest on {half:.0f} of them: {half / beyond:.0%}.")
    print(f"If all of them had equally many, it would be {beyond / 2:.0f}: the difference is what hangs on few.")

# %% [markdown]
# These are counts, not a sample, so they have no interval. What they can't tell is how many ties nobody recorded.
#
# ## More than by chance?
#
# People of one place meet each other first; that is what a place is for. The question is how far. Each value counts
# encounters across a border in standard deviations from what chance would give to the same people: between −2 and 2 it
# is chance.

# %%
CHANCE = 2
found = {each.metric: each for finding in report.findings for each in finding.measures if not each.subject}
borders = {
    "porosity_place": "between places",
    "porosity_public": "between publics",
    "porosity_country": "between countries",
}
for metric, border in borders.items():
    score = found[metric].value.value if metric in found else None
    if score is not None:
        words = (
            "as often as by chance"
            if abs(score) < CHANCE
            else "less than by chance"
            if score < 0
            else "more than by chance"
        )
        print(f"{border:18} people meet {words} ({score:+.1f}; {found[metric].people.value:.0f} people)")

# %% [markdown]
# ## Is it changing?
#
# The report's own chart: members seen away from their place, each week. The band is what varies anyway; only a point
# outside it, or eight weeks on one side, says that something has changed.

# %%
away = week.metric("visitors").xmr()
print(f"{away.week}: {away.verdict.replace('_', ' ')}")
away.plot()

# %% [markdown]
# ## How do you know?

# %%
net.why("places.beyond")
