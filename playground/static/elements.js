// Buttons, menus and inputs. A room says where they stand: {place, values, names, people, act}.
import { h, icon } from "./dom.js";
import { ask } from "./confirm.js";
import { combobox } from "./combobox.js";
import { menu } from "./menu.js";
import { named } from "./mrkdwn.js";
import { t } from "./words.js";

export function element(shown, block, room) {
  const draw = DRAWN[shown.type];
  return draw ? draw(shown, block, room) : h("span", { class: "muted" }, t("notShown", { name: shown.type }));
}

export function put(room, block, shown, value) {
  (room.values[block.block_id] ??= {})[shown.action_id] = value;
}

// What is in a control at first: what was typed before the form was drawn anew, else what the app put there.
function standing(room, block, shown, first) {
  return room.values[block.block_id]?.[shown.action_id] ?? first;
}

function words(text) {
  return named(text?.text ?? "");
}

// Send what was done to the app; the control is busy meanwhile, and bears a sign if the app did not take it.
async function tell(control, shown, block, room, deed) {
  if (control.classList.contains("busy")) return;
  if (shown.confirm && !(await ask(shown.confirm, room))) return;
  control.parentElement?.querySelector(".failed")?.remove();
  control.classList.add("busy");
  control.setAttribute("aria-busy", "true");
  const said = { ...room.place, block_id: block.block_id, action_id: shown.action_id, values: room.values };
  const outcome = await room.act({ ...said, ...deed });
  control.classList.remove("busy");
  control.removeAttribute("aria-busy");
  if (outcome.error) {
    const why = outcome.error === "gone" ? t("gone") : t("failed");
    control.after(h("span", { class: "failed", role: "alert", title: why }, icon("warn"), h("span", { class: "unseen" }, why)));
  }
}

// An input tells the app at once only if its block asks for it; outside of inputs every choice is told.
function changed(control, shown, block, room, value) {
  put(room, block, shown, value);
  if (block.type !== "input" || block.dispatch_action) tell(control, shown, block, room, { do: "choose", choice: value });
}

function button(shown, block, room) {
  const kind = `button ${shown.style ?? ""}`;
  const told = () => tell(control, shown, block, room, { do: "click" });
  const control = shown.url
    ? h("a", { class: kind, href: shown.url, target: "_blank", rel: "noopener noreferrer", onclick: told }, words(shown.text))
    : h("button", { class: kind, type: "button", onclick: told, "aria-label": shown.accessibility_label }, words(shown.text));
  return h("span", { class: "control" }, control);
}

function overflow(shown, block, room) {
  const control = h("button", { class: "button dots", type: "button", "aria-label": t("more"), "aria-haspopup": "menu" }, icon("dots"));
  control.addEventListener("click", () => {
    const entries = shown.options.map((option) => ({
      label: words(option.text), hint: words(option.description),
      pick: () => {
        if (option.url) window.open(option.url, "_blank", "noopener");
        tell(control, shown, block, room, { do: "choose", choice: option.value });
      },
    }));
    menu(control, entries);
  });
  return h("span", { class: "control" }, control);
}

function select(shown, block, room, options, first) {
  const control = h("select", {
    class: "field", "aria-label": words(shown.placeholder) || undefined,
    onchange: () => changed(control, shown, block, room, control.value),
  });
  control.append(h("option", { value: "", disabled: block.optional !== true }, words(shown.placeholder) || t("choose")), ...options);
  control.value = standing(room, block, shown, first) ?? "";
  return h("span", { class: "control" }, control);
}

function staticSelect(shown, block, room) {
  const groups = shown.option_groups;
  const options = groups
    ? groups.map((group) => h("optgroup", { label: words(group.label) }, ...group.options.map(asOption)))
    : shown.options.map(asOption);
  return select(shown, block, room, options, shown.initial_option?.value);
}

function asOption(option) {
  return h("option", { value: option.value }, words(option.text));
}

function usersSelect(shown, block, room) {
  const people = room.people.filter((person) => !person.is_bot).map((person) => h("option", { value: person.id }, person.name));
  return select(shown, block, room, people, shown.initial_user);
}

// The conversations with a name, of the kinds that the app asks for.
function offered({ filter }, room) {
  const fits = ({ kind, shared }) => (filter?.include ?? [kind]).includes(kind) && !(filter?.exclude_external_shared_channels && shared);
  return room.channels.filter((channel) => channel.name && fits(channel));
}

function channelsSelect(shown, block, room) {
  const options = offered(shown, room).map((channel) => h("option", { value: channel.id }, `#${channel.name}`));
  return select(shown, block, room, options, shown.initial_channel ?? shown.initial_conversation);
}

function externalSelect(shown, block, room) {
  return combobox({
    first: standing(room, block, shown, shown.initial_option), placeholder: words(shown.placeholder) || t("search"), least: shown.min_query_length ?? 3,
    search: async (typed) => (await room.act({ ...room.place, do: "suggest", action_id: shown.action_id, typed })).options ?? [],
    pick: (option, control) => changed(control, shown, block, room, option),
  });
}

