// The card "La semaine du réseau" on the home page. No build step: React and Chakra come from the page.
const { createElement: h, useEffect, useState } = globalThis.React;
const { Box, Heading, Link, SimpleGrid, Text } = globalThis.ChakraUI;
const { Link: RouterLink } = globalThis.ReactRouterDOM;

const EVERY = 60_000; // milliseconds between two looks
const ROOT = new URL(document.baseURI).pathname; // "/" or the path prefix

const WORDS = {
  fr: {
    title: "La semaine du réseau",
    week: (number, days) => `semaine ${number} (${days})`,
    open: "Lire le rapport",
    all: "Tous les rapports",
    none: "Aucun rapport n’est encore publié.",
    failed: "Le résumé de la semaine n’a pas pu être lu.",
    correct: "à corriger",
    waiting: (number) => `Le rapport de la semaine ${number} attend une approbation`,
    working: (number) => `Le rapport de la semaine ${number} est en préparation`,
    broken: (number) => `Le rapport de la semaine ${number} : le lancement a échoué`,
    sources: "Sources",
    heard: (heard, all) => `${heard} entendues sur ${all}, dernier événement :`,
    silent: "muette",
    unread: "La copie de lecture de l’entrepôt manque ou date d’avant une mise à jour : la fraîcheur des sources n’est pas connue.",
  },
  en: {
    title: "The week of the network",
    week: (number, days) => `week ${number} (${days})`,
    open: "Read the report",
    all: "All reports",
    none: "No report is published yet.",
    failed: "The week in short could not be read.",
    correct: "to be corrected",
    waiting: (number) => `The report of week ${number} waits for an approval`,
    working: (number) => `The report of week ${number} is in the making`,
    broken: (number) => `The report of week ${number}: its run has failed`,
    sources: "Sources",
    heard: (heard, all) => `${heard} of ${all} heard, last event:`,
    silent: "silent",
    unread: "The copy of the warehouse for readers is missing, or older than an update: how fresh the sources are is not known.",
  },
  de: {
    title: "Die Woche des Netzwerks",
    week: (number, days) => `Woche ${number} (${days})`,
    open: "Bericht lesen",
    all: "Alle Berichte",
    none: "Es ist noch kein Bericht veröffentlicht.",
    failed: "Die Woche in Kürze konnte nicht gelesen werden.",
    correct: "zu berichtigen",
    waiting: (number) => `Der Bericht der Woche ${number} wartet auf eine Freigabe`,
    working: (number) => `Der Bericht der Woche ${number} ist in Arbeit`,
    broken: (number) => `Der Bericht der Woche ${number}: Der Lauf ist fehlgeschlagen`,
    sources: "Quellen",
    heard: (heard, all) => `${heard} von ${all} gehört, letztes Ereignis:`,
    silent: "stumm",
    unread: "Die Lesekopie des Datenspeichers fehlt oder ist älter als eine Aktualisierung: Wie frisch die Quellen sind, ist nicht bekannt.",
  },
};
const LOCALES = { fr: "fr-FR", en: "en-GB", de: "de-CH" };
const TONES = { up: "fg.success", down: "fg.error", alert: "fg.warning", plain: "fg.muted" };

const languageNow = () => {
  const asked = (document.documentElement.lang || navigator.language).slice(0, 2);
  return asked in WORDS ? asked : "en";
};
const number = (week) => String(Number(week.slice(-2)));

const days = (monday, language) => {
  const first = new Date(`${monday}T00:00:00Z`);
  const last = new Date(first.getTime() + 6 * 86_400_000);
  const format = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "long", timeZone: "UTC" });
  return format.formatRange(first, last);
};

// In days by the calendar: both are counted from midnight.
const ago = (day, language) => {
  const today = new Date();
  const days = (Date.UTC(today.getFullYear(), today.getMonth(), today.getDate()) - Date.parse(`${day}T00:00:00Z`)) / 86_400_000;
  return new Intl.RelativeTimeFormat(LOCALES[language], { numeric: "auto" }).format(-Math.max(0, days), "day");
};

// The router adds the prefix to its own path; what the frame shows is a path of the server, prefix included.
const inFrame = (address) => `/plugin/rapports${ROOT}maillage/${address}`;
const to = (target, text) => h(Link, { asChild: true, color: "fg.info" }, h(RouterLink, { to: target }, text));

