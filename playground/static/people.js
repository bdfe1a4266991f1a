// People: faces with initials on a colour of their own, the app with its mark; and how what the scene says of them reads.
import { h, mark } from "./dom.js";
import { spoken } from "./words.js";

const HUES = [350, 22, 42, 160, 200, 232, 268, 310];

export function face(person, appId) {
  if (person?.id === appId) return h("span", { class: "face face-app" }, mark());
  const name = person?.name ?? "?";
  const initials = name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");
  const node = h("span", { class: "face", "aria-hidden": "true" }, initials);
  const sum = [...(person?.id ?? "")].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  node.style.setProperty("--hue", HUES[sum % HUES.length]);
  return node;
}

// A role or a topic in the language of the page, where the scene has it.
export function called(name, scene) {
  return scene.sceneWords[spoken()]?.[name] ?? name;
}
