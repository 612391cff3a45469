import { element } from "./elements.js";
import { formatCount } from "./format.js";

const pageSize = 100;

/**
 * Creates a table of rows that are numbers. Columns have label, value(row) to sort by, cell(row) with the
 * content, numeric, and optionally title and wide (left out on narrow screens). Options are caption, sort
 * (the first column to sort by, descending), and expand(row), which creates the details of a row.
 */
export function createTable(columns, options) {
  const state = { rows: [], sort: options.sort, descending: true, page: 0 };
  const head = element("tr", {});
  const body = element("tbody", { onkeydown: moveFocus });
  const status = element("output", { class: "matches" });
  const previous = element("button", { type: "button", onclick: () => turn(-1) }, "Previous");
  const next = element("button", { type: "button", onclick: () => turn(1) }, "Next");
  const pages = element("div", { class: "pages" }, previous, status, next);
  const result = element("div", {},
    element("div", { class: "scroll" },
      element("table", {},
        element("caption", {}, options.caption), element("thead", {}, head), body)),
    pages);

  const headers = columns.map((column) => {
    const sortBy = element("button", { type: "button", onclick: () => sort(column) }, column.label);
    const cell = element("th", { scope: "col", class: classOf(column), title: column.title }, sortBy);
    head.append(cell);
    return cell;
  });

  function classOf(column) {
    return [column.numeric ? "number" : "text", column.wide ? "wide" : ""].join(" ").trim();
  }

  function setRows(rows) {
    state.rows = rows;
    state.page = 0;
    order();
  }

  function sort(column) {
    state.descending = state.sort === column ? !state.descending : column.numeric === true;
    state.sort = column;
    state.page = 0;
    order();
  }

  function order() {
    const { value, numeric } = state.sort;
    const sign = state.descending ? -1 : 1;
    const keyed = state.rows.map((row) => [value(row), row]);
    // Not localeCompare: it takes a second for 20,000 names.
    keyed.sort(([a], [b]) => sign * (numeric ? a - b : a < b ? -1 : a > b ? 1 : 0));
    state.rows = keyed.map(([, row]) => row);
    headers.forEach((header, i) => {
      const direction = state.descending ? "descending" : "ascending";
      header.setAttribute("aria-sort", columns[i] === state.sort ? direction : "none");
    });
    draw();
  }

  function turn(pagesForward) {
    state.page += pagesForward;
    draw();
    result.scrollIntoView({ block: "nearest" });
  }

  function draw() {
    const start = state.page * pageSize;
    const shown = state.rows.slice(start, start + pageSize);
    body.replaceChildren(...shown.flatMap((row) => drawRow(row)));
    const last = start + shown.length;
    status.textContent = state.rows.length === 0 ? "No rows"
      : `${formatCount(start + 1)} to ${formatCount(last)} of ${formatCount(state.rows.length)}`;
    previous.disabled = start === 0;
    next.disabled = last >= state.rows.length;
    pages.hidden = state.rows.length > 0 && state.rows.length <= pageSize;
  }

  function drawRow(row) {
    const cells = columns.map((column) =>
      element("td", { class: classOf(column) }, ...[column.cell(row)].flat()));
    if (!options.expand) {
      return [element("tr", {}, ...cells)];
    }

    const more = element("tr", { class: "more", hidden: true });
    const toggle = element("button", { type: "button", class: "toggle", "aria-expanded": "false",
      "aria-label": "Show the stack" });
    cells[0].prepend(toggle);
    const line = element("tr", { class: "row", onclick: (event) => {
      if (event.target.closest("a") || String(getSelection()) !== "") {
        return;
      }

      if (!more.hasChildNodes()) {
        more.append(element("td", { colspan: columns.length }, options.expand(row)));
      }

      more.hidden = !more.hidden;
      toggle.setAttribute("aria-expanded", String(!more.hidden));
    } }, ...cells);
    return [line, more];
  }

  /** Moves from row to row with the arrow keys. */
  function moveFocus(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const toggles = [...body.querySelectorAll("button.toggle")];
    const position = toggles.indexOf(event.target);
    if (step && position >= 0) {
      event.preventDefault();
      toggles[position + step]?.focus();
    }
  }

  return { element: result, setRows };
}