// Several of what the app suggests: each choice is a button that takes it away again.
function multiExternalSelect(shown, block, room) {
  let chosen = standing(room, block, shown, shown.initial_options) ?? [];
  const choices = h("span", { class: "choices" });
  const keep = (next) => { chosen = next; draw(); changed(box, shown, block, room, chosen); };
  const draw = () => choices.replaceChildren(...chosen.map((option) => {
    const name = words(option.text);
    const without = () => keep(chosen.filter((other) => other.value !== option.value));
    return h("button", { type: "button", class: "choice", "aria-label": t("remove_choice", { name }), onclick: without }, name, icon("close"));
  }));
  const field = combobox({
    keeps: false, placeholder: words(shown.placeholder) || t("search"), least: shown.min_query_length ?? 3,
    search: async (typed) => (await room.act({ ...room.place, do: "suggest", action_id: shown.action_id, typed })).options ?? [],
    pick: (option) => chosen.some((other) => other.value === option.value) || keep([...chosen, option]),
  });
  const box = h("span", { class: "several" }, choices, field);
  draw();
  return box;
}

function written(type, more = () => ({})) {
  return (shown, block, room) => {
    const tag = shown.multiline ? "textarea" : "input";
    const control = h(tag, {
      class: "field", type: tag === "input" ? type : undefined, rows: shown.multiline ? 4 : undefined, autocomplete: "off",
      placeholder: words(shown.placeholder), maxLength: shown.max_length ?? 3000, ...more(shown),
      oninput: () => put(room, block, shown, control.value),
      onkeydown: (event) => {
        if (event.key !== "Enter" || shown.multiline || !block.dispatch_action) return;
        event.preventDefault();
        changed(control, shown, block, room, control.value);
      },
    });
    control.value = standing(room, block, shown, shown.initial_value) ?? "";
    return h("span", { class: "control wide" }, control);
  };
}

function picked(type, first) {
  return (shown, block, room) => {
    const control = h("input", { class: "field", type, onchange: () => changed(control, shown, block, room, control.value) });
    control.value = standing(room, block, shown, shown[first]) ?? "";
    return h("span", { class: "control" }, control);
  };
}

function moment(shown, block, room) {
  const told = () => changed(control, shown, block, room, Math.floor(new Date(control.value).getTime() / 1000));
  const control = h("input", { class: "field", type: "datetime-local", onchange: told });
  return h("span", { class: "control" }, control);
}

let groups = 0;

function ticks(type, list = (shown) => shown.options.map((o) => ({ value: o.value, text: o.text, description: o.description }))) {
  return (shown, block, room) => {
    const several = type === "checkbox";
    const group = `group-${(groups += 1)}`;
    const given = [...(shown.initial_options ?? []), shown.initial_option].filter(Boolean).map((option) => option.value);
    const named = shown.initial_users ?? shown.initial_channels ?? shown.initial_conversations;
    const first = new Set([standing(room, block, shown, named ?? given)].flat());
    const box = h("span", { class: "ticks", role: several ? "group" : "radiogroup" });
    const read = () => {
      const values = [...box.querySelectorAll("input:checked")].map((tick) => tick.value);
      changed(box, shown, block, room, several ? values : values[0]);
    };
    box.append(...list(shown, room).map((option) => tick({ type, group, option, first, read, room })));
    return h("span", { class: "control" }, box);
  };
}

function tick({ type, group, option, first, read, room }) {
  const control = h("input", { type, name: group, value: option.value, checked: first.has(option.value), onchange: read });
  const says = (text) => (text?.type === "mrkdwn" ? room.mrkdwn(text.text) : words(text));
  const more = option.description ? h("small", {}, says(option.description)) : null;
  return h("label", { class: "tick" }, control, h("span", {}, says(option.text), more));
}

const people = (_, room) => room.people.filter((p) => !p.is_bot).map((p) => ({ value: p.id, text: { text: p.name } }));
const rooms = (shown, room) => offered(shown, room).map((c) => ({ value: c.id, text: { text: `#${c.name}` } }));
const flat = (shown) => shown.options ?? shown.option_groups.flatMap((group) => group.options);
const number = (shown) => ({ step: shown.is_decimal_allowed ? "any" : "1", min: shown.min_value, max: shown.max_value, inputmode: "decimal" });

const DRAWN = {
  button, overflow,
  static_select: staticSelect, external_select: externalSelect, users_select: usersSelect,
  channels_select: channelsSelect, conversations_select: channelsSelect,
  multi_external_select: multiExternalSelect, multi_channels_select: ticks("checkbox", rooms), multi_conversations_select: ticks("checkbox", rooms),
  multi_static_select: ticks("checkbox", flat), multi_users_select: ticks("checkbox", people),
  checkboxes: ticks("checkbox"), radio_buttons: ticks("radio"),
  plain_text_input: written("text"), email_text_input: written("email"), url_text_input: written("url"),
  number_input: written("number", number),
  datepicker: picked("date", "initial_date"), timepicker: picked("time", "initial_time"), datetimepicker: moment,
};
