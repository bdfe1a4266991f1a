// Slack's rich_text blocks, the common part.
import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { link } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };
const mention = (name) => h("span", { class: "mention" }, name);

const PARTS = {
  text: (part) => document.createTextNode(part.text),
  link: (part) => link(part.url, part.text ?? part.url),
  emoji: (part) => document.createTextNode(EMOJI[part.name] ?? `:${part.name}:`),
  user: (part, room) => mention(`@${room.names[part.user_id]?.name ?? part.user_id}`),
  channel: (part, room) => mention(`#${room.names[part.channel_id]?.name ?? part.channel_id}`),
  broadcast: (part) => mention(`@${part.range}`),
  date: (part) => document.createTextNode(part.fallback ?? new Date(part.timestamp * 1000).toLocaleDateString()),
};

const WRAPS = { rich_text_section: "p", rich_text_quote: "blockquote", rich_text_preformatted: "pre" };

export function richText(block, room) {
  return block.elements.map((shown) => (shown.type === "rich_text_list" ? list(shown, room) : wrapped(shown, room, WRAPS[shown.type])));
}

function list(shown, room) {
  const items = shown.elements.map((item) => wrapped(item, room, "li"));
  return h(shown.style === "ordered" ? "ol" : "ul", { class: `indent-${shown.indent ?? 0}` }, items);
}

function wrapped(shown, room, tag) {
  return h(tag, {}, shown.elements.map((part) => styled(PARTS[part.type]?.(part, room) ?? document.createTextNode(""), part.style)));
}

function styled(node, style = {}) {
  return Object.keys(STYLES).filter((name) => style[name]).reduce((inside, name) => h(STYLES[name], {}, inside), node);
}
