// The question that a button may ask before it does anything.
import { h } from "./dom.js";

export function ask(question, room) {
  const { promise, resolve } = deferred();
  const says = (text) => (text.type === "mrkdwn" ? room.mrkdwn(text.text) : text.text);
  const answer = (value) => () => { dialog.close(); resolve(value); };
  const style = question.style === "danger" ? "danger" : "primary";
  const yes = h("button", { class: `button ${style}`, type: "button", onclick: answer(true) }, question.confirm.text);
  const dialog = h("dialog", { class: "confirm", oncancel: answer(false) },
    h("h2", {}, question.title.text), h("p", {}, says(question.text)),
    h("footer", {}, h("button", { class: "button", type: "button", onclick: answer(false) }, question.deny.text), yes));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  yes.focus();
  return promise;
}

function deferred() {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}
