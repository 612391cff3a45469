import { element } from "./elements.js";

const themes = ["auto", "light", "dark"];
const listeners = [];

/** Calls changed after each change between light and dark. */
export function onThemeChange(changed) {
  listeners.push(changed);
}

/** Creates the button that switches between the system's theme, light and dark. */
export function createThemeButton() {
  const button = element("button", { type: "button", class: "theme", onclick: () => {
    apply(themes[(themes.indexOf(current()) + 1) % themes.length]);
  } });

  function apply(theme) {
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
    listeners.forEach((changed) => changed());
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => listeners.forEach((c) => c()));
  apply(current());
  return button;
}

function current() {
  return document.documentElement.dataset.theme ?? "auto";
}
