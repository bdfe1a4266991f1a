// The page, put together: one scene comes in, the parts show it.
import { retime, roomMenu } from "./acts.js";
import { blocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { h, icon, mark } from "./dom.js";
import { takeDrops } from "./drops.js";
import { Messages } from "./messages.js";
import { Modal } from "./modal.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { called } from "./people.js";
import { nameOf, sidebar } from "./sidebar.js";
import { Line } from "./talk.js";
import { live } from "./time.js";
import { speak, spoken, t } from "./words.js";

const TYPING_SECONDS = 6;
const kept = (key) => window.localStorage.getItem(`playground.${key}`) ?? "";
const keep = (key, value) => window.localStorage.setItem(`playground.${key}`, value);

class Page {
  constructor(root) {
    this.person = kept("person");
    this.channel = "";
    this.tab = "messages";
    this.read = new Map();
    this.line = new Line({
      onScene: (scene) => this.show(scene), onOffline: (error) => this.lost(error),
      lookingAt: () => ({ person: this.person, channel: this.channel }),
    });
    const roomFor = (place) => this.roomFor(place);
    const act = (deed) => this.line.act(deed);
    this.messages = new Messages({
      roomFor, onReply: (message) => this.composer.reply(message),
      onShortcut: (message, shortcut) => act({ do: "shortcut", channel: this.channel, ts: message.ts, callback_id: shortcut.callback_id }),
    });
    this.modal = new Modal({ roomFor, act });
    this.composer = new Composer({ onSend: (text, thread) => this.send(text, thread), onFiles: (files, text) => this.upload(files, text) });
    this.build(root);
  }

  build(root) {
    this.side = h("aside", { class: "sidebar" });
    this.veil = h("div", { class: "veil", onclick: () => this.drawer(false) });
    this.menu = h("button", { class: "tool menu-button", type: "button", onclick: () => this.drawer(true) }, icon("menu"));
    this.title = h("div", { class: "title" });
    this.tabs = h("div", { class: "tabs", role: "tablist", hidden: true });
    this.room = h("div", { class: "room" });
    this.home = h("div", { class: "home", role: "tabpanel", id: "home", "aria-labelledby": "tab-home", tabIndex: 0, hidden: true });
    this.typing = h("div", { class: "typing", hidden: true, "aria-live": "polite" });
    this.offline = h("p", { class: "offline", role: "alert", hidden: true });
    this.toasts = h("div", { class: "toasts", role: "status" });
    this.skip = h("a", { class: "skip", href: "#composer" });
    const head = h("header", { class: "top" }, this.menu, this.title, this.tabs, this.room);
    const main = h("main", {}, head, this.offline, this.home, this.messages.node, this.messages.more, this.typing, this.composer.node);
    root.replaceChildren(this.skip, this.side, this.veil, main, this.toasts);
    takeDrops(main, () => t("dropHere", { name: this.composer.name }), (files) => this.upload(files, ""));
    document.addEventListener("keydown", (event) => this.onKey(event));
    this.light(kept("light"));
  }

  show(scene) {
    live(scene);
    const first = !this.scene;
    const elsewhere = first || scene.me !== this.scene.me;
    if (spoken() !== scene.lang) speak(scene.lang);
    if (elsewhere) this.read = new Map(scene.channels.map((channel) => [channel.id, channel.last?.ts ?? "0"]));
    this.person = scene.me;
    this.channel = scene.channel;
    this.notify(scene);
    this.scene = scene;
    this.names = Object.fromEntries([...scene.people, ...scene.channels].map((named) => [named.id, named]));
    this.draw();
  }

  draw() {
    const { scene } = this;
    const here = scene.channels.find((channel) => channel.id === scene.channel);
    this.read.set(here.id, here.last?.ts ?? "0");
    this.offline.hidden = true;
    this.offline.textContent = t("offline");
    this.skip.textContent = t("skip");
    this.menu.setAttribute("aria-label", t("menu"));
    document.title = `${nameOf(scene, here)} · ${scene.team}`;
    this.drawSide(scene);
    this.drawTop(scene, here);
    this.greet(here);
    const top = this.messages.keep("top", `${scene.me} ${here.id} ${spoken()} ${scene.messages.length === 0}`, () => this.welcome(here));
    this.messages.show(scene, top);
    this.composer.show(scene, here.kind === "im" ? scene.app.name : `#${nameOf(scene, here)}`);
    this.modal.show(scene.modals, spoken());
  }

  // Drawn anew only when it would look different, so that it keeps the focus.
  drawSide(scene) {
    const unread = (channel) => (channel.last?.ts ?? "0") > (this.read.get(channel.id) ?? "0");
    const fresh = scene.channels.map((channel) => [channel.id, unread(channel)]);
    const print = JSON.stringify([scene.me, scene.channels, fresh.map(([, isFresh]) => isFresh), scene.channel, spoken(), this.isDark, scene.people]);
    retime(this.side);
    if (print === this.sidePrint) return;
    this.sidePrint = print;
    this.side.replaceChildren(...sidebar(scene, {
      unread, act: (deed) => this.line.act(deed), isDark: this.isDark, onChannel: (id) => this.go({ channel: id }), onPerson: (id) => this.go({ person: id, channel: "" }),
      onLanguage: (code) => this.speak(code),
      onLight: () => { this.light(this.isDark ? "light" : "dark"); this.draw(); },
    }));
  }

  drawTop(scene, here) {
    const hasTabs = here.kind === "im" && Boolean(scene.hasHome || scene.home);
    if (!hasTabs) this.tab = "messages";
    const { last, ...lasting } = here;
    const print = JSON.stringify([lasting, hasTabs, this.tab, scene.me, scene.people, spoken()]);
    if (print !== this.topPrint) {
      this.topPrint = print;
      const sign = here.kind === "im" ? h("span", { class: "face face-app" }, mark()) : here.kind === "public" ? h("span", { class: "hash" }, "#") : icon("lock");
      const about = called(here.topic, scene) || (here.kind === "im" ? "" : t("members", { count: here.members.length }));
      this.title.replaceChildren(sign, h("h1", {}, nameOf(scene, here)),
        here.shared ? h("span", { class: "shared" }, t("shared")) : "", h("span", { class: "topic muted" }, about));
      this.room.replaceChildren(roomMenu(scene, here, (deed) => this.line.act(deed)));
      this.tabs.hidden = !hasTabs;
      this.tabs.replaceChildren(this.tabOf("home"), this.tabOf("messages"));
    }
    this.drawHome(scene);
  }

  // A tab list is one stop for Tab; the arrows go from one to the other.
  tabOf(name) {
    const chosen = this.tab === name;
    return h("button", {
      type: "button", role: "tab", id: `tab-${name}`, "aria-controls": name === "home" ? "home" : undefined, tabIndex: chosen ? 0 : -1, "aria-selected": String(chosen), onclick: () => this.openTab(name),
      onkeydown: (event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        this.openTab(name === "home" ? "messages" : "home");
        this.tabs.querySelector("[aria-selected=true]").focus();
      },
    }, t(name));
  }

  drawHome(scene) {
    const shown = this.tab === "home";
    this.home.hidden = !shown;
    this.messages.node.hidden = this.composer.node.hidden = shown;
    const print = `${scene.home?.id} ${scene.home?.hash} ${spoken()}`;
    if (print === this.homePrint) return;
    this.homePrint = print;
    const inside = scene.home ? blocks(scene.home.blocks, this.roomFor({ view: scene.home.id })) : [h("p", { class: "muted" }, t("homeEmpty"))];
    this.home.replaceChildren(h("div", { class: "blocks" }, ...inside));
  }

  // Home is what the app drew when it was opened: in another language it is opened again.
  async speak(code) {
    await this.line.act({ do: "speak", language: code });
    if (this.tab === "home") this.line.act({ do: "home", tab: "home" });
  }

  openTab(name) {
    this.tab = name;
    this.draw();
    this.line.act({ do: "home", tab: name });
  }

  // The app is told that its conversation was opened, as Slack does.
  greet(here) {
    if (this.greeted) return;
    this.greeted = true;
    if (here.kind === "im") this.line.act({ do: "home", tab: "messages" });
  }

  welcome(here) {
    const { scene } = this;
    const me = this.names[scene.me];
    const direct = here.kind === "im";
    const about = direct ? t("welcome", { name: scene.app.name }) : t("welcomeChannel", { name: nameOf(scene, here) });
    const offered = scene.suggestions[spoken()] ?? scene.suggestions.en ?? [];
    const chips = offered.map(({ label, text }) =>
      h("button", { class: "chip", type: "button", onclick: () => this.composer.fill(text) }, h("strong", {}, label), h("code", {}, text)));
    const empty = scene.messages.length === 0;
    return h("section", { class: `welcome ${empty ? "empty" : ""}` }, direct ? mark() : null,
      h("h2", {}, direct ? t("welcomeDirect", { person: me.name.split(" ")[0] }) : `#${nameOf(scene, here)}`),
      h("p", {}, about), empty && chips.length ? h("p", {}, t("tryThese")) : null, empty && chips.length ? h("div", { class: "chips" }, chips) : null);
  }

  // Alt with an arrow goes to the conversation above or below, as in Slack.
  onKey(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!this.scene || !by || !event.altKey || document.querySelector("dialog[open], .menu")) return;
    event.preventDefault();
    const { channels, channel } = this.scene;
    const next = channels.findIndex((each) => each.id === channel) + by;
    if (channels[next]) this.go({ channel: channels[next].id });
  }

  async send(text, thread) {
    const deed = text.startsWith("/") ? { do: "command", text, thread } : { do: "say", text, thread };
    this.messages.toEnd();
    this.wait();
    const { error } = await this.line.act({ ...deed, channel: this.channel });
    if (error) this.answered();
  }

  // Several files are several messages; what was written goes with the first.
  async upload(files, text) {
    if (!this.scene) return;
    this.messages.toEnd();
    this.wait();
    for (const [place, file] of [...files].entries()) {
      if (await this.line.upload(file, place ? "" : text, this.channel)) continue;
      this.answered();
      this.say(h("strong", {}, t("notSent")), h("span", {}, file.name));
    }
  }

  // Three dots until the app has said something, or a while has passed.
  wait() {
    if (this.scene.channels.find((channel) => channel.id === this.channel)?.kind !== "im") return;
    this.since = this.scene.messages.at(-1)?.ts ?? "0";
    this.typing.replaceChildren(h("i"), h("i"), h("i"), h("span", { class: "unseen" }, t("typing", { name: this.scene.app.name })));
    this.typing.hidden = false;
    clearTimeout(this.tired);
    this.tired = setTimeout(() => this.answered(), TYPING_SECONDS * 1000);
  }

  answered() {
    this.typing.hidden = true;
  }

  notify(scene) {
    if (scene.messages.some((message) => !message.typed && message.user !== scene.me && message.ts > (this.since ?? "0"))) this.answered();
    if (!this.scene || scene.me !== this.scene.me) return;
    for (const channel of scene.channels) {
      const before = this.scene.channels.find((other) => other.id === channel.id)?.last?.ts ?? "0";
      const { last } = channel;
      if (last && last.ts > before && last.user !== scene.me && channel.id !== scene.channel) this.toast(scene, channel);
    }
  }

  toast(scene, channel) {
    const note = this.say(h("strong", {}, t("newMessage", { name: nameOf(scene, channel) })), h("span", {}, plain(channel.last.text, this.names)));
    note.dataset.channel = channel.id;
    note.addEventListener("click", () => this.go({ channel: channel.id }));
  }

  // A few words at the edge, gone in a while or with a click.
  say(...words) {
    const note = h("button", { class: "toast", type: "button", onclick: () => note.remove() }, words);
    this.toasts.append(note);
    setTimeout(() => note.remove(), 6000);
    return note;
  }

  go({ person = this.person, channel }) {
    if (person !== this.person || channel !== this.channel) {
      this.messages.clear();
      this.composer.reply(null);
      this.answered();
      this.tab = "messages";
    }
    this.person = person;
    this.channel = channel;
    keep("person", person);
    this.drawer(false);
    this.greeted = false;
    for (const note of this.toasts.querySelectorAll(".toast")) if (note.dataset.channel === channel || !channel) note.remove();
    this.line.restart();
    this.composer.field.focus();
  }

  roomFor(place) {
    const page = this;
    return {
      place, values: {}, act: (deed) => this.line.act(deed), mrkdwn: (text) => mrkdwn(text, page.names),
      fileAddress: (id, more) => `/page/files/${encodeURIComponent(id)}?person=${encodeURIComponent(page.person)}${more}`,
      get names() { return page.names; }, get people() { return page.scene.people; }, get channels() { return page.scene.channels; },
    };
  }

  // The person remembered from last time may not live here any more.
  lost(error) {
    if (error.message === "404") this.person = "";
    this.offline.hidden = false;
    this.offline.textContent = t("offline");
  }

  drawer(open) {
    document.body.classList.toggle("drawer", open);
  }

  light(chosen) {
    const wanted = chosen || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    if (chosen) keep("light", chosen);
    this.isDark = wanted === "dark";
    document.documentElement.dataset.light = wanted;
  }
}

speak("en");
const page = new Page(document.querySelector("#page"));
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { page.light(kept("light")); page.draw(); });
page.line.restart();
