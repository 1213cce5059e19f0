// The message box: sends a line, completes commands and names, and brings earlier lines back.

import { offers, usage } from "./completion.js";
import { el } from "./dom.js";
import { send, store } from "./store.js";

const HINT = "Enter sends · Shift+Enter begins a new line · ↑ brings earlier lines back";
const KEPT = 50; // lines that can be brought back

const FOR_ADMINS = ["changes", "audit", "export"];

const history = [];

export class Composer {
  /** `place` gives where a line goes: a channel, and a thread or none. */
  constructor(home, { id, label, place }) {
    this.place = place;
    this.at = history.length;
    this.draft = "";
    this.chosen = 0;
    this.list = el("ul", { id: `${id}-offers`, class: "offers", role: "listbox", "aria-label": "Completions", hidden: true });
    this.box = el("textarea", {
      id, rows: "1", autocomplete: "off", spellcheck: "false", "aria-label": label,
      "aria-describedby": `${id}-hint`, "aria-autocomplete": "list", "aria-controls": this.list.id,
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event),
      onblur: () => { this.list.hidden = true; },
    });
    this.hint = el("p", { id: `${id}-hint`, class: "hint" }, HINT);
    this.problem = el("p", { class: "problem", role: "alert" });
    this.button = el("button", { type: "submit", class: "button primary", "aria-label": "Send" }, "Send");
    const form = el("form", { class: "composer" }, this.list, this.problem, el("div", { class: "line" }, this.box, this.button), this.hint);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(this.box.value);
    });
    home.replaceChildren(form);
  }

  label(words) {
    this.box.setAttribute("aria-label", words);
    this.box.setAttribute("placeholder", words);
  }

  fail(words) {
    this.problem.textContent = words;
  }

  /** Send a line as if it had been typed. */
  async send(line) {
    if (!line.trim() || this.button.getAttribute("aria-busy") === "true") return;
    if (history.at(-1) !== line) history.push(line);
    history.splice(0, history.length - KEPT);
    this.at = history.length;
    this.#put("");
    this.button.setAttribute("aria-busy", "true");
    const told = await send("say", { text: line, ...this.place() });
    this.button.setAttribute("aria-busy", "false");
    this.fail(told.error ?? "");
  }

  #put(text) {
    this.box.value = text;
    this.box.setSelectionRange(text.length, text.length);
    this.#typed();
  }

  #typed() {
    const text = this.box.value;
    this.box.rows = Math.min(8, text.split("\n").length);
    this.fail("");
    this.hint.textContent = usage(text) || HINT;
    this.chosen = 0;
    this.#offer(offers(text, this.box.selectionStart));
  }

  #offer(found) {
    this.found = found;
    this.list.hidden = !found.length;
    this.list.replaceChildren(...found.map((each, i) =>
      el("li", {
        id: `${this.list.id}-${i}`, role: "option", "aria-selected": String(i === this.chosen),
        onmousedown: (event) => {
          event.preventDefault();
          this.#take(each);
        },
      }, el("strong", {}, each.label), " ", el("small", {}, each.detail))));
    if (found.length) this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.chosen}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #take(offer) {
    const { value, selectionStart } = this.box;
    this.#put(value.slice(0, offer.from) + offer.puts + value.slice(selectionStart));
  }

  #key(event) {
    if (event.isComposing) return;
    if (!this.list.hidden && this.#keyInList(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send(this.box.value);
    } else if (event.key === "ArrowUp" && this.box.selectionStart === 0) {
      this.#recall(event, -1);
    } else if (event.key === "ArrowUp" && this.box.value === history[this.at]) {
      this.#recall(event, -1);
    } else if (event.key === "ArrowDown" && this.at < history.length) {
      this.#recall(event, 1);
    }
  }

  #keyInList(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offer = this.found[this.chosen];
    if (step) {
      this.chosen = (this.chosen + step + this.found.length) % this.found.length;
      this.#offer(this.found);
    } else if (event.key === "Tab" || event.key === "Enter") {
      const whole = this.box.value === offer.puts.trim();
      if (event.key === "Enter" && whole) return false;
      this.#take(offer);
    } else if (event.key === "Escape") {
      this.list.hidden = true;
    } else {
      return false;
    }
    return true;
  }

  #recall(event, step) {
    const at = this.at + step;
    if (at < 0 || at > history.length) return;
    event.preventDefault();
    if (this.at === history.length) this.draft = this.box.value;
    this.at = at;
    this.#put(at === history.length ? this.draft : history[at]);
    this.list.hidden = true;
  }
}

/** A few lines worth trying in a room, as whoever is signed in. */
export function tries(room) {
  const isAdmin = store.people[store.you]?.membership === "admin";
  if (room.kind === "im") return ["789", "jhon smith", "who is 790?", ...(isAdmin ? FOR_ADMINS : ["list"]), "help"];
  const command = store.app.commands[0]?.command;
  const mention = "@Ext 790";
  if (!command) return [mention];
  if (room.shared) return [mention, `${command} share 789`, `${command} 789`];
  return [
    `${command} 789`, `${command} jhon smith`, `${command} +1 (415) 555-0100`,
    `${command} list location:London`, ...(isAdmin ? FOR_ADMINS.map((each) => `${command} ${each}`) : []),
    mention, `${command} help`,
  ];
}
