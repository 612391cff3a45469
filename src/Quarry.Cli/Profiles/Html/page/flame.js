import { kinds, runtimeKind } from "./data.js";
import { checkbox, element, onWidthChange, searchField, selection } from "./elements.js";
import { formatShare } from "./format.js";
import { buildTree } from "./tree.js";

const rowHeight = 20;

/**
 * Creates a flame graph with its controls. The source has metrics (each with key, label, format and a
 * function columns(set)), a function describe(node, metric, root), and optionally color(node) and legend,
 * which replace the colors by kind.
 */
export function createFlameGraph(set, source, onSites) {
  // A program that frees all its memory has nothing in use at the end.
  const first = source.metrics.find((metric) => set.totals[metric.column] > 0) ?? source.metrics[0];
  const state = { metric: first, fold: true, bottomUp: false, icicle: true, term: "", path: [] };
  const chart = element("div", { class: "flame" });
  const details = element("output", { class: "details" });
  const matches = element("output", { class: "matches" });
  const zoomOut = element("button", { type: "button", disabled: true, onclick: resetZoom }, "Zoom out");
  const showSites = element("button", { type: "button", disabled: true, onclick: listSites }, "List sites");
  const search = searchField("Search functions", (term) => {
    state.term = term;
    applySearch();
  });
  let graph = null;
  let svg = null;
  let focused = null;

  const change = (name) => (value) => {
    state[name] = value;
    draw();
  };
  const hasRuntime = set.names.functions.kind.includes(runtimeKind);
  const result = element("section", { class: "panel", "aria-label": `Flame graph: ${set.label}` },
    element("div", { class: "toolbar" },
      selection("Show", source.metrics, state.metric.key, (key) =>
        change("metric")(source.metrics.find((m) => m.key === key))),
      selection("Order", [
        { key: "", label: "callers first" },
        { key: "bottomUp", label: "allocating function first" },
      ], "", (key) => change("bottomUp")(key !== "")),
      checkbox("Icicle", state.icicle, change("icicle")),
      hasRuntime ? checkbox("Runtime frames", !state.fold, (on) => change("fold")(!on)) : undefined,
      search, matches, zoomOut, showSites),
    details, chart, source.legend ?? kindLegend(set));
  chart.addEventListener("keydown", onKey);
  chart.addEventListener("focusin", (event) => describe(event.target.__data__));
  onWidthChange(chart, draw);

  function draw() {
    const { flamegraph, select } = QuarryLibraries;
    const root = buildTree(set, state.metric.columns(set), state);
    graph?.destroy();
    chart.replaceChildren();
    focused = null;
    if (!(root.value > 0)) {
      graph = null;
      chart.append(element("p", { class: "empty" }, `${state.metric.label}: none`));
      describe(null);
      return;
    }

    graph = flamegraph()
      .width(Math.max(chart.clientWidth, 320))
      .cellHeight(rowHeight)
      .minFrameSize(1)
      .transitionDuration(0)
      .inverted(state.icicle)
      .resetHeightOnZoom(true)
      .sort((a, b) => (a.data.key === "other") - (b.data.key === "other") || b.data.value - a.data.value)
      .tooltip(createTooltip((d) => source.describe(d.data, state.metric, root)))
      .setColorMapper((d) => (d.highlight ? "var(--match)" : source.color?.(d.data) ?? kindColor(d.data)))
      .setSearchMatch((d, term) => d.data.name.toLowerCase().includes(term))
      .setSearchHandler((found, sum) => {
        matches.textContent = found.length === 0 ? "no match"
          : `${state.metric.format(sum)}, ${formatShare(sum, root.value)}`;
      })
      .setDetailsHandler(() => {})
      .onClick((d) => zoomed(d));
    select(chart).datum(root).call(graph);
    settle();
    svg = chart.querySelector("svg");
    svg.setAttribute("role", "tree");
    svg.setAttribute("aria-label", `${state.metric.label}; arrow keys move, Enter zooms, Escape zooms out`);
    restoreZoom();
    if (state.term !== "") {
      applySearch();
    }
  }

  /** Ends the transitions of the chart: those of new frames have no option, and all wait for a timer. */
  function settle() {
    const frames = QuarryLibraries.select(chart).selectAll("g.frame").interrupt();
    const width = graph.width();
    const y = (d) => (state.icicle ? d.depth * rowHeight : graph.height() - (d.depth + 1) * rowHeight);
    frames.attr("transform", (d) => `translate(${d.x0 * width},${y(d)})`);
    frames.select("rect").interrupt().attr("width", (d) => (d.x1 - d.x0) * width);
    frames.select(".d3-flame-graph-label").interrupt().text((d) => d.data.name);
  }

  function rootNode() {
    return svg.querySelector("g").__data__.ancestors().at(-1);
  }

  /** Zooms to the functions that were zoomed to before the tree was rebuilt, as far as they exist. */
  function restoreZoom() {
    let node = rootNode();
    for (const key of state.path) {
      const next = node.children?.find((c) => c.data.key === key);
      if (!next) {
        break;
      }

      node = next;
    }

    node.depth > 0 ? graph.zoomTo(node) : zoomed(node);
  }

  function zoomed(d) {
    settle();
    state.path = d.ancestors().reverse().slice(1).map((a) => a.data.key);
    zoomOut.disabled = d.depth === 0;
    focus(d, false);
    describe(d);
  }

  function resetZoom() {
    graph?.resetZoom();
  }

  function applySearch() {
    if (!graph) {
      return;
    }

    if (state.term === "") {
      matches.textContent = "";
      graph.clear();
    } else {
      graph.search(state.term.toLowerCase());
    }

    focus(focused ?? rootNode(), false);
  }

  function describe(d) {
    details.replaceChildren();
    showSites.disabled = !(d?.data.key >= 0);
    if (d) {
      const root = d.ancestors().at(-1).data;
      details.append(...source.describe(d.data, state.metric, root).map((line) =>
        element("span", {}, line)));
    }
  }

  function listSites() {
    if (focused?.data.key >= 0) {
      onSites(focused.data.name);
    }
  }

  /** Makes a frame the only one in the order of the Tab key. */
  function focus(d, now) {
    for (const g of svg.querySelectorAll("g[tabindex]")) {
      g.removeAttribute("tabindex");
    }

    const target = [...svg.querySelectorAll("g.frame")].find((g) => g.__data__ === d);
    if (target) {
      focused = d;
      target.setAttribute("tabindex", "0");
      target.setAttribute("role", "treeitem");
      target.setAttribute("aria-level", d.depth + 1);
      target.setAttribute("aria-label", source.describe(d.data, state.metric, rootNode().data).join(", "));
      if (now) {
        target.focus();
      }
    }
  }

  function onKey(event) {
    const d = event.target.__data__;
    if (!d) {
      return;
    }

    const visible = (node) => node.x1 - node.x0 > 0;
    const siblings = (d.parent?.children ?? [d]).filter(visible).sort((a, b) => a.x0 - b.x0);
    const position = siblings.indexOf(d);
    const child = d.children?.filter(visible).sort((a, b) => b.data.value - a.data.value)[0];
    const [inward, outward] = state.icicle ? ["ArrowDown", "ArrowUp"] : ["ArrowUp", "ArrowDown"];
    const next = {
      ArrowLeft: siblings[position - 1],
      ArrowRight: siblings[position + 1],
      Home: siblings[0],
      End: siblings.at(-1),
      [inward]: child,
      [outward]: d.parent,
    };
    if (event.key in next) {
      event.preventDefault();
      if (next[event.key]) {
        focus(next[event.key], true);
      }
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      graph.zoomTo(d);
      focus(d, true);
    } else if (event.key === "Escape") {
      resetZoom();
      focus(rootNode(), true);
    }
  }

  return { element: result, draw };
}

