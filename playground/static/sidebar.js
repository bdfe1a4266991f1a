// The workspace at the side: conversations, who one is, language and light.
import { timepiece } from "./acts.js";
import { h, icon, mark } from "./dom.js";
import { menu } from "./menu.js";
import { called, face } from "./people.js";
import { LANGUAGES, spoken, t } from "./words.js";

export function sidebar(scene, { unread, act, onChannel, onPerson, onLanguage, onLight, isDark }) {
  const direct = scene.channels.filter((channel) => channel.kind === "im" || channel.kind === "mpim");
  const rooms = scene.channels.filter((channel) => !direct.includes(channel));
  const row = (channel) => entry(scene, channel, unread(channel), onChannel);
  return [
    h("div", { class: "team" }, mark(), h("div", {}, h("strong", {}, scene.team), h("small", {}, "playground"))),
    h("nav", { "aria-label": t("channels") },
      h("h2", {}, t("direct")), h("ul", {}, direct.map(row)),
      rooms.length ? [h("h2", {}, t("channels")), h("ul", {}, rooms.map(row))] : null),
    h("div", { class: "foot" }, scene.steps.length ? timepiece(scene, act) : null, whoami(scene, onPerson), h("div", { class: "switches" }, languages(onLanguage), light(isDark, onLight))),
  ];
}

function entry(scene, channel, fresh, onChannel) {
  const current = channel.id === scene.channel;
  const sign = channel.kind === "im" ? face({ id: scene.app.id }, scene.app.id) : channel.kind === "public" ? h("span", { class: "hash" }, "#") : icon("lock");
  return h("li", {}, h("button", {
    type: "button", class: `${current ? "current" : ""} ${fresh ? "fresh" : ""}`, "aria-current": current ? "page" : undefined,
    onclick: () => onChannel(channel.id),
  }, sign, h("span", { class: "name" }, nameOf(scene, channel)), channel.shared ? h("span", { class: "shared-dot", role: "img", title: t("shared"), "aria-label": t("shared") }, "⇄") : null,
  fresh ? h("span", { class: "fresh-dot", role: "img", "aria-label": t("unread") }) : null));
}

export function nameOf(scene, channel) {
  if (channel.kind === "im") return scene.app.name;
  if (channel.name) return channel.name;
  const names = scene.people.filter((person) => channel.members.includes(person.id) && person.id !== scene.me).map((p) => p.name);
  return names.join(", ");
}

function whoami(scene, onPerson) {
  const me = scene.people.find((person) => person.id === scene.me);
  const control = h("button", { type: "button", class: "whoami", "aria-haspopup": "menu", title: t("switchPerson"), "aria-label": `${t("switchPerson")}: ${me.name}` },
    face(me), h("span", { class: "who" }, h("strong", {}, me.name), h("small", {}, describe(me, scene))), h("span", { class: "chevron", "aria-hidden": "true" }, "⌃"));
  control.addEventListener("click", () => menu(control, scene.people.filter((p) => !p.is_bot).map((person) => ({
    label: person.name, hint: describe(person, scene), current: person.id === scene.me, pick: () => onPerson(person.id),
  }))));
  return control;
}

function describe(person, scene) {
  const language = person.locale.split("-")[0].toUpperCase();
  return [called(person.role, scene) || person.title, person.is_guest && !person.role ? t("guest") : "", language].filter(Boolean).join(" · ");
}

function languages(onLanguage) {
  const buttons = Object.entries(LANGUAGES).map(([code, name]) =>
    h("button", { type: "button", lang: code, "aria-pressed": String(code === spoken()), title: name, onclick: () => onLanguage(code) }, code.toUpperCase()));
  return h("div", { class: "languages", role: "group", "aria-label": t("language") }, buttons);
}

function light(isDark, onLight) {
  const label = isDark ? t("light") : t("dark");
  return h("button", { type: "button", class: "light", title: label, "aria-label": label, onclick: onLight }, icon(isDark ? "sun" : "moon"));
}
