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
# # Who links the network?
#
# A firm of three people knocks on the nearest door. Whether its question reaches somebody who can answer it depends on
# a few people who know several places. This notebook finds out how much hangs on them, on the demo's region
# (`make run` first). Pseudonyms stay pseudonyms: this is for who may see members at all, and none of it is for print.

# %%
import networkx as nx
import pandas as pd

from analytics import open_network

net = open_network()
week = net.week()
print(f"{week}, the last of {len(net.weeks())} weeks")

# %% [markdown]
# ## Who answers whom
#
# An edge leads from who asked to who answered, over the last 13 weeks; an answer counts half after six weeks.

# %%
help_given = week.graph(layer="help")
home = net.sql("SELECT member, place, country FROM member").set_index("member")
ties = pd.DataFrame(
    [
        (home["place"].get(asker), home["place"].get(helper), home["country"].get(asker), home["country"].get(helper))
        for asker, helper in help_given.edges
    ],
    columns=["from_place", "to_place", "from_country", "to_country"],
).dropna()
across_places = (ties["from_place"] != ties["to_place"]).mean()
across_border = (ties["from_country"] != ties["to_country"]).mean()
print(f"{len(help_given)} members, {len(ties)} ties of help")
print(f"between places: {across_places:.0%}; across the border: {across_border:.0%}")

# %% [markdown]
# ## The few who stand between
#
# Betweenness is the share of the shortest ways between two others that lead through a member.

# %%
between = week.metric("betweenness", layer="help")
leading = between.head(10).set_index("subject")[["value"]].join(home)
leading["places_helped"] = [
    len({home["place"].get(asker) for asker in help_given.predecessors(member)} - {None}) for member in leading.index
]
leading

# %% [markdown]
# ## What if they took a year off?
#
# Take the leading ten away, and ask again how many pairs of members can reach each other at all. Ten members chosen at
# random, many times, are the comparison: without it the number would say nothing.


# %%
def reachable(graph: nx.DiGraph) -> int:
    """Return how many pairs of members are linked by any chain of help."""
    parts = nx.connected_components(graph.to_undirected())
    return sum(len(part) * (len(part) - 1) // 2 for part in parts)


def without(graph: nx.DiGraph, members: list[str]) -> float:
    """Return the share of the pairs that still reach each other when ``members`` are away."""
    return reachable(graph.subgraph(set(graph) - set(members))) / reachable(graph)


everyone = pd.Series(sorted(help_given))
by_chance = [without(help_given, list(everyone.sample(10, random_state=seed))) for seed in range(50)]
left = without(help_given, list(leading.index))
print(f"without the leading ten, {left:.0%} of the pairs still reach each other")
print(f"without ten at random, {min(by_chance):.0%} to {max(by_chance):.0%}")

# %% [markdown]
# ## Is it new?
#
# The share of all ways that lead through the leading ten, week by week. A line that climbs says that the network leans
# on fewer and fewer people.

# %%
history = net.metric("betweenness", layer="help")
share = history.groupby("week")["value"].apply(lambda each: each.nlargest(10).sum() / each.sum())
share.tail(13).round(2)
