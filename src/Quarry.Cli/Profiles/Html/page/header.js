import { element } from "./elements.js";
import { formatBytes, formatChange, formatCount, formatError, formatShare, formatTime } from "./format.js";
import { createThemeButton } from "./theme.js";

/** Creates the header of a profile: the program, how it was recorded, and its statistics. */
export function createHeader(data) {
  const { run, totals, statistics, managed } = data;
  const cards = [
    card(run.ended ? "In use at the end" : "In use", formatBytes(totals.live),
      [formatError(totals.liveError, totals.live), `${formatCount(totals.liveBlocks)} blocks`]),
    card("In use at the peak", formatBytes(totals.peak), [`after ${formatTime(run.peakTime)}`]),
    card("Allocated in total", formatBytes(totals.total),
      [formatError(totals.totalError, totals.total), `${formatCount(totals.blocks)} blocks`]),
    run.mode === "exact" && card("Temporary", formatShare(totals.temporary, totals.blocks),
      [`${formatCount(totals.temporary)} blocks`]),
    managed && card("Managed objects", formatBytes(managed.bytes),
      [formatError(managed.error, managed.bytes), "allocated",
        managed.heap > 0 && `${formatBytes(managed.heap)} after the last collection`]),
    statistics.resident > 0 && card("Resident", formatBytes(statistics.resident),
      [`peak ${formatBytes(statistics.peakResident)}`]),
    statistics.committed > 0 && card("Committed", formatBytes(statistics.committed),
      [`${formatShare(statistics.committed - statistics.inUse, statistics.committed)} not in use`]),
  ];
  return element("header", {}, headline(data.title, `Heap profile of ${run.command}`),
    element("p", { class: "facts" }, runFacts(run, totals).join(" · ")),
    element("div", { class: "cards" }, ...cards.filter((c) => c)),
    ...lossNotices(data.losses));
}

/** Creates the header of a comparison: both programs and the changes of the statistics. */
export function createDifferenceHeader(data) {
  const { before, after } = data;
  const facts = (label, side) => element("p", { class: "facts" }, element("b", {}, label),
    ` ${side.run.command} · ${runFacts(side.run, side.totals).join(" · ")}`);
  const change = (label, key, format) => card(label,
    formatChange(after.totals[key] - before.totals[key], format),
    [`${format(before.totals[key])} \u2192 ${format(after.totals[key])}`]);
  return element("header", {}, headline(data.title, "Comparison of two heap profiles"),
    facts("Before", before), facts("After", after),
    element("div", { class: "cards" },
      change("In use at the end", "live", formatBytes),
      change("In use at the peak", "peak", formatBytes),
      change("Allocated in total", "total", formatBytes),
      change("Allocations", "blocks", formatCount)),
    ...lossNotices(before.losses, "Before: "), ...lossNotices(after.losses, "After: "));
}

function headline(title, subtitle) {
  return element("div", { class: "headline" },
    element("div", {}, element("h1", {}, title),
      element("p", { class: "command", title: subtitle }, subtitle)),
    createThemeButton());
}

function card(label, value, lines) {
  return element("div", { class: "card" }, element("h2", {}, label), element("strong", {}, value),
    ...lines.filter((line) => line).map((line) => element("span", {}, line)));
}

function formatInterval(run) {
  const least = formatBytes(run.sampleInterval);
  return run.largestSampleInterval > run.sampleInterval
    ? `${least} to ${formatBytes(run.largestSampleInterval)}` : least;
}

function runFacts(run, totals) {
  const mode = run.mode === "exact" ? "every allocation recorded"
    : run.mode === "off" ? "nothing recorded"
      : `sampled every ${formatInterval(run)}, ${formatCount(totals.samples)} samples`;
  return [
    `process ${run.processId}`,
    new Date(run.started).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" }),
    `${run.ended ? "ran for" : "observed for"} ${formatTime(run.duration)}`,
    mode,
  ];
}

function lossNotices(losses, prefix = "") {
  const texts = [
    [losses.noRoom, "allocations whose site found no room in the file; raise profile_max"],
    [losses.nested, "allocations during the recording of another one, in signal handlers, left out"],
    [losses.incomplete, "stacks that could not be walked to the start of their thread"],
    [losses.truncated, "stacks with more frames than are kept"],
  ];
  return texts.filter(([count]) => count > 0).map(([count, text]) =>
    element("p", { class: "notice" }, `${prefix}${formatCount(count)} ${text}.`));
}
