// Files that are dropped on the conversation, or pasted into it.
import { h, icon } from "./dom.js";

export function takeDrops(place, label, take) {
  const says = h("span");
  const veil = h("div", { class: "drop", hidden: true }, icon("clip"), says);
  const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const show = (shown) => { veil.hidden = !shown; };
  place.append(veil);
  place.addEventListener("dragover", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    says.textContent = label();
    show(true);
  });
  place.addEventListener("dragleave", (event) => place.contains(event.relatedTarget) || show(false));
  place.addEventListener("drop", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    show(false);
    take(event.dataTransfer.files);
  });
}
