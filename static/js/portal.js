// Small comforts. Every page works without this file.

const KEYS = "single-keys";
const keysWork = () => localStorage.getItem(KEYS) !== "off";
const typing = (target) =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable]:not([contenteditable='false'])");

// --- shortcuts: "/" and "?", never while typing, and they can be switched off (WCAG 2.1.4)
const sheet = document.getElementById("shortcuts");
const choice = document.querySelector("[data-single-keys]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeMenus(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (!keysWork() || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    const box = [...document.querySelectorAll("[data-search]")].find((input) => input.offsetParent !== null);
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  } else if (event.key === "?" && sheet) {
    event.preventDefault();
    sheet.showModal();
  }
});

if (choice) {
  choice.checked = keysWork();
  choice.addEventListener("change", () => localStorage.setItem(KEYS, choice.checked ? "on" : "off"));
}
for (const opener of document.querySelectorAll("[data-shortcuts]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => sheet.showModal());
}

// --- menus close by Escape and by a click elsewhere
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    if (menu.contains(event.target)) menu.querySelector("summary").focus();
  }
}
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".account-wide details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// --- what is new on the page, at first and after htmx has swapped a part
function settle(root) {
  root.querySelector("[data-errors]:not([data-sample] *)")?.focus();
  for (const button of root.querySelectorAll("[data-dismiss]")) button.hidden = false;
}

// A live region speaks only of what changes after it stands: say the toasts once more. Each keeps its place meanwhile,
// or the page would not stand still at the part that its address names.
function announce() {
  for (const toast of document.querySelectorAll("[data-toasts] > .toast")) {
    const said = [...toast.childNodes];
    toast.style.minBlockSize = `${toast.offsetHeight}px`;
    toast.replaceChildren();
    requestAnimationFrame(() => toast.append(...said));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-dismiss]");
  if (!button) return;
  button.closest(".toast").remove();
  document.getElementById("main")?.focus({ preventScroll: true });
});

// --- a form is sent once; the server would not mind, but the reader sees that it is on its way
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), 8000);
});
function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});
document.addEventListener("htmx:afterSettle", (event) => settle(event.target));

settle(document);
announce();
