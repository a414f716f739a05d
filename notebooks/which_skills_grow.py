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
# # Which skills grow?
#
# A course with twenty people makes any curve jump. To call a skill growing, the report asks for more people *and* for
# more occasions, and judges all skills under one budget: of all that it calls growing or fading, at most one in ten may
# be chance. This notebook reads what is left after that.
#
# Everything here may be published. `make run` makes the demo's region.

# %%
import matplotlib.pyplot as plt
import pandas as pd

from analytics import open_network

net = open_network(published=True)
week = net.week()
skills = week.report().skills
print(f"{week}, the last of {len(net.weeks())} weeks")
print(
    f"{skills.judged} skills judged by {skills.tests} tests; for {skills.too_few} there was too little to say anything"
)

# %% [markdown]
# ## What moves, and how surely
#
# A ratio of 2 means twice as many people as before. It is shrunk towards 1 where there are few, and the line is its
# interval of 90 %: where it is long, we know the direction and not the size.

# %%
rows = pd.DataFrame(
    [
        (
            each.skill,
            each.comparison,
            each.verdict,
            each.current.value,
            each.previous.value,
            each.ratio.value,
            *(each.interval.low, each.interval.high),
        )
        for each in (*skills.growing, *skills.fading, *skills.steady)
        if each.ratio.value is not None
    ],
    columns=["skill", "comparison", "verdict", "now", "before", "ratio", "low", "high"],
).sort_values("ratio", ignore_index=True)
moving = rows[rows["verdict"] != "steady"]
for row in moving.sort_values("ratio", ascending=False).itertuples():
    change = f"×{row.ratio:.1f} ({row.low:.1f} to {row.high:.1f})"
    print(f"{row.skill} is {row.verdict}: {change}, {row.before:.0f} → {row.now:.0f} people, by {row.comparison}")
if moving.empty:
    print("No skill grows or fades more than chance explains. That is an answer, too.")

# %%
colours = {"growing": "#0b5c7a", "fading": "#a5400a", "steady": "#54606f"}
figure, axes = plt.subplots(figsize=(9, 0.5 * len(rows) + 1.2))
for place, row in enumerate(rows.itertuples()):
    axes.plot([row.low, row.high], [place, place], color=colours[row.verdict], linewidth=2)
    axes.scatter(row.ratio, place, color=colours[row.verdict], s=50, zorder=3)
axes.axvline(1, color="#dfdcd4", zorder=0)
axes.set_xscale("log", base=2)
axes.set_xticks([0.125, 0.25, 0.5, 1, 2, 4, 8], ["÷8", "÷4", "÷2", "as before", "×2", "×4", "×8"])
axes.set_yticks(range(len(rows)), [f"{row.skill} ({row.comparison})" for row in rows.itertuples()])
axes.set_title("People in each skill against the weeks before, with 90 % intervals", loc="left")
axes.spines[["top", "right", "left"]].set_visible(False)
axes.tick_params(left=False)

# %% [markdown]
# The steady ones are there to compare with: they are the busiest of those that did not move.
#
# ## Look at the weeks themselves
#
# A verdict on blocks of weeks can hide a single big day. Here is each week of the skill that moved most surely: how
# many people took part. Weeks with too few people to be shown are rings at the foot; they are not zero.

# %%
counts = net.skills()
if len(moving):
    most = (skills.growing or skills.fading)[0].skill
    weekly = counts[
        (counts["skill"] == most) & (counts["week"] > counts["week"].max() - pd.Timedelta(weeks=52))
    ].set_index("week")
    figure, axes = plt.subplots(figsize=(9, 3))
    axes.bar(weekly.index, weekly["people"].astype("float"), width=5, color="#0b5c7a")
    few = weekly[weekly["people_mark"] == "suppressed"]
    axes.scatter(few.index, [0] * len(few), facecolor="none", edgecolor="#54606f", clip_on=False, zorder=3)
    axes.set_title(f"{most}: people a week", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    print(f"{len(weekly)} weeks with anything at all, {len(few)} of them too small to be shown")

# %% [markdown]
# ## Taught, or only asked for?
#
# A skill whose requests outrun those who learned it grows in need, not in the network.

# %%
last = counts[counts["week"] > counts["week"].max() - pd.Timedelta(weeks=13)]
table = last[last["skill"].isin(moving["skill"])].groupby("skill")[["learned", "asked", "answered"]].sum(min_count=1)
hidden = (
    last[last["skill"].isin(moving["skill"])]
    .groupby("skill")[["learned_mark", "asked_mark", "answered_mark"]]
    .agg(lambda marks: int((marks == "suppressed").sum()))
)
table.join(hidden.rename(columns=lambda name: name.replace("_mark", ", weeks hidden")))

# %% [markdown]
# Sums leave out the hidden weeks, so they are lower bounds; the columns on the right say how many weeks that concerns.
#
# ## How do you know?

# %%
net.why(f"skills.growing.{skills.growing[0].skill}.current") if skills.growing else net.why("active_members")
