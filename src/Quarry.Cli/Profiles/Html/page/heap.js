import { element } from "./elements.js";
import { formatBytes, formatChange, formatCount, formatShare, formatTime } from "./format.js";
import { createTable } from "./table.js";

/** Creates the table of threads; its rows have id, name, bytes, blocks, freed and first. */
export function createThreads(threads) {
  const columns = [
    textColumn("Thread", (i) => threads[i].name || "(unnamed)"),
    { label: "ID", numeric: true, value: (i) => threads[i].id, cell: (i) => String(threads[i].id) },
    barColumn("Allocated", threads.map((t) => t.bytes), formatBytes),
    barColumn("Allocations", threads.map((t) => t.blocks), formatCount),
    barColumn("Freed", threads.map((t) => t.freed), formatBytes, "Blocks of any thread that this one freed"),
    { label: "Balance", numeric: true,
      title: "Allocated less freed; negative for a thread that frees what others allocate",
      value: (i) => threads[i].bytes - threads[i].freed,
      cell: (i) => formatChange(threads[i].bytes - threads[i].freed, formatBytes) },
    { label: "First allocation", numeric: true, wide: true, value: (i) => threads[i].first,
      cell: (i) => formatTime(threads[i].first) },
  ];
  return filled(columns, threads, "Threads that allocate", columns[2]);
}

/**
 * Creates the table of size classes; its rows have size (0 for larger blocks), inUse (blocks), allocations
 * and pages (bytes).
 */
export function createSizeClasses(classes, statistics, requested) {
  const used = (c) => (c.size === 0 ? c.pages : c.size * c.inUse);
  const free = (c) => Math.max(c.pages - used(c), 0);
  const columns = [
    { label: "Block size", numeric: true, value: (i) => -(classes[i].size || Infinity),
      cell: (i) => (classes[i].size === 0 ? "larger" : formatBytes(classes[i].size)) },
    barColumn("Blocks in use", classes.map((c) => c.inUse), formatCount),
    barColumn("Bytes in use", classes.map(used), formatBytes),
    barColumn("Pages", classes.map((c) => c.pages), formatBytes, "Memory that the pages of the class span"),
    barColumn("Free in pages", classes.map(free), formatBytes,
      "Fragmentation: memory in the pages of the class that no block uses"),
    { label: "Free share", numeric: true, value: (i) => free(classes[i]) / (classes[i].pages || 1),
      cell: (i) => (classes[i].size === 0 ? "" : formatShare(free(classes[i]), classes[i].pages)) },
    { ...barColumn("Allocations", classes.map((c) => c.allocations), formatCount), wide: true },
  ];
  const rows = classes.filter((c) => c.pages > 0 || c.allocations > 0);
  const { element: table, show } = filled(columns, classes, "Size classes", columns[4],
    (i) => rows.includes(classes[i]));
  return { element: element("div", {}, createLevels(statistics, requested), table), show };
}

/** Bars of the memory at each level, from what the program requested to what the process occupies. */
function createLevels(statistics, requested) {
  const levels = [
    ["Requested", requested, "Bytes that the program asked for, for the recorded blocks in use"],
    ["In use", statistics.inUse, "Usable bytes of all blocks in use"],
    ["In slices", statistics.used, "Slices and mappings that hold blocks"],
    ["Committed", statistics.committed, "Memory that the heap has from the system"],
    ["Resident", statistics.resident, "Memory of the whole process: code, stacks and other heaps included"],
  ].filter(([, value]) => value > 0);
  const highest = Math.max(...levels.map(([, value]) => value));
  return element("dl", { class: "levels" }, ...levels.flatMap(([label, value, title]) => [
    element("dt", { title }, label),
    element("dd", {}, element("i", { style: `width: ${((100 * value) / highest).toFixed(2)}%` }),
      element("span", {}, formatBytes(value))),
  ]));
}

function textColumn(label, value) {
  return { label, value, cell: value };
}

function barColumn(label, values, format, title) {
  const highest = values.reduce((a, b) => Math.max(a, b), 0);
  return {
    label,
    title,
    numeric: true,
    value: (i) => values[i],
    cell: (i) => [format(values[i]), element("i", { class: "bar",
      style: `--share: ${(Math.max(values[i], 0) / (highest || 1)).toFixed(4)}` })],
  };
}

function filled(columns, items, caption, sort, filter = () => true) {
  const table = createTable(columns, { caption, sort });
  return { element: table.element, show: () => table.setRows(items.map((_, i) => i).filter(filter)) };
}
