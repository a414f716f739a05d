// What is said beside the map: the selected node, the answer to a question, the signs; and the table below.
const panel = document.getElementById("panel");

function make(tag, text, ...inside) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  made.append(...inside);
  return made;
}

function leading(rank) {
  const button = make("button", nodes[rank].name);
  button.type = "button";
  button.addEventListener("click", () => select(rank));
  return button;
}

function showPanel(query) {
  panel.replaceChildren();
  if (query !== undefined) return answer(query);
  if (state.selected < 0) return panel.append(make("p", say("hint")));
  return describe(state.selected);
}

function describe(rank) {
  const node = nodes[rank], facts = make("dl");
  const add = (name, value) => facts.append(make("dt", name), make("dd", value));
  panel.append(make("h2", node.name), make("p", [say(node.kind), node.where].filter(Boolean).join(", ")));
  add(say("people"), told(node.people[state.week]));
  for (const name of data.publics) if (node.publics[name]) add(say(name), told(node.publics[name][state.week]));
  for (const name of Object.keys(node.measures)) add(say(name), told(node.measures[name][state.week]));
  add(say("links"), told(around[rank].length));
  if (node.community[state.week] > 0) add(say("community"), homeOf(node));
  panel.append(facts);
  if (node.kind === "skill") return helpers(rank);
  return linked(rank, around[rank], say("linked"));
}

function linked(rank, found, title) {
  const list = make("ul");
  for (const [other, people, , kind] of found.slice(0, 12)) {
    list.append(make("li", "", leading(other), ` – ${say(kind === "ps" ? "holds" : "also", { n: format.format(people) })}`));
  }
  if (found.length) panel.append(make("h3", title), list);
}

// Who can help with a skill: the places with enough holders, and how many of them agreed to be contacted.
function helpers(rank) {
  const places = around[rank].filter(([other]) => nodes[other].kind === "place");
  panel.append(make("h3", say("who", { skill: nodes[rank].name })));
  if (!places.length) return panel.append(make("p", say("no_place", { code: nodes[rank].id })));
  const list = make("ul");
  for (const [other, people, open] of places) {
    const reached = open ? ` ; ${say("reachable", { n: format.format(open) })}`.replace(" ;", words.lang === "fr" ? "\u202f;" : ";") : "";
    list.append(make("li", "", leading(other), ` – ${say("shown_by", { n: format.format(people) })}${reached}`));
  }
  panel.append(list, make("p", say("ask", { code: nodes[rank].id })));
  return linked(rank, around[rank].filter(([other]) => nodes[other].kind === "skill").slice(0, 5), say("linked"));
}

function answer(query) {
  const found = [...state.matches];
  const skills = found.filter((rank) => nodes[rank].kind === "skill" && !state.near.has(rank));
  const places = found.filter((rank) => nodes[rank].kind === "place" && !state.near.has(rank));
  if (!skills.length && !places.length) return panel.append(make("p", say("no_match", { query })));
  places.forEach((rank) => panel.append(make("p", "", leading(rank))));
  skills.slice(0, 4).forEach(helpers);
  skills.slice(4, 12).forEach((rank) => panel.append(make("p", "", leading(rank))));
  return undefined;
}

function showLegend() {
  const list = document.getElementById("legend");
  list.replaceChildren();
  const ranks = [...new Set(nodes.map((_, rank) => rank).filter((rank) => spots[rank]).map((rank) => signs[rank].rank))].sort((one, other) => one - other);
  const publics = data.publics.concat("mixed");
  for (const rank of ranks) {
    const name = state.colour === "public" ? say(rank < 0 ? "none" : publics[rank])
      : rank < 0 ? say("alone") : called(rank + 1);
    list.append(make("li", "", swatch(rank < 0 ? "circle" : SHAPES[rank % 8], rank < 0 ? GREY : COLOURS[rank % 8], true), name));
  }
  for (const [key, filled, dashed] of [["filled", true, false], ["hollow", false, false], ["small", false, true]]) {
    const item = make("li", "", swatch("circle", "#1b2430", filled, dashed), say(key));
    item.className = "kind";
    list.append(item);
  }
}

const OUTLINE = {
  circle: "M8 2a6 6 0 1 0 .01 0z", square: "M3 3h10v10H3z", triangle: "M8 1l7 12H1z", down: "M8 15L1 3h14z",
  diamond: "M8 1l7 7-7 7-7-7z", pentagon: "M8 1l7 5-2.7 8H3.700L1 6z", hexagon: "M8 1l6 3.500v7L8 15l-6-3.500v-7z",
  cross: "M6 1h4v5h5v4h-5v5H6v-5H1V6h5z",
};
function swatch(shape, colour, filled, dashed) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("viewBox", "0 0 16 16");
  drawn.setAttribute("aria-hidden", "true");
  for (const [name, value] of [["d", OUTLINE[shape]], ["fill", filled ? colour : "#fff"], ["stroke", colour],
    ["stroke-width", "1.6"], ["stroke-dasharray", dashed ? "2 2" : "none"]]) line.setAttribute(name, value);
  drawn.append(line);
  return drawn;
}

const NAMED = 8;
function showTable() {
  document.querySelectorAll(".when").forEach((each) => { each.textContent = data.weeks[state.week]; });
  for (const kind of ["place", "skill"]) {
    const rows = nodes.map((node, rank) => [node, rank]).filter(([node]) => node.kind === kind);
    rows.sort(([one], [other]) => number(other.people[state.week]) - number(one.people[state.week]) || (one.name < other.name ? -1 : 1));
    document.querySelector(`#${kind}s tbody`).replaceChildren(...rows.map(([node, rank]) => tableRow(node, rank)));
  }
}

function tableRow(node, rank) {
  const head = make("th", node.name), row = make("tr", "", head);
  head.scope = "row";
  const publics = data.publics.map((name) => node.publics[name] || { [state.week]: 0 });
  const values = [node.people, node.measures.holders || [], ...publics, node.measures.between || []];
  values.forEach((each) => row.append(make("td", each[state.week] == null ? "–" : told(each[state.week]))));
  const group = make("td", homeOf(node));
  group.className = "group";
  row.append(group);
  const shown = around[rank].slice(0, NAMED).map(([other, people]) => `${nodes[other].name} (${format.format(people)})`);
  const last = make("td", shown.join(", ") + (around[rank].length > NAMED ? " …" : ""));
  last.className = "words";
  row.append(last);
  return row;
}
