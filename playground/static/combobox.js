// A field that asks the app for options while someone types.
import { h } from "./dom.js";
import { t } from "./words.js";

let lists = 0;

// `keeps`: the field shows what was chosen, and emptied it chooses nothing (null); else it is empty again after a choice.
export function combobox({ first, placeholder, least, search, pick, keeps = true }) {
  const id = `list-${(lists += 1)}`;
  let options = [];
  let current = -1;
  let asked = 0;
  let timer = null;
  let chosen = first ?? null;
  const list = h("ul", { class: "options", role: "listbox", id, hidden: true });
  const field = h("input", {
    class: "field", type: "text", role: "combobox", autocomplete: "off", placeholder,
    "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list",
    oninput: () => { clearTimeout(timer); timer = setTimeout(look, 120); },
    onfocus: () => least === 0 && look(),
    onblur: () => setTimeout(() => leave(), 150),
    onkeydown: (event) => onKey(event),
  });
  field.value = chosen?.text.text ?? "";
  const box = h("span", { class: "control combobox" }, field, list);

  function show(open) {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
  }

  // What was typed and not chosen does not stay as if it had been.
  function leave() {
    if (document.activeElement === field) return;
    show(false);
    if (keeps && chosen && !field.value.trim()) pick((chosen = null), field);
    field.value = chosen?.text.text ?? "";
  }

  async function look() {
    const typed = field.value.trim();
    if (typed.length < least) return show(false);
    const turn = (asked += 1);
    field.classList.add("busy");
    const found = await search(typed);
    if (turn !== asked) return;
    field.classList.remove("busy");
    options = found;
    mark(found.length ? 0 : -1);
    show(true);
  }

  function mark(place) {
    current = place;
    const rows = options.map((option, row) =>
      h("li", { role: "option", id: `${id}-${row}`, "aria-selected": String(row === current), onpointerdown: () => choose(option) }, option.text.text));
    list.replaceChildren(...(rows.length ? rows : [h("li", { class: "muted" }, t("nothing"))]));
    field.setAttribute("aria-activedescendant", current < 0 ? "" : `${id}-${current}`);
    rows[current]?.scrollIntoView({ block: "nearest" });
  }

  // What was still being asked would open the list again.
  function choose(option) {
    clearTimeout(timer);
    asked += 1;
    field.classList.remove("busy");
    chosen = keeps ? option : null;
    field.value = chosen?.text.text ?? "";
    show(false);
    pick(option, field);
  }

  function onKey(event) {
    if (list.hidden) return;
    const keys = {
      ArrowDown: () => mark((current + 1) % options.length),
      ArrowUp: () => mark((current - 1 + options.length) % options.length),
      Enter: () => options[current] && choose(options[current]),
      Escape: () => show(false),
    };
    if (!(event.key in keys)) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }
  return box;
}