/** Lines of text about a node: its name, its value and its share, and its module. */
export function describeNode(set, node, metric, root) {
  const lines = [node.name, `${metric.format(node.value)}, ${formatShare(node.value, root.value)}`];
  if (node.key >= 0) {
    lines.push(set.names.moduleName(node.key));
  }

  return lines;
}

/** The color of a node: its hue by kind, its lightness by name, so that neighbors differ. */
function kindColor(node) {
  let hash = 0;
  for (let i = 0; i < node.name.length; i++) {
    hash = (hash * 31 + node.name.charCodeAt(i)) | 0;
  }

  const kind = kinds[node.kind] ?? "other";
  return `color-mix(in oklab, var(--kind-${kind}), var(--kind-mix) ${(hash >>> 0) % 32}%)`;
}

function kindLegend(set) {
  const present = kinds.filter((_, kind) => set.names.functions.kind.includes(kind));
  return element("p", { class: "legend" }, ...present.map((kind) =>
    element("span", {}, element("i", { style: `background: var(--kind-${kind})` }), kind)));
}

/** A tooltip in the form that the chart calls; it stays inside the window and never takes the pointer. */
function createTooltip(describe) {
  const tip = document.querySelector(".tip") ??
    document.body.appendChild(element("div", { class: "tip", role: "tooltip", hidden: true }));
  const tooltip = () => {};
  tooltip.show = (event, d) => {
    tip.replaceChildren(...describe(d).map((line) => element("div", {}, line)));
    tip.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = tip;
    const left = Math.min(event.clientX + 12, window.innerWidth - width - 4);
    const below = event.clientY + 16 + height < window.innerHeight;
    tip.style.left = `${Math.max(left, 4)}px`;
    tip.style.top = `${below ? event.clientY + 16 : event.clientY - height - 8}px`;
  };
  tooltip.hide = () => {
    tip.hidden = true;
  };
  return tooltip;
}
