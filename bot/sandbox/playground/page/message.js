// One message: who says it, to whom, and what can be done with it.

import { blocks } from "./blocks.js";
import { clock } from "./dates.js";
import { profile } from "./dialog.js";
import { counted, el } from "./dom.js";
import { file } from "./file.js";
import { mrkdwn } from "./mrkdwn.js";
import { send, store } from "./store.js";

const PROFILE = /^https:\/\/[\w-]+\.slack\.com\/team\/(\w+)$/;

/** A message as an article. `thread` is how many replies it has; `open` shows them. */
export function messageElement(message, { replies = 0, open = null, failed = () => {} } = {}) {
  const person = store.people[message.by] ?? { name: message.by };
  const place = {
    message,
    follow,
    act: async ({ element, index, chosen }) => {
      const { channel, ts } = message;
      const told = await send("press", { channel, ts, action_id: element.action_id, index, chosen });
      if (told.error) failed(told.error);
    },
  };
  return el("article", { "data-ts": message.ts, tabindex: "-1", class: message.only_you ? "only-you" : "" },
    el("div", { class: `avatar ${person.is_bot ? "bot" : ""}`, "aria-hidden": "true" }, initials(person)),
    el("div", { class: "said" },
      message.only_you ? el("p", { class: "private" }, "Only visible to you") : null,
      el("p", { class: "by" },
        el("strong", {}, person.name),
        person.is_bot ? el("span", { class: "badge" }, "APP") : null,
        person.membership === "another organisation" ? el("span", { class: "badge" }, "ELSEWHERE") : null,
        el("time", { datetime: new Date(Number(message.ts) * 1000).toISOString() }, clock(message.ts)),
      ),
      content(message, place),
      (message.files ?? []).map(file),
      message.edited ? el("small", { class: "muted" }, "(edited)") : null,
      replies && open ? el("button", { type: "button", class: "replies", onclick: open },
        counted(replies, "reply", "replies")) : null,
      shortcuts(message, failed),
      !message.only_you && open ? el("button", {
        type: "button", class: "reply-here", "aria-label": `Reply to ${person.name} in a thread`, onclick: open,
      }, "Reply in thread") : null,
    ),
  );
}

/** What it says: the blocks, or the text where there are none. */
export function content(message, place) {
  if (message.blocks?.length && message.by && store.people[message.by]?.is_bot !== false) {
    return el("div", { class: "blocks" }, blocks(message.blocks, place));
  }
  return el("div", { class: "blocks" }, el("div", { class: "text" }, mrkdwn(message.text ?? "")));
}

/** Put a newer form of a message in place of an older one, without losing the keyboard's place. */
export function replaceMessage(old, made) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(made);
  if (!held) return;
  const { action, index } = (held.closest("[data-action]") ?? held).dataset;
  const again = action && made.querySelector(`[data-action="${CSS.escape(action)}"][data-index="${index}"]`);
  (again || made).focus();
}

function initials(person) {
  if (person.handle === "ext") return "Ext";
  return person.name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");
}

/** What the app offers for any message, where its manifest names something. */
function shortcuts(message, failed) {
  const offered = store.app.shortcuts.filter((each) => each.type === "message");
  if (!offered.length || message.only_you) return null;
  return el("div", { class: "shortcuts" }, offered.map((each) =>
    el("button", {
      type: "button", class: "reply-here",
      onclick: async () => {
        const { channel, ts } = message;
        const told = await send("shortcut", { callback_id: each.callback_id, channel, ts });
        if (told.error) failed(told.error);
      },
    }, each.name)));
}

/** A link button opens its page; a profile of the invented company opens here. */
function follow(url) {
  if (!url) return;
  const found = PROFILE.exec(url);
  if (found) profile(found[1]);
  else window.open(url, "_blank", "noopener,noreferrer");
}