const Point = ({ point }) =>
  h(Box, { as: "li", display: "flex", gap: 2, mb: 1 },
    h(Box, { as: "span", "aria-hidden": true, color: TONES[point.tone] ?? "fg.muted", flexShrink: 0, width: "1.1em" }, point.mark),
    h(Box, { as: "span" }, h("b", {}, point.lead), " ", point.rest));

const Report = ({ report, words }) =>
  h(Box, {},
    h(Box, { as: "ul", listStyleType: "none", mb: 2, mt: 2 }, report.points.map((point, place) => h(Point, { key: place, point }))),
    h(Box, { display: "flex", flexWrap: "wrap", gap: 4 }, to(inFrame(report.address), words.open), to("/plugin/rapports", words.all)));

const Approval = ({ approval, words }) => {
  const said = { failed: words.broken, waiting: words.waiting, working: words.working }[approval.state];
  if (!said) return null;
  const run = `/dags/weekly_report/runs/${encodeURIComponent(approval.run)}`;
  const target = approval.state === "waiting" ? `${run}/required_actions?response_received=false` : run;
  return h(Box, { mt: 2 }, h(Box, { as: "span", "aria-hidden": true, color: "fg.warning" }, "■ "), to(target, said(number(approval.week))));
};

const Source = ({ language, source, words }) =>
  h(Box, { as: "li", display: "flex", gap: 2, justifyContent: "space-between", minWidth: 0 },
    h(Text, { as: "span", truncate: true, title: source.title }, source.title),
    h(Text, { as: "time", color: source.silent ? "fg.error" : "fg.muted", dateTime: source.last_heard, flexShrink: 0 },
      source.silent ? `▼ ${words.silent}, ` : "", ago(source.last_heard, language)));

const Sources = ({ language, sources, words }) => {
  const heard = sources.filter((source) => !source.silent).length;
  return h(Box, { borderTopWidth: 1, mt: 3, pt: 2 },
    h(Text, { color: "fg.muted" }, h("b", {}, words.sources), " · ", words.heard(heard, sources.length)),
    h(SimpleGrid, { as: "ul", columnGap: 8, listStyleType: "none", maxHeight: "14rem", minChildWidth: "21rem", overflowY: "auto" },
      sources.map((source) => h(Source, { key: source.title, language, source, words }))));
};

const useSummary = (language) => {
  const [state, setState] = useState({});
  useEffect(() => {
    let here = true;
    const look = async () => {
      try {
        const answer = await fetch(new URL(`maillage/summary.json?lang=${language}`, document.baseURI));
        if (!answer.ok) throw new Error(String(answer.status));
        const summary = await answer.json();
        if (here) setState({ summary });
      } catch {
        if (here) setState((before) => ({ ...before, failed: true }));
      }
    };
    look();
    const clock = setInterval(look, EVERY);
    return () => { here = false; clearInterval(clock); };
  }, [language]);
  return state;
};

globalThis["La semaine du réseau"] = function WeekOfTheNetwork() {
  const language = languageNow();
  const words = WORDS[language];
  const { summary, failed } = useSummary(language);
  const report = summary?.report;
  return h(Box, { as: "section", borderRadius: "md", borderWidth: 1, fontSize: "sm", lang: language, my: 3, p: 4 },
    h(Heading, { as: "h2", size: "md" }, words.title,
      report ? h(Text, { as: "span", color: "fg.muted", fontSize: "sm", fontWeight: "normal", ms: 2 },
        words.week(number(report.week), days(report.monday, language)), report.to_correct ? ` · ■ ${words.correct}` : "") : null),
    failed ? h(Text, { color: "fg.error", mt: 2, role: "status" }, words.failed) : null,
    summary && !report ? h(Text, { color: "fg.muted", mt: 2 }, words.none) : null,
    report ? h(Report, { report, words }) : null,
    summary?.approval ? h(Approval, { approval: summary.approval, words }) : null,
    summary ? (summary.sources ? h(Sources, { language, sources: summary.sources, words }) : h(Text, { color: "fg.muted", mt: 2 }, words.unread)) : null);
};
