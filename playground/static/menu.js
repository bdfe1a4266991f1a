// A small menu beside the control that opened it: arrows, Enter, Esc, or a click elsewhere.
import { h } from "./dom.js";

export function menu(control, entries, label = control.getAttribute("aria-label")) {
  document.querySelector(".menu")?.remove();
  const close = (back = true) => {
    box.remove();
    control.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", elsewhere, true);
    if (back) control.focus();
  };
  const elsewhere = (event) => box.contains(event.target) || close(false);
  const items = entries.map((entry) =>
    h("button", { type: "button", role: "menuitem", class: entry.current ? "current" : "", onclick: () => { close(); entry.pick(); } },
      h("span", {}, entry.label), entry.hint ? h("small", {}, entry.hint) : null),
  );
  const step = (by) => items[(items.indexOf(document.activeElement) + by + items.length) % items.length].focus();
  const keys = {
    Home: () => items[0].focus(), End: () => items.at(-1).focus(), ArrowDown: () => step(1), ArrowUp: () => step(-1), Escape: () => close(), Tab: () => close(),
  };
  const box = h("div", {
    class: "menu", role: "menu", "aria-label": label ?? undefined,
    onkeydown: (event) => {
      if (!(event.key in keys)) return;
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    },
  }, ...items);
  (control.closest("dialog") ?? document.body).append(box);
  place(box, control);
  control.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", elsewhere, true);
  items[0]?.focus();
}

// Under the control if there is room, else above it; never outside of the window.
function place(box, control) {
  const at = control.getBoundingClientRect();
  const below = at.bottom + box.offsetHeight + 8 < window.innerHeight;
  box.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - box.offsetHeight - 4)}px`;
  box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - box.offsetWidth - 8))}px`;
}
