// What happens to the workspace rather than in it: time goes on, a channel is shared, somebody comes or goes.
import { h, icon } from "./dom.js";
import { menu } from "./menu.js";
import { called } from "./people.js";
import { moment, now } from "./time.js";
import { t } from "./words.js";

// The time that it is here; a click lets it be later.
export function timepiece(scene, act) {
  const control = h("button", { type: "button", class: "timepiece", "aria-haspopup": "menu", title: t("move") },
    icon("clock"), h("time", {}, moment(now())), h("span", { class: "unseen" }, t("move")), h("span", { class: "chevron", "aria-hidden": "true" }, "⌃"));
  control.addEventListener("click", () => menu(control, scene.steps.map((step) => ({ label: t(`move_${step}`), pick: () => act({ do: "move", step }) })), t("move")));
  return control;
}

// The scene comes anew every few seconds, so the clock goes.
export function retime(side) {
  const shown = side.querySelector(".timepiece time");
  if (shown) shown.textContent = moment(now());
}

// Who may come, who may go, and with whom the channel is shared: what guests may not change, they are not offered.
export function roomMenu(scene, here, act) {
  const me = scene.people.find((person) => person.id === scene.me);
  const entries = me.is_guest || here.kind === "im" || here.kind === "mpim" ? [] : [...sharing(scene, here), ...people(scene, here)];
  if (!entries.length) return "";
  const control = h("button", { type: "button", class: "tool", "aria-haspopup": "menu", title: t("room"), "aria-label": t("room") }, icon("people"));
  control.addEventListener("click", () => menu(control, entries.map(({ deed, ...entry }) => ({ ...entry, pick: () => act({ ...deed, channel: here.id }) })), t("room")));
  return control;
}

function sharing(scene, here) {
  return scene.partners.map(({ id, name }) => {
    const ends = here.connected.includes(id);
    return { label: t(ends ? "unshare" : "share", { name }), hint: ends ? t("unshareHint") : t("shareHint"), deed: { do: ends ? "unshare" : "share", team: id } };
  });
}

// Strangers come with their organisation; everyone else one by one, guests first. Colleagues are not sent away.
function people(scene, here) {
  const mayGo = (person) => person.is_guest || person.id === scene.app.id;
  const offered = (person) => mayGo(person) || !(person.is_bot || here.members.includes(person.id));
  const others = scene.people.filter((person) => !person.team && person.id !== scene.me && offered(person));
  const rank = (person) => (person.is_guest ? 0 : person.is_bot ? 1 : 2);
  return others.sort((one, other) => rank(one) - rank(other)).map((person) => {
    const goes = here.members.includes(person.id);
    const hint = person.is_bot ? t("bot") : called(person.role, scene) || (person.is_guest ? t("guest") : "");
    return { label: t(goes ? "remove" : "invite", { name: person.name }), hint, deed: { do: goes ? "remove" : "invite", who: person.id } };
  });
}
