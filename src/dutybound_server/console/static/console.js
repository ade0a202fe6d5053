// Small comforts of the console: menus that close, keys, looking while a key is held.
// Every page works without this file.
"use strict";

const all = (selector) => [...document.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);
const isWide = () => matchMedia("(min-width: 64rem)").matches;

// ── Menus close when one clicks elsewhere or presses Escape, and give the focus back. ──────────

document.addEventListener("click", (event) => {
  for (const menu of all("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

function closeMenus() {
  for (const menu of all("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

// ── A case opens beside the list where there is room, and as a page of its own where not. ──────

document.addEventListener(
  "click",
  (event) => {
    // htmx listens on the row itself; stopped here, the link is an ordinary link.
    if (event.target.closest?.(".case-row") && !isWide()) event.stopPropagation();
  },
  true,
);

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "case") showWhichIsOpen();
  hideIfLetGo();
});

function showWhichIsOpen() {
  const open = one("[data-case]");
  one(".panes").classList.toggle("panes-open", Boolean(open));
  for (const row of all(".case-row")) {
    if (open && row.dataset.reference === open.dataset.case) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  one("#opened").textContent = open ? `Opened: ${one("#case h1").textContent}` : "";
}

// ── Looking while R is held: letting go hides the picture, even if it came only then. ──────────

let held = null; // id of the figure that is looked at

function look() {
  const here = document.activeElement.closest?.(".media");
  const button = here?.querySelector("[data-look]") ?? one("[data-look]");
  if (!button || held) return;
  held = { figure: button.closest(".media").id, letGo: false };
  button.click();
}

function letGo() {
  if (!held) return;
  held.letGo = true;
  hideIfLetGo();
}

function hideIfLetGo() {
  if (!held?.letGo) return;
  const hide = document.getElementById(held.figure)?.querySelector("[data-hide]");
  // Until htmx has settled, a click would only follow the link to where one is already, and the
  // picture would stay. htmx:afterSettle comes back here.
  if (!hide || hide.closest(".htmx-added")) return;
  held = null;
  hide.click();
}

document.addEventListener("keyup", (event) => {
  if (event.key.toLowerCase() === "r") letGo();
});
window.addEventListener("blur", letGo);

// ── Keys. They can be switched off on the sheet that explains them. ────────────────────────────

const KEYS_OFF = "dutybound.keys-off";
const keysAreOn = () => localStorage.getItem(KEYS_OFF) === null;

function move(step) {
  const rows = all(".case-row");
  const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[at < 0 ? 0 : at + step];
  if (!next) return;
  next.focus();
  next.click();
}

function choose(number) {
  const choice = all(".outcome input")[number - 1];
  if (!choice) return;
  choice.click();
}

// The questions that an outcome unfolds come into view, the button that decides with them.
document.addEventListener("change", (event) => {
  if (event.target.closest?.(".outcomes")) one("#decide").scrollIntoView({ block: "nearest" });
});

one("[data-focus]")?.focus();
one(".case-row[aria-current]")?.scrollIntoView({ block: "nearest" });

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  c: () => one('[data-key="c"]')?.click(),
  r: look,
  "/": () => one("#search")?.focus(),
  "?": () => one("#keys")?.showModal(),
  1: () => choose(1),
  2: () => choose(2),
  3: () => choose(3),
  4: () => choose(4),
  5: () => choose(5),
};

const isTyping = (target) =>
  target.matches("textarea, select, input:not([type=radio], [type=checkbox])") || one("dialog[open]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeMenus();
  if ((event.metaKey || event.ctrlKey) && event.key === "Enter") {
    const form = one("#decide");
    if (form) form.requestSubmit(form.querySelector("[data-decide]"));
    return;
  }
  if (event.metaKey || event.ctrlKey || event.altKey || event.repeat) return;
  const act = KEYS[event.key];
  if (!act || !keysAreOn() || isTyping(event.target)) return;
  event.preventDefault();
  act();
});

for (const button of all("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => one("#keys").showModal());
}

for (const tick of all("[data-keys-on]")) {
  tick.checked = keysAreOn();
  tick.addEventListener("change", () => {
    if (tick.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "yes");
  });
}

// A tick in the head of a table ticks the whole table.
document.addEventListener("change", (event) => {
  const whole = event.target.closest?.("[data-tick-all]");
  if (!whole) return;
  for (const tick of whole.form.querySelectorAll("[data-tick]")) tick.checked = whole.checked;
});
