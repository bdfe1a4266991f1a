// Where people write: completion of commands and names, Enter sends.
import { h, icon } from "./dom.js";
import { spoken, t } from "./words.js";

const MOST = 40;

export class Composer {
  constructor({ onSend, onFiles }) {
    Object.assign(this, { onSend, onFiles });
    this.thread = null;
    this.choices = [];
    this.current = 0;
    this.list = h("ul", { class: "completion", role: "listbox", id: "completion", hidden: true });
    this.field = h("textarea", {
      id: "composer", rows: 1, disabled: true, spellcheck: "false", "aria-controls": "completion", "aria-autocomplete": "list",
      oninput: () => this.complete(), onkeydown: (event) => this.onKey(event), onblur: () => setTimeout(() => this.offer([]), 150),
      onpaste: (event) => this.paste(event),
    });
    this.button = h("button", { class: "send", type: "button", disabled: true, onclick: () => this.send() }, icon("send"));
    this.picker = h("input", { type: "file", multiple: true, hidden: true, onchange: () => this.attach() });
    this.clip = h("button", { class: "tool", type: "button", disabled: true, onclick: () => this.picker.click() }, icon("clip"));
    this.note = h("div", { class: "thread-note", hidden: true });
    this.hint = h("p", { class: "composer-hint" });
    this.node = h("div", { class: "composer" }, this.note,
      h("div", { class: "composer-box" }, this.list, this.clip, this.picker, this.field, this.button), this.hint);
  }

  // Before the first scene nobody knows who writes, and to whom.
  show(scene, name) {
    this.scene = scene;
    this.name = name;
    this.field.disabled = this.button.disabled = this.clip.disabled = false;
    this.field.placeholder = t("messageTo", { name });
    this.field.setAttribute("aria-label", this.field.placeholder);
    this.button.setAttribute("aria-label", t("send"));
    this.clip.title = t("attach");
    this.clip.setAttribute("aria-label", t("attach"));
    this.hint.textContent = t("hint");
  }

  reply(message) {
    this.thread = message ? (message.thread ?? message.ts) : null;
    const leave = h("button", { class: "tool", type: "button", "aria-label": t("cancel"), onclick: () => this.reply(null) }, icon("close"));
    this.note.replaceChildren(icon("reply"), t("replying"), leave);
    this.note.hidden = !message;
    if (message) this.field.focus();
  }

  // The word that is being completed: a command at the start, or a name after @.
  complete() {
    this.grow();
    const before = this.field.value.slice(0, this.field.selectionStart);
    const words = this.scene.commandWords[spoken()] ?? {};
    const command = /^\/\S*$/.exec(before);
    const name = /(?:^|\s)@([^@\n]{0,30})$/u.exec(before);
    if (command) return this.offer(this.scene.commands.filter((c) => c.name.startsWith(before)).map((c) => ({ word: c.name, ...c, ...words[c.name] })));
    if (name) return this.offer(this.people(name[1]), name[1].length + 1);
    return this.offer([]);
  }

  people(typed) {
    const like = typed.toLocaleLowerCase();
    return this.scene.people.filter((person) => person.name.toLocaleLowerCase().startsWith(like))
      .map((person) => ({ word: `@${person.name}`, name: `@${person.name}`, usage: "", description: person.title || person.role }));
  }

  offer(choices, replaced = null) {
    this.choices = choices.slice(0, MOST);
    this.replaced = replaced;
    this.mark(0);
  }

  mark(place) {
    this.current = place;
    const rows = this.choices.map((choice, row) =>
      h("li", { role: "option", id: `choice-${row}`, "aria-selected": String(row === place), onpointerdown: (event) => { event.preventDefault(); this.take(choice); } },
        h("span", {}, h("strong", {}, choice.name), " ", h("span", { class: "usage" }, choice.usage)), h("small", {}, choice.description)));
    this.list.replaceChildren(...rows);
    this.list.hidden = rows.length === 0;
    this.field.setAttribute("aria-activedescendant", rows.length ? `choice-${place}` : "");
    rows[place]?.scrollIntoView({ block: "nearest" });
  }

  take(choice) {
    const end = this.field.selectionStart;
    const start = this.replaced === null ? 0 : end - this.replaced;
    this.field.setRangeText(`${choice.word} `, start, end, "end");
    this.offer([]);
    this.field.focus();
  }

  onKey(event) {
    const open = this.choices.length > 0;
    const step = (by) => this.mark((this.current + by + this.choices.length) % this.choices.length);
    const typedWhole = this.choices[this.current]?.word === this.field.value.trim();
    const keys = open
      ? {
          ArrowDown: () => step(1), ArrowUp: () => step(-1), Tab: () => this.take(this.choices[this.current]), Escape: () => this.offer([]),
          Enter: () => (typedWhole ? this.send() : this.take(this.choices[this.current])),
        }
      : { Enter: () => this.send(), Escape: () => this.thread && this.reply(null) };
    if (!(event.key in keys) || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    keys[event.key]();
  }

  fill(text) {
    this.field.value = text;
    this.grow();
    this.send();
  }

  attach() {
    this.sendFiles([...this.picker.files]);
    this.picker.value = "";
  }

  paste(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.sendFiles(files);
  }

  sendFiles(files) {
    if (files.length) this.onFiles(files, this.mentioned(this.field.value.trim()));
    this.field.value = "";
    this.field.focus();
  }

  send() {
    const text = this.field.value.trim();
    if (!text) return;
    this.field.value = "";
    this.offer([]);
    this.grow();
    this.onSend(this.mentioned(text), this.thread);
    this.field.focus();
  }

  // Names after @ become the mentions that Slack sends.
  mentioned(text) {
    const byLength = [...this.scene.people].sort((one, other) => other.name.length - one.name.length);
    return byLength.reduce((said, person) => said.replaceAll(`@${person.name}`, `<@${person.id}>`), text);
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 220)}px`;
  }
}
