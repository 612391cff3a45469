import { element } from "./elements.js";

/**
 * Creates tabs. Each has key, label and view with element, show(), called when it is first seen, and
 * optionally redraw(). The address names the tab, so that a part of the report can be linked to.
 */
export function createTabs(tabs) {
  const list = element("div", { role: "tablist", "aria-label": "Parts of the report", onkeydown: onKey });
  const panels = element("div", { class: "panels" });
  const shown = new Set();
  for (const tab of tabs) {
    tab.button = element("button", { type: "button", role: "tab", id: `tab-${tab.key}`, tabindex: "-1",
      "aria-controls": `panel-${tab.key}`, onclick: () => select(tab) }, tab.label);
    tab.panel = element("div", { role: "tabpanel", id: `panel-${tab.key}`, tabindex: "-1", hidden: true,
      "aria-labelledby": `tab-${tab.key}` }, tab.view.element);
    list.append(tab.button);
    panels.append(tab.panel);
  }

  function select(tab) {
    for (const other of tabs) {
      const chosen = other === tab;
      other.button.setAttribute("aria-selected", String(chosen));
      other.button.tabIndex = chosen ? 0 : -1;
      other.panel.hidden = !chosen;
    }

    history.replaceState(null, "", `#${tab.key}`);
    if (!shown.has(tab)) {
      shown.add(tab);
      tab.view.show();
    }
  }

  function onKey(event) {
    const position = tabs.findIndex((tab) => tab.button === event.target);
    const next = {
      ArrowLeft: tabs.at(position - 1),
      ArrowRight: tabs[(position + 1) % tabs.length],
      Home: tabs[0],
      End: tabs.at(-1),
    }[event.key];
    if (next) {
      event.preventDefault();
      select(next);
      next.button.focus();
    }
  }

  const byAddress = () => tabs.find((tab) => tab.key === location.hash.slice(1));
  addEventListener("hashchange", () => byAddress() && select(byAddress()));
  return {
    elements: [list, panels],
    start: () => select(byAddress() ?? tabs[0]),
    select: (key) => select(tabs.find((tab) => tab.key === key)),
    redraw: () => shown.forEach((tab) => tab.view.redraw?.()),
  };
}
