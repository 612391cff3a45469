import { baseName, kinds } from "./data.js";
import { breakable, element, searchField, selection } from "./elements.js";
import { formatBytes, formatCount, formatError, formatShare, formatTime } from "./format.js";
import { createTable } from "./table.js";

/** Creates the searchable table of all sites, with a choice of the heap if there are several. */
export function createSites(sets) {
  return createSearchable(sets, siteColumns, "Call stacks that allocate");
}

/** Creates the table of the sites that hold memory at the end. */
export function createLeaks(set, ended) {
  const note = element("p", { class: "note" }, ended
    ? "Memory that was in use when the program ended. What a program keeps on purpose, such as a cache or " +
      "a global table, is in this list too; a leak is what grows with the work done."
    : "Memory that was in use when the file was last updated; the program was running, or was killed.");
  const held = (site) => set.sites.live[site] > 0;
  const { element: table, ...rest } = createSearchable([set], leakColumns, "Sites in use", held);
  return { element: element("div", {}, note, table), ...rest };
}

function createSearchable(sets, columnsOf, caption, filter = () => true) {
  let set = sets[0];
  let term = "";
  let table;
  const status = element("output", { class: "matches" });
  const search = searchField("Search functions, modules, files", (value) => {
    term = value;
    find();
  });
  const place = element("div", {});
  const choice = sets.length < 2 ? undefined
    : selection("Heap", sets.map((s, i) => ({ key: String(i), label: s.label })), "0", (key) => {
      set = sets[Number(key)];
      build();
    });

  function build() {
    const columns = columnsOf(set);
    const current = set;
    table = createTable(columns, {
      caption,
      sort: columns.find((c) => c.first),
      expand: (site) => siteDetails(current, site),
    });
    place.replaceChildren(table.element);
    find();
  }

  function find() {
    const rows = set.sitesWith(term).filter(filter);
    const metric = set.metrics[0];
    const held = rows.reduce((total, site) => total + set.sites[metric.column][site], 0);
    status.textContent = `${formatCount(rows.length)} sites, ${metric.format(held)} ` +
      metric.label.toLowerCase();
    table.setRows(rows);
  }

  return {
    element: element("div", {}, element("div", { class: "toolbar" }, choice, search, status), place),
    show: build,
    search(text, wanted = set) {
      term = search.value = text;
      if (wanted === set) {
        find();
      } else {
        set = wanted;
        choice.querySelector("select").value = String(sets.indexOf(set));
        build();
      }
    },
  };
}

function siteColumns(set) {
  const columns = [siteColumn(set)];
  for (const metric of set.metrics) {
    columns.push(metricColumn(set, metric));
    if (metric.column === "live") {
      columns.push(...errorColumn(set, metric), numberColumn(set, "liveBlocks", "Blocks", formatCount));
    } else if (metric === set.metrics[0]) {
      columns.push(...errorColumn(set, metric));
    }
  }

  if ("lifetime" in set.sites) {
    columns.push({ ...numberColumn(set, "lifetime", "Lifetime", formatTime), wide: true,
      title: "Mean time between allocation and free" });
  }

  return columns;
}

function leakColumns(set) {
  const total = set.totals.live;
  const live = set.metrics.find((m) => m.key === "live");
  return [
    siteColumn(set),
    metricColumn(set, live),
    ...errorColumn(set, live),
    { ...numberColumn(set, "live", "Share", (value) => formatShare(value, total)), wide: true },
    numberColumn(set, "liveBlocks", "Blocks", formatCount),
    { label: "Kept", numeric: true, title: "The part of all bytes allocated here that was never freed",
      value: (site) => set.sites.live[site] / (set.sites.total[site] || 1),
      cell: (site) => formatShare(set.sites.live[site], set.sites.total[site]) },
    { ...numberColumn(set, "first", "First", formatTime), title: "The first allocation, after the start" },
    { ...numberColumn(set, "last", "Last", formatTime), title: "The last allocation, after the start" },
  ];
}

const shortLabels = { live: "In use", peak: "At peak", total: "Total", blocks: "Allocations",
  temporary: "Temporary", weight: "Weight", events: "Events" };

function metricColumn(set, metric) {
  const values = set.sites[metric.column];
  const highest = values.reduce((a, b) => Math.max(a, b), 0);
  return {
    label: shortLabels[metric.key],
    title: metric.label,
    numeric: true,
    first: metric === set.metrics[0],
    wide: metric.key === "blocks" || metric.key === "temporary",
    value: (site) => values[site],
    cell: (site) => [
      metric.format(values[site]),
      element("i", { class: "bar", style: `--share: ${(values[site] / (highest || 1)).toFixed(4)}` }),
    ],
  };
}

function errorColumn(set, { column, error }) {
  return set.totals[error] > 0
    ? [{ ...numberColumn(set, error, "Error", () => ""), wide: true,
      title: "Standard error of the estimate",
      cell: (site) => formatError(set.sites[error][site], set.sites[column][site]) }]
    : [];
}

function numberColumn(set, column, label, format) {
  const values = set.sites[column];
  return { label, numeric: true, value: (site) => values[site], cell: (site) => format(values[site]) };
}

/** The column that names a site: its innermost function that is not the runtime's, and the source line. */
export function siteColumn(set) {
  const { names } = set;
  const name = (site) => {
    const frame = set.leadingFrame(site);
    return frame < 0 ? "(no stack)" : names.functionName(names.frames.function[frame]);
  };
  return {
    label: "Site",
    value: name,
    cell: (site) => {
      const frame = set.leadingFrame(site);
      if (frame < 0) {
        return name(site);
      }

      const caller = set.callerOf(site, frame);
      return element("span", { class: "site" }, element("b", {}, ...breakable(name(site))),
        element("small", {}, baseName(names.source(frame)) || names.moduleName(names.frames.function[frame])),
        caller < 0 ? undefined
          : element("small", { class: "wide" }, `from ${names.functionName(names.frames.function[caller])}`));
    },
  };
}

/** The whole stack of a site and its other figures. */
export function siteDetails(set, site) {
  const { names, sites } = set;
  const frames = set.stack(site);
  const stack = element("ol", { class: "stack" }, ...frames.map((frame) => {
    const f = names.frames.function[frame];
    return element("li", { class: `kind-${kinds[names.kind(f)]}` },
      element("b", {}, ...breakable(names.functionName(f))),
      names.frames.inlined[frame] ? element("em", {}, "inlined") : undefined,
      element("span", { title: names.modulePath(f) }, names.moduleName(f)),
      element("code", {}, names.source(frame)));
  }));
  return element("div", { class: "site-details" }, element("p", {}, facts(set, site).join(" · ")), stack);
}

function facts(set, site) {
  const { sites } = set;
  const has = (column) => column in sites;
  const sizes = () => sites.minSize[site] === sites.maxSize[site] ? formatBytes(sites.minSize[site])
    : `${formatBytes(sites.minSize[site])} to ${formatBytes(sites.maxSize[site])}`;
  const rounding = () => formatShare(sites.usable[site] - sites.total[site], sites.usable[site]);
  return [
    has("type") ? set.names.strings[sites.type[site]] : "",
    has("minSize") && sites.maxSize[site] > 0 ? `sizes ${sizes()}` : "",
    has("usable") && sites.usable[site] > 0 ? `${rounding()} rounding` : "",
    has("max") ? `at most ${formatBytes(sites.max[site])} in use` : "",
    has("samples") ? `${formatCount(sites.samples[site])} samples` : "",
    has("first") ? `first at ${formatTime(sites.first[site])}, last at ${formatTime(sites.last[site])}` : "",
  ].filter((fact) => fact !== "");
}
