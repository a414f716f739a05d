"""The map: places and skills, what links them and how they move, week by week; people only as counts."""

from __future__ import annotations

from analytics.map.build import Memory, build_map, chart, remembered
from analytics.map.content import MapContent
from analytics.map.page import DATA, as_json, map_files, map_page

__all__ = ["DATA", "MapContent", "Memory", "as_json", "build_map", "chart", "map_files", "map_page", "remembered"]
