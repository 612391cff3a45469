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
  const [native] = sets;
  const sites = createSites(sets);
  return [
    { key: "flame", label: "Flame graph", view: flameGraphs(sites) },
    { key: "timeline", label: "Timeline", view: createTimeline(data.timeline, data.run.peakTime) },
    { key: "sites", label: "Sites", view: sites },
    { key: "leaks", label: "Leaks", view: createLeaks(native, data.run.ended) },
    { key: "threads", label: "Threads", view: createThreads(data.threads) },
    { key: "sizes", label: "Size classes",
      view: createSizeClasses(data.sizeClasses, data.statistics, native.totals.liveRequested) },
  ];
}

function comparisonTabs() {
  const table = createDifferenceTable(sets[0]);
  return [
    { key: "flame", label: "Flame graph",
      view: createDifferenceGraph(sets[0], (name) => listSites(table, name)) },
    { key: "sites", label: "Sites", view: table },
  ];
}

/** The flame graphs of all heaps, beside each other where there is room. */
function flameGraphs(sites) {
  const graphs = sets.map((set) => createFlameGraph(set, {
    metrics: set.metrics.map((metric) => ({ ...metric, columns: (s) => [s.sites[metric.column]] })),
    describe: (node, metric, root) => describeNode(set, node, metric, root),
  }, (name) => listSites(sites, name)));
  const titled = graphs.map((graph, i) => sets.length > 1
    ? element("div", {}, element("h2", {}, sets[i].label), graph.element) : graph.element);
  const draw = () => graphs.forEach((graph) => graph.draw());
  return { element: element("div", { class: "graphs" }, ...titled), show: draw, redraw: draw };
}

function listSites(view, name) {
  tabs.select("sites");
  view.search(name);
}
