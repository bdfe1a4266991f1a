// Slack's mrkdwn as DOM nodes.
import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { written } from "./time.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const INLINE = /`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+-]+):|(?<![\p{L}\p{N}])([*_~])(?!\s)((?:(?!\4)[^\n])*?[^\s])\4(?![\p{L}\p{N}])/gu;

export function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

// Plain text: only the names of emoji mean anything in it.
export function named(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

// The text without its signs: for notifications and names.
export function plain(text, people = {}) {
  return mrkdwn(text, people).map((node) => node.textContent).join("");
}

export function mrkdwn(text, people = {}) {
  return text.split(/```/).flatMap((part, place) =>
    place % 2 ? [h("pre", {}, unescape(part.replace(/^\n|\n$/g, "")))] : lines(part, people),
  );
}

function lines(text, people) {
  const nodes = [];
  let quote = null;
  const rows = text.split("\n");
  rows.forEach((row, place) => {
    const quoted = /^(?:&gt;|>) ?/.exec(row);
    if (quoted) {
      if (!quote) nodes.push((quote = h("blockquote")));
      else quote.append(h("br"));
      quote.append(...inline(row.slice(quoted[0].length), people));
      return;
    }
    if (place > 0 && !quote) nodes.push(h("br"));
    quote = null;
    nodes.push(...inline(row, people));
  });
  return nodes;
}

const WRAPS = { "*": "strong", _: "em", "~": "s" };

function inline(text, people) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > end) nodes.push(document.createTextNode(unescape(text.slice(end, found.index))));
    end = found.index + found[0].length;
    const [whole, code, angle, name, sign, inside] = found;
    if (code) nodes.push(h("code", {}, unescape(code)));
    else if (angle) nodes.push(reference(angle, people));
    else if (name) nodes.push(document.createTextNode(EMOJI[name] ?? whole));
    else nodes.push(h(WRAPS[sign], {}, ...inline(inside, people)));
  }
  if (end < text.length) nodes.push(document.createTextNode(unescape(text.slice(end))));
  return nodes;
}

function reference(inside, people) {
  const [target, label] = split(inside, "|");
  if (target.startsWith("@")) return mention(`@${people[target.slice(1)]?.name ?? label ?? target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${people[target.slice(1)]?.name ?? label ?? target.slice(1)}`);
  if (target.startsWith("!date^")) return h("time", {}, date(target, label));
  if (target.startsWith("!")) return mention(`@${label ?? target.slice(1)}`);
  return link(unescape(target), label === undefined ? undefined : unescape(label));
}

function split(text, sign) {
  const place = text.indexOf(sign);
  return place < 0 ? [text, undefined] : [text.slice(0, place), text.slice(place + 1)];
}

function mention(text) {
  return h("span", { class: "mention" }, text);
}

// Only addresses that lead somewhere harmless become links.
export function link(address, label = address) {
  if (!/^(https?:|mailto:|tel:)/i.test(address)) return document.createTextNode(label);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

const DATES = {
  date: { dateStyle: "long" }, date_pretty: { dateStyle: "long" }, date_num: { dateStyle: "short" },
  date_short: { dateStyle: "medium" }, date_short_pretty: { dateStyle: "medium" }, date_long: { dateStyle: "full" },
  date_long_pretty: { dateStyle: "full" }, time: { timeStyle: "short" }, time_secs: { timeStyle: "medium" },
};

function date(target, fallback) {
  const [, seconds, format] = target.split("^");
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return fallback ?? target;
  return format.replace(/\{(\w+)\}/g, (whole, name) =>
    name in DATES ? written(moment / 1000, DATES[name]) : whole,
  );
}
