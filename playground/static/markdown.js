// Markdown as far as a bot's answers need it: headings, lists, quotes, code, bold, italic, links.
import { h } from "./dom.js";
import { link } from "./mrkdwn.js";

const INLINE = /`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|\*\*(.+?)\*\*|~~(.+?)~~|(?<!\w)[*_](.+?)[*_](?!\w)/g;

export function markdown(text) {
  return text.split(/```\w*\n?/).flatMap((part, place) => (place % 2 ? [h("pre", {}, part.trimEnd())] : paragraphs(part)));
}

function paragraphs(text) {
  const nodes = [];
  for (const row of text.split("\n").filter((line) => line.trim())) {
    const [, sign, rest] = /^\s*((?:#{1,6}|[-*+]|\d+[.)])(?=\s)|>)?\s*(.*)$/.exec(row);
    if (!sign) nodes.push(h("p", {}, inline(rest)));
    else if (sign.startsWith("#")) nodes.push(h(sign.length < 3 ? "h3" : "h4", {}, inline(rest)));
    else if (sign === ">") nodes.push(h("blockquote", {}, inline(rest)));
    else item(nodes, /\d/.test(sign) ? "OL" : "UL", rest);
  }
  return nodes;
}

function item(nodes, tag, rest) {
  if (nodes.at(-1)?.tagName !== tag) nodes.push(h(tag.toLowerCase()));
  nodes.at(-1).append(h("li", {}, inline(rest)));
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(text.slice(end, found.index));
    end = found.index + found[0].length;
    const [, code, label, address, bold, struck, slanted] = found;
    if (code) nodes.push(h("code", {}, code));
    else if (label) nodes.push(link(address, label));
    else if (bold) nodes.push(h("strong", {}, inline(bold)));
    else if (struck) nodes.push(h("s", {}, inline(struck)));
    else nodes.push(h("em", {}, inline(slanted)));
  }
  return [...nodes, text.slice(end)];
}
