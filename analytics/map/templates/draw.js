// The drawing: a canvas of its own, without a library.
const canvas = document.getElementById("map");
const pen = canvas.getContext("2d");
let spots = [], radii = [], signs = [], frame = { width: 0, height: 0, scale: 1, left: 0, top: 0 };

const located = nodes.filter((node) => node.at);
const middle = located.reduce((sum, node) => sum + node.at[1], 0) / (located.length || 1);
const narrow = Math.cos(middle * Math.PI / 180);
const flat = ([east, north]) => [east * narrow, -north];

// What the network takes in all weeks together: the frame stays while time goes by.
const extent = [Infinity, Infinity, -Infinity, -Infinity];
const stands = (node, week) => node.kind === "place" || number(node.people[week]) > 0;
for (const node of nodes) {
  data.weeks.forEach((_, week) => {
    if (!stands(node, week)) return;
    const x = node.x[week], y = node.y[week];
    extent[0] = Math.min(extent[0], x - 0.06); extent[2] = Math.max(extent[2], x + 0.06);
    extent[1] = Math.min(extent[1], y - 0.06); extent[3] = Math.max(extent[3], y + 0.06);
  });
}
if (extent[0] > extent[2]) extent.splice(0, 4, -1, -1, 1, 1);

function bounds() {
  if (state.view === "network" || !located.length) return extent;
  const found = located.map((node) => flat(node.at));
  const wide = found.map((spot) => spot[0]), high = found.map((spot) => spot[1]);
  const least = (values) => values.reduce((one, other) => Math.min(one, other));
  const most = (values) => values.reduce((one, other) => Math.max(one, other));
  const box = [least(wide), least(high), most(wide), most(high)];
  const margin = 0.12 * Math.max(box[2] - box[0], box[3] - box[1], 0.4);
  return [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin];
}

function fit() {
  const width = canvas.clientWidth, height = canvas.clientHeight, dots = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * dots) || canvas.height !== Math.round(height * dots)) {
    canvas.width = Math.round(width * dots);
    canvas.height = Math.round(height * dots);
  }
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  const [west, north, east, south] = bounds();
  const wide = (width - 24) / (east - west), high = (height - 24) / (south - north);
  // The network may be stretched to the sheet; a country may not.
  const across = state.view === "network" ? Math.min(wide, high * 1.7) : Math.min(wide, high);
  const down = state.view === "network" ? Math.min(high, wide * 1.7) : Math.min(wide, high);
  frame = { width, height, across, down, east: (west + east) / 2, south: (north + south) / 2 };
}

function place([x, y]) {
  return [
    frame.width / 2 + ((x - frame.east) * frame.across) * state.zoom + state.east,
    frame.height / 2 + ((y - frame.south) * frame.down) * state.zoom + state.south,
  ];
}

function arrange() {
  const least = Math.min(frame.width, frame.height), many = nodes.length;
  const largest = Math.max(3.5, Math.min(17, least / 2.1 / Math.sqrt(many))) * Math.sqrt(state.zoom);
  const most = {};
  const values = nodes.map((node, rank) => number(worth(node, rank)));
  nodes.forEach((node, rank) => { most[node.kind] = Math.max(most[node.kind] || 0, values[rank]); });
  signs = nodes.map(sign);
  radii = nodes.map((node, rank) => {
    const part = most[node.kind] ? values[rank] / most[node.kind] : 0;
    return Math.max(2.2, largest * (node.kind === "place" ? 1 : 0.72) * (0.22 + 0.78 * Math.sqrt(part)));
  });
  spots = nodes.map((node) => {
    if (state.view === "geography") return node.at ? place(flat(node.at)) : null;
    if (node.kind === "skill" && !node.people[state.week]) return null;
    return place([node.x[state.week], node.y[state.week]]);
  });
}

function trace(shape, x, y, r) {
  pen.beginPath();
  if (shape === "circle") return pen.arc(x, y, r, 0, 2 * Math.PI);
  if (shape === "square") return pen.rect(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r);
  if (shape === "cross") {
    const t = 0.42 * r;
    const way = [[-t, -r], [t, -r], [t, -t], [r, -t], [r, t], [t, t], [t, r], [-t, r], [-t, t], [-r, t], [-r, -t], [-t, -t]];
    way.forEach(([dx, dy]) => pen.lineTo(x + dx, y + dy));
    return pen.closePath();
  }
  const corners = { triangle: 3, down: 3, diamond: 4, pentagon: 5, hexagon: 6 }[shape];
  const turned = shape === "down" ? Math.PI / 2 : -Math.PI / 2, wide = corners === 3 ? 1.25 * r : 1.1 * r;
  for (let corner = 0; corner < corners; corner++) {
    const angle = turned + 2 * Math.PI * corner / corners;
    pen.lineTo(x + wide * Math.cos(angle), y + wide * Math.sin(angle));
  }
  return pen.closePath();
}

function drawLine(encoded, unit) {
  let east = 0, north = 0;
  pen.beginPath();
  for (let step = 0; step < encoded.length; step += 2) {
    east += encoded[step];
    north += encoded[step + 1];
    pen.lineTo(...place(flat([east * unit, north * unit])));
  }
  pen.stroke();
}

function drawOutlines() {
  const { unit, border, inner } = data.outlines;
  pen.strokeStyle = "#ded9cf";
  pen.lineWidth = 1;
  inner.forEach((line) => drawLine(line, unit));
  pen.strokeStyle = "#a39c8d";
  pen.lineWidth = 1.6;
  border.forEach((line) => drawLine(line, unit));
}

