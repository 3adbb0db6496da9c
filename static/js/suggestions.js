// What is offered while somebody types into a search box: an editable combobox with a list (ARIA 1.2).
// Without this file the box is a form that is sent as it is. It never changes what is typed.

const PAUSE = 150;
const SHORTEST = 2;
let boxes = 0;

for (const input of document.querySelectorAll("[data-suggest]")) combobox(input);

function combobox(input) {
  const form = input.form;
  const list = element("ul", { id: `suggestions-${++boxes}`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestLabel);
  const said = element("p", { className: "visually-hidden" });
  said.setAttribute("role", "status");
  form.append(list, said);

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let timer = 0;
  let asking = null; // the request under way
  let asked = ""; // the words that the list answers
  let active = -1;

  const options = () => [...list.querySelectorAll("[role=option]")];

  function mark(number) {
    const all = options();
    active = all.length ? (number + all.length) % all.length : -1;
    if (number < 0 && active < 0) return;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    input.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  function unmark() {
    active = -1;
    input.removeAttribute("aria-activedescendant");
    for (const option of options()) option.setAttribute("aria-selected", "false");
  }

  function open() {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    unmark();
    list.hidden = true;
    said.textContent = "";
    input.setAttribute("aria-expanded", "false");
  }

  async function ask() {
    const words = input.value.trim();
    asking?.abort();
    if (words.length < SHORTEST) return close();
    const request = (asking = new AbortController());
    const query = new URLSearchParams({ q: input.value });
    for (const kind of form.querySelectorAll("input[type=hidden][name=kind]")) query.append("kind", kind.value);
    try {
      const answer = await fetch(`${input.dataset.suggest}?${query}`, { signal: request.signal });
      const html = answer.ok ? await answer.text() : "";
      if (request.signal.aborted || document.activeElement !== input) return;
      show(html, words);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function show(html, words) {
    unmark();
    list.innerHTML = html; // our own fragment, escaped by the template
    asked = words;
    options().forEach((option, place) => {
      option.id = `${list.id}-${place}`;
      option.setAttribute("aria-selected", "false");
    });
    const note = list.querySelector("[data-said]");
    note?.remove();
    if (options().length) open();
    else close();
    said.textContent = note?.textContent ?? "";
  }

  function choose(option) {
    const { url, words } = option.dataset;
    close();
    if (url) {
      location.assign(url);
    } else {
      input.value = words;
      form.requestSubmit();
    }
  }

  input.addEventListener("input", (event) => {
    unmark();
    clearTimeout(timer);
    asking?.abort();
    if (!event.isComposing) timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("compositionend", () => (timer = setTimeout(ask, PAUSE)));

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options().length || asked !== input.value.trim()) return;
      event.preventDefault();
      const down = event.key === "ArrowDown";
      if (!isOpen) open();
      if (!event.altKey) mark(active < 0 && !down ? -1 : active + (down ? 1 : -1));
    } else if (event.key === "Enter" && isOpen && active >= 0) {
      event.preventDefault();
      choose(options()[active]);
    } else if (event.key === "Enter" || event.key === "Tab") {
      close();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault(); // once for the list; once more empties the box, as it does everywhere
      event.stopPropagation();
      close();
    } else if (event.key === "Home" || event.key === "End") {
      unmark(); // back to the words, whose own caret moves
    }
  });

  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
