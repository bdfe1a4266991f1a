// The dialog on top of a person's stack of views.
import { blocks } from "./blocks.js";
import { h, icon } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { ofForm, t } from "./words.js";

export class Modal {
  constructor({ roomFor, act }) {
    Object.assign(this, { roomFor, act });
    this.shown = "";
    this.node = null;
  }

  show(views, language) {
    const view = views.at(-1);
    const print = view ? `${view.id} ${view.hash} ${views.length} ${language}` : "";
    if (print === this.shown) return;
    const kept = view && this.view?.id === view.id ? this.room.values : {};
    this.shown = print;
    this.leave();
    if (view) this.draw(view, views.length, kept);
  }

  leave() {
    this.node?.close();
    this.node?.remove();
    this.node = null;
  }

  draw(view, depth, kept) {
    this.view = view;
    this.room = this.roomFor({ view: view.id });
    this.room.values = kept;
    this.trouble = h("p", { class: "trouble", role: "alert", hidden: true });
    this.save = view.submit ? h("button", { class: "button primary", type: "submit" }, view.submit.text) : null;
    const leave = (everything) => () => this.act({ do: "close", everything });
    const first = depth > 1 ? ["back", t("back"), leave(false)] : null;
    const form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      h("header", {}, first ? tool(...first) : null, h("h2", { id: "modal-title" }, view.title.text), tool("close", t("close"), leave(true))),
      h("div", { class: "modal-body" }, blocks(view.blocks, this.room), this.trouble),
      h("footer", {}, h("button", { class: "button", type: "button", onclick: leave(false) }, view.close?.text ?? (view.submit ? t("cancel") : t("close"))), this.save));
    this.node = h("dialog", { class: "modal", "aria-labelledby": "modal-title", oncancel: (event) => { event.preventDefault(); leave(false)(); } }, form);
    document.body.append(this.node);
    this.node.showModal();
    (this.node.querySelector(".modal-body input, .modal-body textarea, .modal-body select") ?? this.save)?.focus();
  }

  async submit() {
    if (this.save.classList.contains("busy")) return;
    this.mark({});
    this.save.classList.add("busy");
    const { error, errors = {} } = await this.act({ do: "submit", view: this.view.id, values: this.room.values });
    this.save.classList.remove("busy");
    this.mark(errors);
    this.trouble.hidden = !error;
    this.trouble.replaceChildren(icon("warn"), error === "gone" ? t("gone") : t("failedForm"));
  }

  mark(errors) {
    for (const block of this.node?.querySelectorAll(".input") ?? []) {
      const said = errors[block.dataset.block];
      const line = block.querySelector(".error");
      line.hidden = !said;
      line.replaceChildren(...(said ? [icon("warn"), ...mrkdwn(ofForm(said))] : []));
      block.classList.toggle("wrong", Boolean(said));
      const field = block.querySelector("input, textarea, select, [role=group], [role=radiogroup]");
      if (said) field?.setAttribute("aria-invalid", "true");
      else field?.removeAttribute("aria-invalid");
    }
    this.node?.querySelector(".wrong input, .wrong textarea, .wrong select")?.focus();
  }
}

function tool(name, label, onclick) {
  return h("button", { class: "tool", type: "button", "aria-label": label, title: label, onclick }, icon(name));
}
