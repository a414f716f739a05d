"use strict";
// What is shown: the data of the page, what is chosen, and what follows from it.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words, nodes = data.nodes, links = data.links;
const format = new Intl.NumberFormat(words.lang, { maximumFractionDigits: 2 });
const state = {
  week: data.weeks.length - 1, view: "network", colour: "community", size: "people",
  selected: -1, matches: null, zoom: 1, east: 0, south: 0,
};
const COLOURS = ["#0b5c7a", "#b3440b", "#3f6b1f", "#7a3b8f", "#8a6a00", "#a02050", "#2f5fc0", "#50565e"];
const SHAPES = ["circle", "square", "triangle", "diamond", "pentagon", "down", "hexagon", "cross"];
const GREY = "#6b7480";

const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const number = (value) => typeof value === "number" ? value : 0;
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().toLowerCase();

function told(value) {
  if (typeof value === "number") return format.format(value);
  return value == null ? say("unknown") : say(value, { k: data.k });
}

// The links of the week by node: [other node, people, who agreed to be contacted, kind], strongest first.
let around = [];
let strongest = [];
function turn(week) {
  state.week = week;
  turnCentres();
  around = nodes.map(() => []);
  for (const [kind, a, b, people, reachable] of links) {
    if (!people[week]) continue;
    const open = reachable ? reachable[week] : 0;
    around[a].push([b, people[week], open, kind]);
    around[b].push([a, people[week], open, kind]);
  }
  const drawn = new Map();
  const reach = around.map((found) => found.reduce((sum, link) => sum + link[1], 0));
  around.forEach((found, node) => {
    found.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
    const close = ([other, people]) => people / Math.sqrt(reach[other] || 1);
    for (const [other, people] of backbone([...found].sort((one, other) => close(other) - close(one)))) {
      drawn.set(Math.min(node, other) * nodes.length + Math.max(node, other), people);
    }
  });
  strongest = [...drawn].map(([key, people]) => [Math.floor(key / nodes.length), key % nodes.length, people]);
}

// A node keeps its two closest links (many people, given how many the other has), and the closest one to the other kind of node, which holds both together.
function backbone(found) {
  const across = found.find((link) => link[3] === "ps");
  return across ? [...found.slice(0, 2), across] : found.slice(0, 2);
}

function worth(node, rank) {
  if (state.size === "people") return node.people[state.week];
  if (state.size === "links") return around[rank].length;
  const values = node.measures[state.size];
  return values ? values[state.week] : null;
}

function mainPublic(node) {
  const whole = number(node.people[state.week]);
  const counts = data.publics.map((name) => [name, number((node.publics[name] || [])[state.week])]);
  counts.sort((one, other) => other[1] - one[1]);
  if (!whole || !counts[0][1]) return "none";
  return counts[0][1] > whole / 2 ? counts[0][0] : "mixed";
}

// The sign of a node: colour and shape say the same thing, so that neither is needed to tell it.
function sign(node) {
  const rank = state.colour === "community"
    ? node.community[state.week] - 1
    : data.publics.concat("mixed").indexOf(mainPublic(node));
  if (rank < 0) return { colour: GREY, shape: "circle", rank: -1 };
  return { colour: COLOURS[rank % COLOURS.length], shape: SHAPES[rank % SHAPES.length], rank };
}

// What a community is called by: its largest place, or its largest skill where it has no place.
let centres = new Map();
function turnCentres() {
  const before = (one, other) => (other.kind === "place") - (one.kind === "place")
    || number(other.people[state.week]) - number(one.people[state.week]) || (one.name < other.name ? -1 : 1);
  centres = new Map();
  for (const node of nodes) {
    const community = node.community[state.week], first = centres.get(community);
    if (community > 0 && (!first || before(node, first) < 0)) centres.set(community, node);
  }
}
const called = (community) => say("group", { name: centres.get(community).name });
const homeOf = (node) => (node.community[state.week] > 0 ? called(node.community[state.week]) : "–");

// Skills that a question means: those whose names have a word of it, those with most of its words first.
const LITTLE = new Set(("qui peut aider pour avec le la les de des du un une en au sur a l d who can help with the for "
  + "on of an in wer kann helfen mit bei der die das ein eine").split(" "));
const names = nodes.map((node) => plain(`${node.name} | ${node.also || ""} | ${node.id}`).split(" "));
function meant(query) {
  const asked = plain(query).split(" ").filter((word) => word && !LITTLE.has(word));
  if (!asked.length) return [];
  const hits = (node) => asked.filter((word) => names[node].some((own) => own.startsWith(word))).length;
  const found = nodes.map((node, rank) => [hits(rank), rank]).filter(([many]) => many > 0);
  const most = Math.max(0, ...found.map(([many]) => many));
  return found.filter(([many]) => many === most).map(([, rank]) => rank);
}
