// The messages of a channel or of a thread, kept up to date.

import { el } from "./dom.js";
import { messageElement, replaceMessage } from "./message.js";
import { messagesOf } from "./store.js";

// A reader closer to the end than this follows new messages; one further up is not scrolled.
const FOLLOW_DISTANCE_PX = 120;

export class MessageList {
  /** `scroller` holds the messages. Without `openThread` the list is itself a thread. */
  constructor(scroller, { openThread = null, onError }) {
    this.scroller = scroller;
    this.openThread = openThread;
    this.onError = onError;
    this.channel = "";
    this.thread = "";
    this.shown = new Map();
  }

  /** Show a channel, or one of its threads, from the beginning, with `intro` above the messages. */
  show(channel, thread = "", intro = null) {
    Object.assign(this, { channel, thread });
    this.shown.clear();
    this.scroller.replaceChildren(...(intro ? [intro] : []));
    this.update();
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Show new and changed messages, and remove deleted ones. */
  update() {
    const messages = messagesOf(this.channel, this.thread);
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < FOLLOW_DISTANCE_PX;
    const present = new Set(messages.map((message) => message.ts));
    for (const [ts, { node }] of this.shown) {
      if (present.has(ts)) continue;
      node.remove();
      this.shown.delete(ts);
    }
    let hasChanged = false;
    for (const message of messages) hasChanged = this.#showMessage(message) || hasChanged;
    if (hasChanged && isAtEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #showMessage(message) {
    const replies = this.openThread ? messagesOf(this.channel, message.ts).length - 1 : 0;
    const edition = `${message.edits}/${replies}`;
    const previous = this.shown.get(message.ts);
    if (previous?.edition === edition) return false;
    const openThread = this.openThread && (() => this.openThread(message.ts));
    const node = messageElement(message, { replies, openThread, onError: this.onError });
    if (previous) replaceMessage(previous.node, node);
    else this.scroller.append(node);
    this.shown.set(message.ts, { node, edition });
    return true;
  }
}

/** The top of a channel: what kind it is, and a few things to try. */
export function introduction(channel, lines, sendLine) {
  const name = channel.kind === "im" ? "Ext" : `#${channel.name}`;
  return el("section", { class: "intro", "aria-label": "Getting started" },
    el("h2", {}, `Welcome to ${name}`),
    el("p", {}, description(channel)),
    lines.length ? el("p", { class: "muted" }, "Try one of these:") : null,
    el("div", { class: "suggestions" }, lines.map((line) =>
      el("button", { type: "button", class: "suggestion", onclick: () => sendLine(line) }, line))),
  );
}

function description(channel) {
  if (channel.kind === "im") return "This is between you and Ext. You don't need a command here.";
  if (channel.is_shared) {
    return "This channel is shared with another organization. Ext asks before it shares anything here, and only you see its answers to your mentions.";
  }
  return "Only you see the answer to a command, until you share it. Ext answers mentions in a thread.";
}
