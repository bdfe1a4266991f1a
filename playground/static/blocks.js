// Block Kit as DOM nodes.
import { h } from "./dom.js";
import { element } from "./elements.js";
import { markdown } from "./markdown.js";
import { named } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { t } from "./words.js";

export function blocks(list, room) {
  return list.map((block) => {
    const draw = DRAWN[block.type];
    const node = draw ? draw(block, room) : h("p", { class: "muted" }, t("notShown", { name: block.type }));
    node.dataset.block = block.block_id;
    return node;
  });
}

export function text(shown, room) {
  return shown.type === "mrkdwn" ? room.mrkdwn(shown.text) : named(shown.text);
}

function section(block, room) {
  const fields = (block.fields ?? []).map((field) => h("div", { class: "field-text" }, text(field, room)));
  return h("div", { class: "block section" },
    h("div", { class: "section-main" },
      block.text ? h("div", { class: "section-text" }, text(block.text, room)) : null,
      fields.length ? h("div", { class: "fields" }, fields) : null),
    block.accessory ? h("div", { class: "accessory" }, beside(block, room)) : null);
}

function beside(block, room) {
  return block.accessory.type === "image" ? picture(block.accessory, room) : element(block.accessory, block, room);
}

function context(block, room) {
  const inside = block.elements.map((shown) => (shown.type === "image" ? picture(shown, room) : h("span", {}, text(shown, room))));
  return h("div", { class: "block context" }, inside);
}

// Pictures of the workspace are shown; those of other places are only named: the page loads nothing from outside.
function picture(shown, room) {
  const file = shown.slack_file?.id ?? /\/files\/(F\w+)\//.exec(shown.slack_file?.url ?? "")?.[1];
  if (file) return h("img", { src: room.fileAddress(file, "&inline"), alt: shown.alt_text });
  return h("a", { class: "far-image", href: shown.image_url, target: "_blank", rel: "noopener noreferrer" }, t("image", { name: shown.alt_text }));
}

function image(block, room) {
  const title = block.title ? h("figcaption", {}, text(block.title, room)) : null;
  return h("figure", { class: "block image" }, title, picture(block, room));
}

function table(block, room) {
  const settings = block.column_settings ?? [];
  const cell = (shown, column, tag) => {
    const { align = "left", is_wrapped: wrapped = false } = settings[column] ?? {};
    return h(tag, { class: `${align} ${wrapped ? "wrapped" : ""}` }, cellText(shown, room));
  };
  const [head, ...rows] = block.rows;
  const line = (row, tag) => h("tr", {}, row.map((shown, column) => cell(shown, column, tag)));
  return h("div", { class: "block table", tabIndex: 0, role: "region", "aria-label": t("table") },
    h("table", {}, h("thead", {}, line(head, "th")), h("tbody", {}, rows.map((row) => line(row, "td")))));
}

function cellText(shown, room) {
  if (shown.type === "rich_text") return richText(shown, room);
  return shown.text ?? String(shown.value ?? "");
}

function input(block, room) {
  const control = element(block.element, block, room);
  const optional = block.optional ? h("span", { class: "muted" }, ` ${t("optional")}`) : null;
  const one = control.querySelector("input:not([type=checkbox]):not([type=radio]), textarea, select");
  const id = `${block.block_id}-${block.element.action_id}`;
  const described = [block.hint ? `${id}-hint` : "", `${id}-error`].filter(Boolean).join(" ");
  const many = control.querySelector("[role=group], [role=radiogroup]");
  if (one) one.id = id;
  (one ?? many)?.setAttribute("aria-describedby", described);
  many?.setAttribute("aria-labelledby", `${id}-label`);
  return h("div", { class: "block input" },
    h(one ? "label" : "span", { class: "label", id: `${id}-label`, for: one ? id : undefined }, block.label.text, optional), control,
    block.hint ? h("p", { class: "hint", id: `${id}-hint` }, block.hint.text) : null,
    h("p", { class: "error", id: `${id}-error`, role: "alert", hidden: true }));
}

const LEVELS = { 1: "h2", 2: "h3" };
const DRAWN = {
  section, context, image, table, input,
  header: (block) => h(LEVELS[block.level] ?? "h3", { class: "block header" }, named(block.text.text)),
  divider: () => h("hr", { class: "block" }),
  actions: (block, room) => h("div", { class: "block actions" }, block.elements.map((shown) => element(shown, block, room))),
  rich_text: (block, room) => h("div", { class: "block rich" }, richText(block, room)),
  markdown: (block) => h("div", { class: "block rich" }, markdown(block.text)),
  alert: (block, room) => h("div", { class: `block alert ${block.level ?? "default"}`, role: "note" }, text(block.text, room)),
};
