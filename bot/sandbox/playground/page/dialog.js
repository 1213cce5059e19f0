// Dialogs over the page: confirmations of an action, profiles, and the app's modals.

import { blocks } from "./blocks.js";
import { el } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { send, store } from "./store.js";

/** Ask the question of a `confirm` object. Resolves to whether the person confirmed. */
export function confirmed(question) {
  return new Promise((resolve) => {
    const answer = (isConfirmed) => () => {
      dialog.close();
      resolve(isConfirmed);
    };
    const style = question.style === "danger" ? "danger" : "primary";
    const dialog = el("dialog", { "aria-labelledby": "confirm-title" },
      el("h2", { id: "confirm-title" }, textObject(question.title)),
      el("div", { class: "text" }, textObject(question.text)),
      el("div", { class: "dialog-buttons" },
        el("button", { type: "button", class: "button", onclick: answer(false) }, textObject(question.deny)),
        el("button", { type: "button", class: `button ${style}`, onclick: answer(true) }, textObject(question.confirm)),
      ),
    );
    dialog.addEventListener("cancel", answer(false));
    show(dialog);
  });
}

/** Show a person's profile, in place of a link that would leave this machine. */
export function showProfile(userId) {
  const person = store.people[userId];
  const close = () => dialog.close();
  const dialog = el("dialog", { "aria-labelledby": "profile-title" },
    el("h2", { id: "profile-title" }, person?.name ?? userId),
    el("p", {}, [person?.title, person?.membership].filter(Boolean).join(" · ")),
    person?.email ? el("p", {}, person.email) : null,
    el("p", { class: "muted" }, "In Slack, this opens their profile, where you can message them."),
    el("div", { class: "dialog-buttons" }, el("button", { type: "button", class: "button", onclick: close }, "Close")),
  );
  show(dialog);
}

let modal = null;

/** Show the app's top modal, replace it if its content changed, or remove it. */
export function showViews() {
  const view = store.views.stack.at(-1);
  if (modal && modal.hash === view?.hash) return;
  modal?.remove();
  modal = null;
  if (!view) return;
  const close = () => send("view", { action: "close", view_id: view.id });
  modal = el("dialog", { class: "modal", "aria-labelledby": "modal-title" }, modalForm(view, close));
  modal.hash = view.hash;
  modal.addEventListener("cancel", (event) => {
    event.preventDefault(); // the app decides what becomes of the modal
    close();
  });
  show(modal);
}

function modalForm(view, close) {
  const context = { view, act: (press) => pressInView(view, press) };
  const form = el("form", { method: "dialog", novalidate: true },
    el("h2", { id: "modal-title" }, textObject(view.title)),
    blocks(view.blocks ?? [], context),
    el("p", { class: "field-error", role: "alert" }),
    el("div", { class: "dialog-buttons" },
      el("button", { type: "button", class: "button", onclick: close }, view.close?.text ?? "Close"),
      view.submit ? el("button", { type: "submit", class: "button primary" }, textObject(view.submit)) : null,
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    showErrors(form, await send("view", { action: "submit", view_id: view.id, values: formValues(form) }));
  });
  return form;
}

/** Send the press of an element in a view. */
export const pressInView = (view, { element, index, choice }) =>
  send("view", { action: "press", view_id: view.id, action_id: element.action_id, index, choice });

function showErrors(form, response) {
  for (const node of form.querySelectorAll(".field-error")) node.textContent = "";
  form.querySelector(":scope > .field-error").textContent = response.error ?? "";
  for (const [blockId, text] of Object.entries(response.errors ?? {})) {
    const node = form.querySelector(`[data-block="${CSS.escape(blockId)}"] .field-error`);
    if (node) node.textContent = text;
  }
}

function formValues(form) {
  const values = {};
  for (const field of form.querySelectorAll("[data-field]")) values[field.dataset.field] = fieldValue(field);
  return values;
}

function fieldValue(field) {
  if (field.classList.contains("choices")) {
    const checked = [...field.querySelectorAll("input:checked")].map((input) => input.value);
    return field.querySelector("input[type=radio]") ? checked[0] ?? "" : checked;
  }
  return field.list ? field.choice : field.value; // a list of the app's options keeps the whole option
}

function show(dialog) {
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}
