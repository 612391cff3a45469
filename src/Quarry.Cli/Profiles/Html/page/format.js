// Numbers as people read them, in the same form as in the terminal.

const units = ["KiB", "MiB", "GiB", "TiB", "PiB"];

/** Formats a size with three significant digits: "512 B", "1.50 KiB", "23.4 MiB". */
export function formatBytes(bytes) {
  if (Math.abs(bytes) < 1024) {
    return `${Math.round(bytes)} B`;
  }

  let unit = -1;
  do {
    bytes /= 1024;
    unit++;
  } while (Math.abs(bytes) >= 1023.5 && unit < units.length - 1);

  return `${threeDigits(bytes)} ${units[unit]}`;
}

/** Formats a count: "0", "1 234", "12.3 M". Estimates may have fractions; they are rounded. */
export function formatCount(count) {
  const size = Math.abs(count);
  if (size >= 1e9) {
    return `${threeDigits(count / 1e9)} G`;
  }

  return size >= 1e7 ? `${threeDigits(count / 1e6)} M` : grouped(Math.round(count));
}

/** Formats a time in nanoseconds: "420 µs", "12.3 ms", "1.23 s", "2 min 5 s". */
export function formatTime(nanoseconds) {
  const seconds = nanoseconds / 1e9;
  if (seconds >= 7200) {
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  }

  if (seconds >= 120) {
    return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  }

  if (seconds >= 1) {
    return `${threeDigits(seconds)} s`;
  }

  return nanoseconds >= 1e6 ? `${threeDigits(nanoseconds / 1e6)} ms`
    : nanoseconds >= 1e3 ? `${threeDigits(nanoseconds / 1e3)} µs` : `${Math.round(nanoseconds)} ns`;
}

/** Formats a part of a whole: "12.3 %". */
export function formatShare(part, whole) {
  const percent = whole ? (100 * part) / whole : 0;
  return percent !== 0 && Math.abs(percent) < 0.01 ? "< 0.01 %" : `${threeDigits(percent)} %`;
}

/** Shortens a formatted number on an axis: "64.0 MiB" to "64 MiB". */
export function withoutZeros(text) {
  return text.replace(/(\.\d*?)0+(?= )/, (_, digits) => (digits === "." ? "" : digits));
}

/** Formats a change with its sign. */
export function formatChange(change, format) {
  return change === 0 ? "0" : (change > 0 ? "+" : "\u2212") + format(Math.abs(change));
}

/** Formats a standard error relative to its figure, or nothing for an exact figure. */
export function formatError(error, figure) {
  return error > 0 && figure !== 0 ? `± ${threeDigits((100 * error) / Math.abs(figure))} %` : "";
}

function threeDigits(value) {
  const size = Math.abs(value);
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

function grouped(integer) {
  return String(integer).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
