// Creates elements. Text always becomes a text node: names of a program are never read as HTML.

/** Creates an element; properties that start with "on" are listeners, undefined ones are left out. */
export function element(tag, properties = {}, ...children) {
  const result = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) {
      result.addEventListener(name.slice(2), value);
    } else if (value === true) {
      result.setAttribute(name, "");
    } else if (value !== undefined && value !== false) {
      result.setAttribute(name, value);
    }
  }

  result.append(...children.filter((child) => child !== undefined && child !== ""));
  return result;
}

/** A name that may be broken after a part of it, which suits names with namespaces better than anywhere. */
export function breakable(name) {
  const parts = name.split(/(?<=[.:_(,])(?=\w)/);
  return parts.flatMap((part, i) => (i === 0 ? [part] : [element("wbr"), part]));
}

let labels = 0;

/** Creates a labeled select; changed receives the new value. */
export function selection(label, options, value, changed) {
  const id = `select-${++labels}`;
  const select = element("select", { id, onchange: () => changed(select.value) });
  for (const option of options) {
    select.append(element("option", { value: option.key, selected: option.key === value }, option.label));
  }

  return element("span", { class: "control" }, element("label", { for: id }, label), select);
}

/** Creates a labeled checkbox; changed receives the new state. */
export function checkbox(label, checked, changed) {
  const input = element("input", { type: "checkbox", checked, onchange: () => changed(input.checked) });
  return element("label", { class: "control" }, input, label);
}

/** Creates a search field; changed receives its text, shortly after the last key. */
export function searchField(label, changed) {
  let timer = 0;
  const input = element("input", {
    type: "search",
    class: "search",
    placeholder: label,
    "aria-label": label,
    spellcheck: "false",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => changed(input.value.trim()), 150);
    },
  });
  return input;
}

/** Calls changed when the width of an element changes, at most once a frame. */
export function onWidthChange(target, changed) {
  let width = 0;
  new ResizeObserver(() => requestAnimationFrame(() => {
    if (target.clientWidth > 0 && target.clientWidth !== width) {
      const first = width === 0;
      width = target.clientWidth;
      if (!first) {
        changed();
      }
    }
  })).observe(target);
}
