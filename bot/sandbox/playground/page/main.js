// Puts the page together: the signed-in user, the open channel, and the updates from the server.

import { blocks } from "./blocks.js";
import { Composer, suggestions } from "./composer.js";
import { pressInView, showViews } from "./dialog.js";
import { byId, el } from "./dom.js";
import { buildInspector, updateInspector } from "./inspector.js";
import { introduction, MessageList } from "./message_list.js";
import { connect, messagesOf, send, store } from "./store.js";

const DEFAULTS = { user: "U0JOHN", channel: "C0GENERAL" };
const HOME = "home";
const NARROW = window.matchMedia("(max-width: 1100px)");

// The address keeps the user and the channel, so that a reload comes back to them.
const current = {
  ...DEFAULTS,
  ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))),
  channelKind: "",
  thread: "",
};
const lastRead = new Map(); // channel id -> ts of the last message seen there

const composer = new Composer(byId("compose"), {
  id: "write",
  label: "Message",
  target: () => ({ channel: current.channel }),
});
const replyComposer = new Composer(byId("reply"), {
  id: "write-reply",
  label: "Reply",
  target: () => ({ channel: current.channel, thread_ts: current.thread }),
});
const channelMessages = new MessageList(byId("messages"), {
  openThread,
  onError: (text) => composer.showError(text),
});
const threadMessages = new MessageList(byId("replies"), {
  onError: (text) => replyComposer.showError(text),
});

function onUpdate(update) {
  if (update.start) start();
  if (update.messages) {
    channelMessages.update();
    if (current.thread) threadMessages.update();
    showChannels();
  }
  if (update.views) {
    showViews();
    if (current.channel === HOME) showHome();
  }
  updateInspector(update);
}

function start() {
  current.user = store.you;
  byId("user").replaceChildren(...store.users.map((user) =>
    el("option", { value: user.id, selected: user.id === store.you }, user.label)));
  openChannel(initialChannel());
}

/** The channel of the address, else one of the same kind: direct messages differ by user. */
function initialChannel() {
  const isKnown = store.channels.some((channel) => channel.id === current.channel);
  if (isKnown || (current.channel === HOME && store.app.home)) return current.channel;
  const sameKind = store.channels.find((channel) => channel.kind === current.channelKind);
  return (sameKind ?? store.channels[0]).id;
}

function openChannel(id) {
  closeThread();
  current.channel = id;
  const channel = store.channels.find((entry) => entry.id === id);
  current.channelKind = channel?.kind ?? "";
  saveInAddress();
  byId("compose").hidden = id === HOME;
  if (id === HOME) {
    send("home");
    showHome();
  } else {
    showChannel(channel);
  }
  showChannels();
}

function showChannel(channel) {
  const name = nameOf(channel);
  byId("channel-name").textContent = name;
  byId("channel-note").textContent = channelNote(channel);
  composer.setLabel(`Message ${name}`);
  const intro = introduction(channel, suggestions(channel), (line) => composer.send(line));
  channelMessages.show(channel.id, "", intro);
}

function channelNote(channel) {
  if (channel.is_shared) return "shared with another organization";
  return channel.kind === "im" ? "direct message" : "";
}

function showHome() {
  byId("channel-name").textContent = "Ext: Home";
  byId("channel-note").textContent = "";
  const view = store.views.home;
  const context = { view, act: (press) => pressInView(view, press) };
  byId("messages").replaceChildren(el("div", { class: "blocks home" },
    view ? blocks(view.blocks ?? [], context) : "The app hasn't put anything here yet."));
}

const nameOf = (channel) => (channel.kind === "im" ? "Ext" : `#${channel.name}`);

function showChannels() {
  lastRead.set(current.channel, newestTs(current.channel));
  const list = byId("channels");
  const channels = [...store.channels, ...(store.app.home ? [{ id: HOME, kind: HOME }] : [])];
  // The list is rebuilt, so the focus has to be put back on the same channel.
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.channel : "";
  list.replaceChildren(...channels.map(channelItem));
  if (focused) document.querySelector(`[data-channel="${focused}"]`)?.focus();
}

function channelItem(channel) {
  const isCurrent = channel.id === current.channel;
  const isUnread = !isCurrent && newestTs(channel.id) > (lastRead.get(channel.id) ?? "");
  return el("li", {}, el("button", {
    type: "button",
    "data-channel": channel.id,
    class: isUnread ? "unread" : "",
    "aria-current": isCurrent ? "page" : undefined,
    onclick: () => openChannel(channel.id),
  },
    channel.kind === HOME ? "Ext: Home" : nameOf(channel),
    channelBadge(channel, isUnread),
  ));
}

function channelBadge(channel, isUnread) {
  const text = isUnread ? "new" : channel.is_shared ? "shared" : channel.kind === "im" ? "app" : "";
  return text ? el("small", {}, text) : null;
}

const newestTs = (channelId) => messagesOf(channelId).at(-1)?.ts ?? "";

function openThread(ts) {
  current.thread = ts;
  if (NARROW.matches) toggleInspector(false); // both would cover the messages
  byId("thread").hidden = false;
  document.body.classList.add("thread-open");
  replyComposer.setLabel("Reply");
  threadMessages.show(current.channel, ts);
  replyComposer.box.focus();
}

function closeThread() {
  const { thread: ts } = current;
  current.thread = "";
  byId("thread").hidden = true;
  document.body.classList.remove("thread-open");
  if (ts) byId("messages").querySelector(`[data-ts="${ts}"]`)?.focus();
}

function toggleInspector(isOpen) {
  byId("inspector").hidden = !isOpen;
  byId("toggle-inspector").setAttribute("aria-expanded", String(isOpen));
  document.body.classList.toggle("inspector-open", isOpen);
}

function saveInAddress() {
  const { user, channel } = current;
  history.replaceState(null, "", `#${new URLSearchParams({ user, channel })}`);
}

byId("user").addEventListener("change", (event) => {
  closeThread();
  listenAs(event.target.value);
});
byId("close-thread").addEventListener("click", closeThread);
byId("thread").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) closeThread();
});
byId("toggle-inspector").addEventListener("click", () => toggleInspector(byId("inspector").hidden));
byId("close-inspector").addEventListener("click", () => {
  toggleInspector(false);
  byId("toggle-inspector").focus();
});

const listenAs = (user) => connect(user, onUpdate, (isOffline) => { byId("offline").hidden = !isOffline; });

buildInspector();
toggleInspector(!NARROW.matches);
listenAs(current.user);
composer.box.focus();
