// What the reader does, and the first drawing.
function select(rank) {
  state.selected = rank;
  state.matches = null;
  if (rank >= 0 && state.view === "geography" && nodes[rank].kind === "skill") {
    state.matches = new Set(around[rank].map(([other]) => other).concat(rank));
  }
  draw();
  showPanel();
}

function search(query) {
  const found = meant(query);
  state.selected = found.length === 1 ? found[0] : -1;
  state.near = new Set();
  state.matches = new Set(found);
  for (const rank of found) {
    for (const [other] of nodes[rank].kind === "skill" ? around[rank] : []) {
      if (nodes[other].kind === "place" && !found.includes(other)) { state.near.add(other); state.matches.add(other); }
    }
  }
  if (!query.trim()) { state.matches = null; draw(); return showPanel(); }
  draw();
  return showPanel(query);
}

function zoom(factor, x = frame.width / 2, y = frame.height / 2) {
  const next = Math.min(14, Math.max(0.7, state.zoom * factor)), ratio = next / state.zoom;
  state.east = (x - frame.width / 2) * (1 - ratio) + state.east * ratio;
  state.south = (y - frame.height / 2) * (1 - ratio) + state.south * ratio;
  state.zoom = next;
  draw();
}

function whole() {
  Object.assign(state, { zoom: 1, east: 0, south: 0 });
  draw();
}

// The node that lies nearest in a direction, those straight ahead before those aside.
function next(dx, dy) {
  const here = state.selected >= 0 && spots[state.selected] ? spots[state.selected] : [frame.width / 2, frame.height / 2];
  let best = -1, least = Infinity;
  spots.forEach((spot, rank) => {
    if (!spot || rank === state.selected) return;
    const along = (spot[0] - here[0]) * dx + (spot[1] - here[1]) * dy;
    const aside = Math.abs((spot[0] - here[0]) * dy) + Math.abs((spot[1] - here[1]) * dx);
    if (along > 0.5 && along + 2 * aside < least) { least = along + 2 * aside; best = rank; }
  });
  if (best >= 0) select(best);
}

const KEYS = {
  ArrowLeft: () => next(-1, 0), ArrowRight: () => next(1, 0), ArrowUp: () => next(0, -1), ArrowDown: () => next(0, 1),
  "+": () => zoom(1.3), "=": () => zoom(1.3), "-": () => zoom(1 / 1.3), 0: whole, Escape: () => select(-1),
};
canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

function under(x, y) {
  let best = -1, least = Infinity;
  spots.forEach((spot, rank) => {
    if (!spot) return;
    const far = Math.hypot(spot[0] - x, spot[1] - y) - radii[rank];
    if (far < 7 && far < least) { least = far; best = rank; }
  });
  return best;
}

let held = null;
canvas.addEventListener("pointerdown", (event) => { held = [event.offsetX, event.offsetY, state.east, state.south, false]; });
canvas.addEventListener("pointermove", (event) => {
  if (!held) { canvas.style.cursor = under(event.offsetX, event.offsetY) >= 0 ? "pointer" : "grab"; return; }
  const [x, y, east, south] = held;
  held[4] = held[4] || Math.hypot(event.offsetX - x, event.offsetY - y) > 4;
  if (!held[4]) return;
  state.east = east + event.offsetX - x;
  state.south = south + event.offsetY - y;
  draw();
});
canvas.addEventListener("pointerup", (event) => {
  if (held && !held[4]) select(under(event.offsetX, event.offsetY));
  held = null;
});
canvas.addEventListener("pointerleave", () => { held = null; });
canvas.addEventListener("pointercancel", () => { held = null; });
canvas.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.offsetX, event.offsetY);
}, { passive: false });

const by = (id) => document.getElementById(id);
let later = 0;
by("when").addEventListener("input", (event) => {
  turn(Number(event.target.value));
  by("told").value = by("week").textContent = data.weeks[state.week];
  event.target.setAttribute("aria-valuetext", data.weeks[state.week]);
  draw();
  showPanel();
  clearTimeout(later);
  later = setTimeout(() => { showLegend(); showTable(); }, 120);
});
by("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search(by("query").value);
  // On a telephone the answer stands below the map.
  if (panel.getBoundingClientRect().top > window.innerHeight) panel.scrollIntoView({ block: "end" });
});
by("query").addEventListener("input", () => { if (!by("query").value) search(""); });
by("colour").addEventListener("change", (event) => { state.colour = event.target.value; draw(); showLegend(); });
by("size").addEventListener("change", (event) => { state.size = event.target.value; draw(); });
document.querySelectorAll("[name=view]").forEach((choice) => choice.addEventListener("change", () => {
  state.view = choice.value;
  Object.assign(state, { zoom: 1, east: 0, south: 0 });
  select(state.selected);
  showLegend();
}));
by("in").addEventListener("click", () => zoom(1.3));
by("out").addEventListener("click", () => zoom(1 / 1.3));
by("whole").addEventListener("click", whole);
window.addEventListener("resize", draw);

turn(state.week);
draw();
performance.mark("painted");
showPanel();
showLegend();
