// The list of messages: nodes of unchanged messages stay, so that nothing typed into them is lost.
import { blocks } from "./blocks.js";
import { h, icon } from "./dom.js";
import { menu } from "./menu.js";
import { face } from "./people.js";
import { clock, day, dayName, now } from "./time.js";
import { spoken, t } from "./words.js";

const NEAR_SECONDS = 300;

export class Messages {
  constructor({ roomFor, onReply, onShortcut }) {
    Object.assign(this, { roomFor, onReply, onShortcut });
    this.node = h("div", { class: "messages", role: "log", "aria-live": "polite", tabIndex: 0, onscroll: () => this.scrolled() });
    this.node.addEventListener("load", () => this.followed && this.toEnd(), true);
    this.more = h("button", { class: "newest", type: "button", hidden: true, onclick: () => this.toEnd() });
    this.drawn = new Map();
  }

  // Another conversation: the next scene is where one comes in, at its end.
  clear() {
    this.drawn.clear();
    this.entered = false;
    this.node.replaceChildren();
  }

  show(scene, top) {
    this.node.setAttribute("aria-label", t("conversation"));
    const known = new Set(this.drawn.keys());
    const rows = [];
    const lived = `${spoken()} ${scene.me}`;
    let last = null;
    for (const message of threaded(scene.messages)) {
      if (!last || day(last.ts) !== day(message.ts)) rows.push(this.keep(`day-${day(message.ts)}`, `${lived} ${day(now())}`, () => divider(message.ts)));
      const follows = last && isSaid(message) && isSaid(last) && last.user === message.user && !last.ephemeral && !message.ephemeral
        && last.thread === message.thread && message.ts - last.ts < NEAR_SECONDS && day(last.ts) === day(message.ts);
      const print = JSON.stringify([message, follows, lived]);
      rows.push(this.keep(message.ts, print, () => (message.note ? note(message) : message.typed ? typed(message) : this.draw(message, scene, follows))));
      last = message;
    }
    const nodes = [top, ...rows].filter(Boolean);
    const gone = new Set(this.node.children);
    nodes.forEach((node, place) => {
      gone.delete(node);
      if (this.node.children[place] !== node) this.node.insertBefore(node, this.node.children[place] ?? null);
    });
    gone.forEach((node) => node.remove());
    const fresh = this.entered && scene.messages.find((message) => !known.has(message.ts));
    if (this.followed || !this.entered) this.toEnd(fresh ? this.drawn.get(fresh.ts).node : null);
    else if (fresh) this.more.hidden = false;
    this.entered = true;
    this.more.textContent = `${t("newest")} ↓`;
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    this.followed = scrollHeight - scrollTop - clientHeight < 80;
    if (this.followed) this.more.hidden = true;
  }

  // Down to the newest, yet never past the first line of a long answer: the answer is in that line.
  toEnd(fresh = null) {
    const end = this.node.scrollHeight - this.node.clientHeight;
    if (fresh?.previousElementSibling?.classList.contains("typed")) fresh = fresh.previousElementSibling;
    const line = fresh ? fresh.offsetTop - this.node.offsetTop - 12 : end;
    this.node.scrollTop = Math.min(end, line);
    this.followed = end - line < 80;
  }

  keep(key, print, draw) {
    const known = this.drawn.get(key);
    if (known?.print === print) return known.node;
    const node = draw();
    this.drawn.set(key, { print, node });
    return node;
  }

  draw(message, scene, follows) {
    const room = this.roomFor({ channel: scene.channel, ts: message.ts });
    const author = scene.people.find((person) => person.id === message.user);
    const body = message.blocks.length
      ? h("div", { class: "blocks" }, blocks(message.blocks, room))
      : h("div", { class: "text" }, room.mrkdwn(message.text));
    const kind = `message ${follows ? "follows" : ""} ${message.ephemeral ? "ephemeral" : ""} ${inThread(message) ? "reply" : ""}`;
    return h("article", { class: kind, "data-ts": message.ts },
      follows ? h("span", { class: "face-space" }, clock(message.ts)) : face(author, scene.app.id),
      h("div", { class: "message-main" },
        message.ephemeral ? h("p", { class: "only-you" }, icon("eye"), t("onlyYou")) : null,
        follows ? null : head(author, message),
        message.text || message.blocks.length ? body : null,
        message.edited ? h("span", { class: "muted edited" }, t("edited")) : null,
        message.files.map((file) => card(file, room)),
        message.reactions.length ? h("p", { class: "reactions" }, message.reactions.map((name) => h("span", {}, ...room.mrkdwn(`:${name}:`)))) : null),
      message.ephemeral ? null : this.tools(message, scene));
  }

  tools(message, scene) {
    const reply = h("button", { type: "button", title: t("reply"), "aria-label": t("reply"), onclick: () => this.onReply(message) }, icon("reply"));
    const entries = scene.shortcuts.map((s) => ({ label: s.name, hint: s.description, pick: () => this.onShortcut(message, s) }));
    const more = h("button", { type: "button", title: t("more"), "aria-label": t("more"), onclick: () => menu(more, entries) }, icon("dots"));
    return h("div", { class: "tools" }, reply, entries.length ? more : null);
  }
}

const isSaid = (line) => !line.typed && !line.note;
const inThread = (message) => Boolean(message.thread) && message.thread !== message.ts;

// Replies stand under the message that they answer.
function threaded(messages) {
  const roots = messages.filter((message) => !inThread(message));
  const known = new Set(roots.map((message) => message.ts));
  const replies = messages.filter(inThread);
  return [...roots.flatMap((root) => [root, ...replies.filter((reply) => reply.thread === root.ts)]),
    ...replies.filter((reply) => !known.has(reply.thread))];
}

function head(author, message) {
  return h("header", {}, h("strong", { class: "author" }, author?.name ?? message.user),
    author?.is_bot ? h("span", { class: "badge" }, t("bot")) : null,
    h("time", { class: "muted", datetime: new Date(message.ts * 1000).toISOString() }, clock(message.ts)));
}

function typed(message) {
  return h("p", { class: "typed" }, h("span", { class: "muted" }, t("youTyped")), h("code", {}, message.typed), h("span", { class: "muted" }, clock(message.ts)));
}

function card(file, room) {
  const address = room.fileAddress(file.id, "");
  if (file.type.startsWith("image/")) {
    return h("figure", { class: "image" }, h("img", { src: `${address}&inline`, alt: file.title }), h("figcaption", {}, file.title));
  }
  const ending = file.name.includes(".") ? file.name.split(".").pop() : "";
  return h("a", { class: `file file-${ending}`, href: address, download: file.name, "aria-label": t("download", { name: file.name }) },
    h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-words" }, h("strong", {}, file.name), h("small", {}, `${ending.toUpperCase()} · ${size(file.size)}`)),
    icon("down"));
}

function size(bytes) {
  const [unit, value] = bytes < 1024 ? ["byte", bytes] : bytes < 1048576 ? ["kilobyte", bytes / 1024] : ["megabyte", bytes / 1048576];
  return new Intl.NumberFormat(spoken(), { style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: 1 }).format(value);
}

function divider(ts) {
  return h("div", { class: "day" }, h("span", {}, dayName(ts)));
}

function note({ note: what, names, ts }) {
  return h("p", { class: "note" }, t(`note_${what}`, names), h("span", { class: "muted" }, clock(ts)));
}
