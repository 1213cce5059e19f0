// One message: its author, its readers, its content, and the actions on it.

import { blocks } from "./blocks.js";
import { clockTime } from "./dates.js";
import { showProfile } from "./dialog.js";
import { counted, el } from "./dom.js";
import { fileElement } from "./file_attachment.js";
import { mrkdwn } from "./mrkdwn.js";
import { send, store } from "./store.js";

const PROFILE_URL = /^https:\/\/[\w-]+\.slack\.com\/team\/(\w+)$/;

/** A message as an article. `replies` is the length of its thread, which `openThread` shows. */
export function messageElement(message, { replies = 0, openThread = null, onError = () => {} } = {}) {
  const person = store.people[message.author] ?? { name: message.author };
  const context = {
    message,
    openLink,
    act: async ({ element, index, choice }) => {
      const { channel, ts } = message;
      const response = await send("press", { channel, ts, action_id: element.action_id, index, choice });
      if (response.error) onError(response.error);
    },
  };
  return el("article", { "data-ts": message.ts, tabindex: "-1", class: message.is_ephemeral ? "ephemeral" : "" },
    el("div", { class: `avatar ${person.is_bot ? "bot" : ""}`, "aria-hidden": "true" }, initials(person)),
    el("div", { class: "message" },
      message.is_ephemeral ? el("p", { class: "visibility" }, "Only visible to you") : null,
      byline(person, message),
      content(message, context),
      (message.files ?? []).map(fileElement),
      message.edits ? el("small", { class: "muted" }, "(edited)") : null,
      replies && openThread
        ? el("button", { type: "button", class: "replies", onclick: openThread }, counted(replies, "reply", "replies"))
        : null,
      shortcuts(message, onError),
      !message.is_ephemeral && openThread ? replyButton(person, openThread) : null,
    ),
  );
}

function byline(person, message) {
  return el("p", { class: "byline" },
    el("strong", {}, person.name),
    person.is_bot ? el("span", { class: "badge" }, "APP") : null,
    person.membership === "another organization" ? el("span", { class: "badge" }, "EXTERNAL") : null,
    el("time", { datetime: new Date(Number(message.ts) * 1000).toISOString() }, clockTime(message.ts)),
  );
}

const replyButton = (person, openThread) =>
  el("button", {
    type: "button", class: "message-action", onclick: openThread,
    "aria-label": `Reply to ${person.name} in a thread`,
  }, "Reply in thread");

/** The blocks of a message, or its text where there are none. People's messages are always text. */
function content(message, context) {
  const isFromApp = message.author && store.people[message.author]?.is_bot !== false;
  if (message.blocks?.length && isFromApp) {
    return el("div", { class: "blocks" }, blocks(message.blocks, context));
  }
  return el("div", { class: "blocks" }, el("div", { class: "text" }, mrkdwn(message.text ?? "")));
}

/** Replace a message by its newer form without losing the keyboard focus. */
export function replaceMessage(oldNode, newNode) {
  const focused = oldNode.contains(document.activeElement) ? document.activeElement : null;
  oldNode.replaceWith(newNode);
  if (!focused) return;
  const { action, index } = (focused.closest("[data-action]") ?? focused).dataset;
  const sameElement = action && newNode.querySelector(`[data-action="${CSS.escape(action)}"][data-index="${index}"]`);
  (sameElement || newNode).focus();
}

function initials(person) {
  if (person.handle === "ext") return "Ext";
  return person.name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");
}

/** The message shortcuts of the app's manifest. */
function shortcuts(message, onError) {
  const offered = store.app.shortcuts.filter((shortcut) => shortcut.type === "message");
  if (!offered.length || message.is_ephemeral) return null;
  return el("div", { class: "shortcuts" }, offered.map((shortcut) =>
    el("button", {
      type: "button", class: "message-action",
      onclick: async () => {
        const { channel, ts } = message;
        const response = await send("shortcut", { callback_id: shortcut.callback_id, channel, ts });
        if (response.error) onError(response.error);
      },
    }, shortcut.name)));
}

/** Open the page of a link button. Profiles of the invented company don't exist, so they open here. */
function openLink(url) {
  if (!url) return;
  const match = PROFILE_URL.exec(url);
  if (match) showProfile(match[1]);
  else window.open(url, "_blank", "noopener,noreferrer");
}
