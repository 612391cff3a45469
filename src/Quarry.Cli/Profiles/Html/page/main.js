import { createDifferenceGraph, createDifferenceTable } from "./comparison.js";
import { DataSet, Names } from "./data.js";
import { element } from "./elements.js";
import { createFlameGraph, describeNode } from "./flame.js";
import { createDifferenceHeader, createHeader } from "./header.js";
import { createSizeClasses, createThreads } from "./heap.js";
import { metrics } from "./metrics.js";
import { createLeaks, createSites } from "./sites.js";
import { createTabs } from "./tabs.js";
import { onThemeChange } from "./theme.js";
import { createTimeline } from "./timeline.js";

const data = JSON.parse(document.getElementById("data").textContent);
const sets = data.sets.map((set) => new DataSet(new Names(data), set, metrics));
const tabs = createTabs(data.kind === "comparison" ? comparisonTabs() : profileTabs());
const header = data.kind === "comparison" ? createDifferenceHeader(data) : createHeader(data);
document.getElementById("report").append(header, ...tabs.elements);
document.getElementById("generator").textContent = data.generator;
onThemeChange(() => tabs.redraw());
tabs.start();

function profileTabs() {
  const heaps = sets.filter((set) => !set.isEvents);
  const events = sets.filter((set) => set.isEvents);
  const [native] = heaps;
  const sites = createSites(heaps);
  return [
    { key: "flame", label: "Flame graph", view: flameGraphs(heaps, sites) },
    { key: "timeline", label: "Timeline", view: createTimeline(data.timeline, data.run.peakTime) },
    { key: "sites", label: "Sites", view: sites },
    { key: "leaks", label: "Leaks", view: createLeaks(native, data.run.ended) },
    { key: "threads", label: "Threads", view: createThreads(data.threads) },
    { key: "sizes", label: "Size classes",
      view: createSizeClasses(data.sizeClasses, data.statistics, native.totals.live) },
    ...events.map((set) => ({ key: "events", label: "Events", view: eventView(set) })),
  ];
}

function comparisonTabs() {
  const table = createDifferenceTable(sets);
  const graphs = sets.map((set) => createDifferenceGraph(set, (name) => listSites(table, name, set)));
  return [
    { key: "flame", label: "Flame graph", view: besideEachOther(sets, graphs) },
    { key: "sites", label: "Sites", view: table },
  ];
}

function flameGraphs(heaps, sites) {
  return besideEachOther(heaps,
    heaps.map((set) => flameGraph(set, (name) => listSites(sites, name, set))));
}

/** The flame graphs of all heaps, beside each other where there is room. */
function besideEachOther(heaps, graphs) {
  const titled = graphs.map((graph, i) => heaps.length > 1
    ? element("div", {}, element("h2", {}, heaps[i].label), graph.element) : graph.element);
  const draw = () => graphs.forEach((graph) => graph.draw());
  return { element: element("div", { class: "graphs" }, ...titled), show: draw, redraw: draw };
}

/** What the program has reported itself, as a flame graph and as a table. */
function eventView(set) {
  const table = createSites([set]);
  const graph = flameGraph(set, (name) => table.search(name));
  return {
    element: element("div", {}, graph.element, element("h2", { class: "next" }, "Sites"), table.element),
    show() {
      graph.draw();
      table.show();
    },
    redraw: graph.draw,
  };
}

function flameGraph(set, onSites) {
  const columns = (metric) => (s) => [s.sites[metric.column]];
  return createFlameGraph(set, {
    metrics: set.metrics.map((metric) => ({ ...metric, columns: columns(metric) })),
    describe: (node, metric, root) => describeNode(set, node, metric, root),
  }, onSites);
}

/** Shows the sites whose stacks contain a function. */
function listSites(view, name, set) {
  tabs.select("sites");
  view.search(name, set);
}
