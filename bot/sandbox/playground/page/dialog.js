// Windows over the page: the question before an action, a person's profile, and the app's modals.

import { blocks } from "./blocks.js";
import { el } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { send, store } from "./store.js";

/** Ask what a `confirm` object asks; true where the person goes ahead. */
export function confirmed(ask) {
  return new Promise((resolve) => {
    const answer = (yes) => () => {
      dialog.close();
      resolve(yes);
    };
    const style = ask.style === "danger" ? "danger" : "primary";
    const dialog = el("dialog", { "aria-labelledby": "confirm-title" },
      el("h2", { id: "confirm-title" }, textObject(ask.title)),
      el("div", { class: "text" }, textObject(ask.text)),
      el("div", { class: "choice" },
        el("button", { type: "button", class: "button", onclick: answer(false) }, textObject(ask.deny)),
        el("button", { type: "button", class: `button ${style}`, onclick: answer(true) }, textObject(ask.confirm)),
      ),
    );
    dialog.addEventListener("cancel", answer(false));
    show(dialog);
  });
}

/** Somebody's profile, where a link to it would leave this machine. */
export function profile(id) {
  const person = store.people[id];
  const close = () => dialog.close();
  const dialog = el("dialog", { "aria-labelledby": "profile-title" },
    el("h2", { id: "profile-title" }, person?.name ?? id),
    el("p", {}, [person?.title, person?.membership].filter(Boolean).join(" · ")),
    person?.email ? el("p", {}, person.email) : null,
    el("p", { class: "muted" }, "In Slack this opens their profile, where one writes to them."),
    el("div", { class: "choice" }, el("button", { type: "button", class: "button", onclick: close }, "Close")),
  );
  show(dialog);
}

let modal = null;

/** Show the app's modal on top, another content of it, or none. */
export function showViews() {
  const view = store.views.stack.at(-1);
  if (modal && modal.hash === view?.hash) return;
  modal?.remove();
  modal = null;
  if (!view) return;
  const place = { view, act: (press) => pressInView(view, press) };
  const close = () => send("view", { does: "close", view_id: view.id });
  const form = el("form", { method: "dialog", novalidate: true },
    el("h2", { id: "modal-title" }, textObject(view.title)),
    blocks(view.blocks ?? [], place),
    el("p", { class: "wrong", role: "alert" }),
    el("div", { class: "choice" },
      el("button", { type: "button", class: "button", onclick: close }, view.close?.text ?? "Close"),
      view.submit ? el("button", { type: "submit", class: "button primary" }, textObject(view.submit)) : null,
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    complain(form, await send("view", { does: "submit", view_id: view.id, values: values(form) }));
  });
  modal = el("dialog", { class: "modal", "aria-labelledby": "modal-title" }, form);
  modal.hash = view.hash;
  modal.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  show(modal);
}

/** Press something in a view. */
export const pressInView = (view, { element, index, chosen }) =>
  send("view", { does: "press", view_id: view.id, action_id: element.action_id, index, chosen });

function complain(form, told) {
  for (const place of form.querySelectorAll(".wrong")) place.textContent = "";
  form.querySelector(":scope > .wrong").textContent = told.error ?? "";
  for (const [block, words] of Object.entries(told.errors ?? {})) {
    const place = form.querySelector(`[data-block="${CSS.escape(block)}"] .wrong`);
    if (place) place.textContent = words;
  }
}

function values(form) {
  const found = {};
  for (const field of form.querySelectorAll("[data-field]")) {
    const ticked = [...field.querySelectorAll("input:checked")].map((each) => each.value);
    const isRadio = field.querySelector("input[type=radio]");
    found[field.dataset.field] = field.classList.contains("ticks")
      ? (isRadio ? ticked[0] ?? "" : ticked)
      : field.list ? field.chosen : field.value;
  }
  return found;
}

function show(dialog) {
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}
