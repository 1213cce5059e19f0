// The message box: sends a line, completes commands and names, and recalls earlier lines.

import { completions, usage } from "./completion.js";
import { el } from "./dom.js";
import { send, store } from "./store.js";

const HINT = "Enter sends · Shift+Enter starts a new line · ↑ recalls earlier lines";
const MAX_HISTORY_LINES = 50;
const MAX_BOX_ROWS = 8;

const ADMIN_COMMANDS = ["changes", "audit", "export"];

const history = []; // shared by the message box and the reply box

export class Composer {
  /** `target` returns where a line goes: a channel and, in a thread, its ts. */
  constructor(container, { id, label, target }) {
    this.target = target;
    this.historyIndex = history.length;
    this.draft = "";
    this.items = [];
    this.selected = 0;
    this.list = el("ul", { id: `${id}-completions`, class: "completions", role: "listbox", "aria-label": "Completions", hidden: true });
    this.box = el("textarea", {
      id, rows: "1", autocomplete: "off", spellcheck: "false", "aria-label": label,
      "aria-describedby": `${id}-hint`, "aria-autocomplete": "list", "aria-controls": this.list.id,
      oninput: () => this.#onInput(), onkeydown: (event) => this.#onKey(event),
      onblur: () => { this.list.hidden = true; },
    });
    this.hint = el("p", { id: `${id}-hint`, class: "hint" }, HINT);
    this.error = el("p", { class: "error", role: "alert" });
    this.button = el("button", { type: "submit", class: "button primary", "aria-label": "Send" }, "Send");
    const row = el("div", { class: "input-row" }, this.box, this.button);
    const form = el("form", { class: "composer" }, this.list, this.error, row, this.hint);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(this.box.value);
    });
    container.replaceChildren(form);
  }

  setLabel(text) {
    this.box.setAttribute("aria-label", text);
    this.box.setAttribute("placeholder", text);
  }

  showError(text) {
    this.error.textContent = text;
  }

  /** Send a line as if it had been typed. */
  async send(line) {
    const isBusy = this.button.getAttribute("aria-busy") === "true";
    if (!line.trim() || isBusy) return;
    if (history.at(-1) !== line) history.push(line);
    history.splice(0, history.length - MAX_HISTORY_LINES);
    this.historyIndex = history.length;
    this.#setText("");
    this.button.setAttribute("aria-busy", "true");
    const response = await send("send", { text: line, ...this.target() });
    this.button.setAttribute("aria-busy", "false");
    this.showError(response.error ?? "");
  }

  #setText(text) {
    this.box.value = text;
    this.box.setSelectionRange(text.length, text.length);
    this.#onInput();
  }

  #onInput() {
    const text = this.box.value;
    this.box.rows = Math.min(MAX_BOX_ROWS, text.split("\n").length);
    this.showError("");
    this.hint.textContent = usage(text) || HINT;
    this.selected = 0;
    this.#showCompletions(completions(text, this.box.selectionStart));
  }

  #showCompletions(items) {
    this.items = items;
    this.list.hidden = !items.length;
    this.list.replaceChildren(...items.map((item, i) =>
      el("li", {
        id: `${this.list.id}-${i}`, role: "option", "aria-selected": String(i === this.selected),
        onmousedown: (event) => {
          event.preventDefault(); // keeps the focus in the box
          this.#accept(item);
        },
      }, el("strong", {}, item.label), " ", el("small", {}, item.detail))));
    if (items.length) this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.selected}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #accept(item) {
    const { value, selectionStart } = this.box;
    this.#setText(value.slice(0, item.start) + item.text + value.slice(selectionStart));
  }

  #onKey(event) {
    if (event.isComposing) return; // Enter ends the input of an East Asian word
    if (!this.list.hidden && this.#handleListKey(event)) {
      event.preventDefault();
      return;
    }
    const isUnchanged = this.box.value === history[this.historyIndex];
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send(this.box.value);
    } else if (event.key === "ArrowUp" && (this.box.selectionStart === 0 || isUnchanged)) {
      this.#recall(event, -1);
    } else if (event.key === "ArrowDown" && this.historyIndex < history.length) {
      this.#recall(event, 1);
    }
  }

  /** Handle a key in the open list of completions. Returns whether it was handled. */
  #handleListKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const item = this.items[this.selected];
    if (step) {
      this.selected = (this.selected + step + this.items.length) % this.items.length;
      this.#showCompletions(this.items);
    } else if (event.key === "Tab" || event.key === "Enter") {
      const isComplete = this.box.value === item.text.trim();
      if (event.key === "Enter" && isComplete) return false; // Enter sends a finished command
      this.#accept(item);
    } else if (event.key === "Escape") {
      this.list.hidden = true;
    } else {
      return false;
    }
    return true;
  }

  #recall(event, step) {
    const index = this.historyIndex + step;
    if (index < 0 || index > history.length) return;
    event.preventDefault();
    if (this.historyIndex === history.length) this.draft = this.box.value;
    this.historyIndex = index;
    this.#setText(index === history.length ? this.draft : history[index]);
    this.list.hidden = true;
  }
}

/** A few lines to try in a channel as the signed-in user. */
export function suggestions(channel) {
  const isAdmin = store.people[store.you]?.membership === "admin";
  if (channel.kind === "im") {
    return ["789", "jhon smith", "who is 790?", ...(isAdmin ? ADMIN_COMMANDS : ["list"]), "help"];
  }
  const command = store.app.commands[0]?.command;
  const mention = "@Ext 790";
  if (!command) return [mention];
  if (channel.is_shared) return [mention, `${command} share 789`, `${command} 789`];
  return [
    `${command} 789`, `${command} jhon smith`, `${command} +1 (415) 555-0100`,
    `${command} list location:London`,
    ...(isAdmin ? ADMIN_COMMANDS.map((name) => `${command} ${name}`) : []),
    mention, `${command} help`,
  ];
}
