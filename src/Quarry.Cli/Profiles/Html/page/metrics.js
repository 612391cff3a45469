import { formatBytes, formatCount } from "./format.js";

// What the reader can see a heap by. A data set has those metrics whose column it has.

export const metrics = [
  { key: "live", label: "In use at the end", column: "live", error: "liveError", format: formatBytes },
  { key: "peak", label: "In use at the peak", column: "peak", format: formatBytes },
  { key: "total", label: "Allocated in total", column: "total", error: "totalError", format: formatBytes },
  { key: "blocks", label: "Allocations (count)", column: "blocks", format: formatCount },
  { key: "weight", label: "Weight", column: "weight", format: formatCount },
  { key: "events", label: "Events", column: "events", format: formatCount },
  { key: "temporary", label: "Temporary (count)", column: "temporary", format: formatCount },
];
