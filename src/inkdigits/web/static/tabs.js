// Tabs (WAI-ARIA pattern) and the choice of light or dark.

const THEME = "inkdigits-theme";
const tabs = [...document.querySelectorAll("[role=tab]")];

export function startTabs(onChoose) {
  tabs.forEach((tab) => {
    tab.addEventListener("click", () => chooseTab(tab.getAttribute("aria-controls"), onChoose));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const there = tabs.filter((each) => !each.hidden);
      const next = there[(there.indexOf(tab) + step + there.length) % there.length];
      next.focus();
      next.click();
    });
  });
}

export function chooseTab(name, onChoose) {
  for (const tab of tabs) {
    const isChosen = tab.getAttribute("aria-controls") === name;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen;
  }
  // Corrections are no answer: beside them there is none.
  document.querySelector("main").classList.toggle("alone", name === "corrections");
  document.getElementById("answer").hidden = name === "corrections";
  document.querySelector(".skip").hidden = name === "corrections";
  onChoose(name);
}

export function startTheme(onChange) {
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (localStorage.getItem(THEME) ?? (system.matches ? "dark" : "light")) === "dark";
  const apply = () => {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
    button.setAttribute("aria-pressed", String(isDark()));
    onChange();
  };
  button.addEventListener("click", () => {
    localStorage.setItem(THEME, isDark() ? "light" : "dark");
    apply();
  });
  system.addEventListener("change", apply);
  apply();
}
