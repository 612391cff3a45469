import { element, searchField, selection } from "./elements.js";
import { createFlameGraph } from "./flame.js";
import { formatChange, formatCount, formatShare } from "./format.js";
import { siteColumn, siteDetails } from "./sites.js";
import { createTable } from "./table.js";

// In the data of a comparison each column of the sites exists twice: "live" and "liveBefore".

/** The flame graph of a comparison: as wide as the larger of the two figures, red or blue by the change. */
export function createDifferenceGraph(set, onSites) {
  const metrics = set.metrics.map((metric) => ({ ...metric, columns: (s) => {
    const [before, after] = both(s, metric);
    return [after.map((value, site) => Math.max(value, before[site])), before, after];
  } }));
  const source = { metrics, describe: describeChange, color: changeColor, legend: legend() };
  return createFlameGraph(set, source, onSites);

  function describeChange(node, metric) {
    const [, before, after] = node.values;
    return [
      node.name,
      `${formatChange(after - before, metric.format)} (${relative(before, after)})`,
      `${metric.format(before)} \u2192 ${metric.format(after)}`,
      ...(node.key >= 0 ? [set.names.moduleName(node.key)] : []),
    ];
  }
}

function changeColor(node) {
  const [larger, before, after] = node.values;
  const part = larger > 0 ? Math.min(Math.abs(after - before) / larger, 1) : 0;
  const color = after > before ? "--grown" : "--shrunk";
  return `color-mix(in oklab, var(${color}) ${(100 * part).toFixed(1)}%, var(--same))`;
}

function legend() {
  const entry = (color, text) =>
    element("span", {}, element("i", { style: `background: var(${color})` }), text);
  return element("p", { class: "legend" },
    entry("--grown", "grown"), entry("--same", "unchanged"), entry("--shrunk", "shrunk"));
}

/** The table of a comparison: before, after and change by site, for one heap and metric at a time. */
export function createDifferenceTable(sets) {
  let set = sets[0];
  let metric = set.metrics[0];
  let term = "";
  let table;
  const status = element("output", { class: "matches" });
  const place = element("div", {});
  const search = searchField("Search functions, modules, files", (value) => {
    term = value;
    find();
  });
  const choice = sets.length < 2 ? undefined
    : selection("Heap", sets.map((s, i) => ({ key: String(i), label: s.label })), "0",
      (key) => choose(sets[Number(key)]));
  let shown = metricSelection();

  function choose(wanted) {
    set = wanted;
    metric = set.metrics.find((m) => m.key === metric.key) ?? set.metrics[0];
    const next = metricSelection();
    shown.replaceWith(next);
    shown = next;
    build();
  }

  function metricSelection() {
    return selection("Show", set.metrics, metric.key, (key) => {
      metric = set.metrics.find((m) => m.key === key);
      build();
    });
  }

  function build() {
    const current = set;
    const [before, after] = both(set, metric);
    const change = (site) => after[site] - before[site];
    const highest = before.reduce((top, _, site) => Math.max(top, Math.abs(change(site))), 1);
    const columns = [
      siteColumn(set),
      { label: "Change", numeric: true, value: change, cell: (site) => [
        formatChange(change(site), metric.format),
        element("i", { class: `bar ${change(site) > 0 ? "grown" : "shrunk"}`,
          style: `--share: ${(Math.abs(change(site)) / highest).toFixed(4)}` }),
      ] },
      { label: "Error", numeric: true, wide: true, title: "Standard error of the change",
        value: error, cell: (site) => (error(site) > 0 ? `± ${metric.format(error(site))}` : "") },
      { label: "Relative", numeric: true, wide: true, value: (site) => change(site) / (before[site] || 1),
        cell: (site) => relative(before[site], after[site]) },
      { label: "Before", numeric: true, value: (site) => before[site],
        cell: (site) => metric.format(before[site]) },
      { label: "After", numeric: true, value: (site) => after[site],
        cell: (site) => metric.format(after[site]) },
    ].filter((column) => column.label !== "Error" || set.totals[metric.error] > 0);
    table = createTable(columns, { caption: "Changes by call stack", sort: columns[1],
      expand: (site) => siteDetails(current, site) });
    place.replaceChildren(table.element);
    find();
  }

  function error(site) {
    const { sites } = set;
    return metric.error ? Math.hypot(sites[metric.error][site], sites[`${metric.error}Before`][site]) : 0;
  }

  function find() {
    const [before, after] = both(set, metric);
    const rows = set.sitesWith(term).filter((site) => before[site] !== 0 || after[site] !== 0);
    const change = rows.reduce((total, site) => total + after[site] - before[site], 0);
    status.textContent = `${formatCount(rows.length)} sites, ${formatChange(change, metric.format)}`;
    table.setRows(rows);
  }

  return {
    element: element("div", {},
      element("div", { class: "toolbar" },
        choice, shown, search, status),
      place),
    show: build,
    search(text, wanted) {
      term = search.value = text;
      if (wanted === set) {
        find();
      } else {
        choice.querySelector("select").value = String(sets.indexOf(wanted));
        choose(wanted);
      }
    },
  };
}

function both(set, metric) {
  return [set.sites[`${metric.column}Before`], set.sites[metric.column]];
}

function relative(before, after) {
  return before === 0 ? "new" : after === 0 ? "gone"
    : formatChange(after - before, (change) => formatShare(change, before));
}
