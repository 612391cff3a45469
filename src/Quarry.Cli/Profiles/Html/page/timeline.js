import { element, onWidthChange } from "./elements.js";
import { formatBytes, formatTime, withoutZeros } from "./format.js";
import { createTable } from "./table.js";

const series = [
  { column: "live", label: "Profiled", color: "--series-1", width: 2 },
  { column: "inUse", label: "In use", color: "--series-2", width: 1.5 },
  { column: "committed", label: "Committed", color: "--series-3", width: 1.5 },
  { column: "resident", label: "Resident", color: "--series-4", width: 1.5 },
];

const height = 380;
const powersOfTwo = Array.from({ length: 52 }, (_, i) => 2 ** i);
const steps = Array.from({ length: 14 }, (_, i) => [1, 2, 5].map((digit) => digit * 10 ** (i - 6))).flat();

/** Creates the chart of the heap over time, with the same points as a table. */
export function createTimeline(timeline, peakTime) {
  const place = element("div", { class: "timeline" });
  if (timeline.time.length < 2) {
    place.append(element("p", { class: "empty" }, "The program was too short for a timeline."));
    return { element: place, show() {}, redraw() {} };
  }

  let plot = null;
  const note = element("p", { class: "note" },
    "Profiled: bytes of the recorded blocks. In use: bytes of all blocks. Committed: memory that the heap " +
    "has from the system. Resident: memory of the whole process. The dashed line marks the peak. Drag to " +
    "zoom, double-click to zoom out.");
  const result = element("div", {}, note, place, pointTable(timeline));
  onWidthChange(place, () => plot?.setSize({ width: place.clientWidth, height }));

  function draw() {
    const line = { stroke: colorOf(place, "--line"), width: 1 };
    const axis = { stroke: colorOf(place, "--text-dim"), grid: line, ticks: line, font: "12px system-ui" };
    plot?.destroy();
    plot = new QuarryLibraries.uPlot({
      width: place.clientWidth || 800,
      height,
      scales: { x: { time: false }, y: { range: (_, __, max) => [0, max * 1.05] } },
      axes: [
        { ...axis, incrs: steps, values: ticks((seconds) => formatTime(seconds * 1e9)) },
        { ...axis, incrs: powersOfTwo, size: 80, values: ticks(formatBytes) },
      ],
      series: [
        { label: "Time", value: (_, seconds) => (seconds === null ? "" : formatTime(seconds * 1e9)) },
        ...series.map(({ label, color, width }) => ({
          label,
          width,
          stroke: colorOf(place, color),
          points: { show: false },
          value: (_, bytes) => (bytes === null ? "" : formatBytes(bytes)),
        })),
      ],
      hooks: { draw: [(chart) => markPeak(chart, peakTime / 1e9, colorOf(place, "--text-dim"))] },
    }, [timeline.time.map((t) => t / 1e9), ...series.map((s) => timeline[s.column])], place);
  }

  return { element: result, show: draw, redraw: draw };
}

/** The value of a color property in the present theme: a canvas does not resolve properties. */
function colorOf(parent, property) {
  const probe = parent.appendChild(element("i", { style: `color: var(${property})` }));
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function ticks(format) {
  return (_, splits) => splits.map((value) => withoutZeros(format(value)));
}

function markPeak(chart, seconds, color) {
  const x = chart.valToPos(seconds, "x", true);
  const { left, top, width, height: tall } = chart.bbox;
  if (x < left || x > left + width) {
    return;
  }

  const { ctx } = chart;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.setLineDash([4, 4]);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, top + tall);
  ctx.stroke();
  ctx.restore();
}

/** The points for readers who cannot see the chart. */
function pointTable(timeline) {
  const details = element("details", {}, element("summary", {}, "The points as a table"));
  details.addEventListener("toggle", () => {
    const columns = [
      { label: "Time", numeric: true, value: (i) => -timeline.time[i],
        cell: (i) => formatTime(timeline.time[i]) },
      ...series.map(({ label, column }) => ({ label, numeric: true, value: (i) => timeline[column][i],
        cell: (i) => formatBytes(timeline[column][i]) })),
    ];
    const table = createTable(columns, { caption: "The heap over time", sort: columns[0] });
    table.setRows(timeline.time.map((_, i) => i));
    details.append(table.element);
  }, { once: true });
  return details;
}
