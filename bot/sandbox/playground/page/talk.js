// A list of messages that keeps up with the news: of a room, or of a thread.

import { el } from "./dom.js";
import { messageElement, replaceMessage } from "./message.js";
import { messagesOf } from "./store.js";

const NEAR = 120; // pixels from the end; who is further up reads, and is not moved

export class Talk {
  /** `scroller` holds the messages; `open` shows a thread, and is null within one. */
  constructor(scroller, { open = null, failed }) {
    this.scroller = scroller;
    this.open = open;
    this.failed = failed;
    this.room = "";
    this.thread = "";
    this.shown = new Map();
  }

  /** Show a room, or a thread of it, from the beginning. `intro` stands above the messages. */
  show(room, thread = "", intro = null) {
    Object.assign(this, { room, thread });
    this.shown.clear();
    this.scroller.replaceChildren(...(intro ? [intro] : []));
    this.update();
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Show what is new. */
  update() {
    const messages = messagesOf(this.room, this.thread);
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    const there = new Set(messages.map((each) => each.ts));
    for (const [ts, { made }] of this.shown) {
      if (there.has(ts)) continue;
      made.remove();
      this.shown.delete(ts);
    }
    let isNew = false;
    for (const message of messages) isNew = this.#place(message) || isNew;
    if (isNew && atEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #place(message) {
    const replies = this.open ? messagesOf(this.room, message.ts).length - 1 : 0;
    const edition = `${message.edition}/${replies}`;
    const before = this.shown.get(message.ts);
    if (before?.edition === edition) return false;
    const open = this.open && (() => this.open(message.ts));
    const made = messageElement(message, { replies, open, failed: this.failed });
    if (before) replaceMessage(before.made, made);
    else this.scroller.append(made);
    this.shown.set(message.ts, { made, edition });
    return true;
  }
}

/** How a room begins: where one is, and a few things to try. */
export function introduction(room, tries, say) {
  const name = room.kind === "im" ? "Ext" : `#${room.name}`;
  const where = room.kind === "im"
    ? "This is between you and Ext. Here one asks without a command."
    : room.shared
      ? "This channel is shared with another organisation: Ext asks before it shares here, and answers mentions for the asker alone."
      : "Only you see what a command answers, until you share it. Mentions are answered in their thread.";
  return el("section", { class: "intro", "aria-label": "How to begin" },
    el("h2", {}, `Welcome to ${name}`),
    el("p", {}, where),
    tries.length ? el("p", { class: "muted" }, "Try one of these:") : null,
    el("div", { class: "tries" }, tries.map((line) =>
      el("button", { type: "button", class: "try", onclick: () => say(line) }, line))),
  );
}