function drawLinks() {
  const chosen = state.selected >= 0 ? around[state.selected].filter(([other]) => lit(other)).map(([other, people]) => [state.selected, other, people]) : [];
  const most = strongest.reduce((sofar, link) => Math.max(sofar, link[2]), 1);
  const faint = state.selected >= 0 || state.matches;
  for (const [found, colour, alpha] of [[strongest, "#7f8f9c", faint ? 0.16 : 0.42], [chosen, "#0b5c7a", 0.62]]) {
    pen.strokeStyle = colour;
    pen.globalAlpha = alpha;
    for (const [a, b, people] of found) {
      if (!spots[a] || !spots[b]) continue;
      pen.lineWidth = 0.7 + 3.6 * people / most;
      pen.beginPath();
      pen.moveTo(...spots[a]);
      pen.lineTo(...spots[b]);
      pen.stroke();
    }
  }
  pen.globalAlpha = 1;
}

let bright = null;
const lit = (rank) => !bright || bright.has(rank);
function light() {
  bright = state.matches;
  if (!bright && state.selected >= 0) bright = new Set(around[state.selected].map(([other]) => other).concat(state.selected));
}

function drawNode(rank) {
  const node = nodes[rank], [x, y] = spots[rank], { colour, shape } = signs[rank];
  pen.globalAlpha = lit(rank) ? 1 : 0.22;
  trace(shape, x, y, radii[rank]);
  pen.fillStyle = node.kind === "place" ? colour : "#fff";
  pen.fill();
  pen.setLineDash(number(node.people[state.week]) ? [] : [2, 2]);
  pen.strokeStyle = node.kind === "place" ? "#fff" : colour;
  pen.lineWidth = node.kind === "place" ? 1.2 : Math.min(2.4, radii[rank] / 2);
  pen.stroke();
  pen.setLineDash([]);
  if (rank === state.selected) {
    trace("circle", x, y, radii[rank] * 1.3 + 4);
    pen.strokeStyle = "#1b2430";
    pen.lineWidth = 2;
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

const LABELLED = 220;
function drawLabels(order) {
  const taken = order.filter((rank) => nodes[rank].kind === "place" || order.length < 300)
    .map((rank) => [spots[rank][0] - radii[rank], spots[rank][1] - radii[rank], 2 * radii[rank], 2 * radii[rank], rank]);
  const first = (rank) => (rank === state.selected ? 2 : 0) + (state.matches && state.matches.has(rank) ? 1 : 0);
  const wanted = order.filter(lit).sort((one, other) => first(other) - first(one)
    || (nodes[other].kind === "place") - (nodes[one].kind === "place") || radii[other] - radii[one]).slice(0, LABELLED);
  pen.lineJoin = "round";
  pen.textBaseline = "middle";
  for (const rank of wanted) {
    const bold = nodes[rank].kind === "place";
    pen.font = `${bold ? "600 12.5px" : "11.5px"} system-ui, sans-serif`;
    const text = nodes[rank].name.length > 34 ? nodes[rank].name.slice(0, 32) + "…" : nodes[rank].name;
    const box = room(rank, pen.measureText(text).width, taken);
    if (!box) continue;
    taken.push([...box, -1]);
    pen.strokeStyle = "rgba(255,255,255,.9)";
    pen.lineWidth = 3.4;
    pen.strokeText(text, box[0], box[1] + box[3] / 2);
    pen.fillStyle = bold ? "#1b2430" : "#3d4854";
    pen.fillText(text, box[0], box[1] + box[3] / 2);
  }
}

// Where a name stands beside its node without covering anything; a place has its name even over skills, and the
// selected node in any case.
function room(rank, wide, taken) {
  const [x, y] = spots[rank], gap = radii[rank] + 4, high = 14, near = 0.7 * gap;
  const sides = [[x + gap, y - 7], [x - gap - wide, y - 7], [x - wide / 2, y + gap - 1], [x - wide / 2, y - gap - 13],
    [x + near, y + near - 4], [x + near, y - near - 10], [x - near - wide, y + near - 4], [x - near - wide, y - near - 10]];
  const within = sides.filter(([left, top]) => left > 2 && left + wide < frame.width - 2 && top > 2 && top + high < frame.height - 2);
  const clear = (boxes) => within.find(([left, top]) => boxes.every((box) => box[4] === rank || left > box[0] + box[2] || left + wide < box[0] || top > box[1] + box[3] || top + high < box[1]));
  const names = taken.filter((box) => box[4] < 0 || nodes[box[4]].kind === "place");
  const kept = clear(taken) || (nodes[rank].kind === "place" && clear(names)) || (rank === state.selected ? within[0] || sides[0] : null);
  return kept && [...kept, wide, high];
}

function draw() {
  fit();
  arrange();
  light();
  pen.clearRect(0, 0, frame.width, frame.height);
  if (state.view === "geography") drawOutlines();
  drawLinks();
  const order = nodes.map((_, rank) => rank)
    .filter((rank) => spots[rank] && Math.abs(spots[rank][0] - frame.width / 2) < frame.width && Math.abs(spots[rank][1] - frame.height / 2) < frame.height)
    .sort((one, other) => lit(one) - lit(other) || radii[other] - radii[one]);
  order.forEach(drawNode);
  drawLabels(order);
}
