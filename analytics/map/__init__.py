"""The map: places and skills, what links them and how they move, week by week; people only as counts."""

from __future__ import annotations

from analytics.map.build import build_map, remembered
from analytics.map.content import MapContent
from analytics.map.page import DATA, as_json, map_files, map_page

__all__ = ["DATA", "MapContent", "as_json", "build_map", "map_files", "map_page", "remembered"]
