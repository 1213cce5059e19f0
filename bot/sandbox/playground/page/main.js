// The page put together: who one is, which room is open, and what happens when news come.

import { blocks } from "./blocks.js";
import { Composer, tries } from "./composer.js";
import { pressInView, showViews } from "./dialog.js";
import { byId, el } from "./dom.js";
import { buildHood, updateHood } from "./hood.js";
import { connect, messagesOf, send, store } from "./store.js";
import { introduction, Talk } from "./talk.js";

const FIRST = { you: "U0JOHN", room: "C0GENERAL" };
const HOME = "home";
const NARROW = window.matchMedia("(max-width: 1100px)");

const at = { ...FIRST, ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))), thread: "" };
const read = new Map(); // the last message that was seen in each room

const compose = new Composer(byId("compose"), {
  id: "write", label: "Message", place: () => ({ channel: at.room }),
});
const reply = new Composer(byId("reply"), {
  id: "write-reply", label: "Reply", place: () => ({ channel: at.room, thread_ts: at.thread }),
});
const talk = new Talk(byId("messages"), { open: openThread, failed: (words) => compose.fail(words) });
const thread = new Talk(byId("replies"), { failed: (words) => reply.fail(words) });

function told(news) {
  if (news.start) begin();
  if (news.messages) {
    talk.update();
    if (at.thread) thread.update();
    showRooms();
  }
  if (news.views) {
    showViews();
    if (at.room === HOME) showHome();
  }
  updateHood(news);
}

function begin() {
  at.you = store.you;
  byId("you").replaceChildren(...store.users.map((each) =>
    el("option", { value: each.id, selected: each.id === store.you }, each.label)));
  const known = store.channels.some((each) => each.id === at.room);
  const same = store.channels.find((each) => each.kind === at.kind);
  openRoom(known || (at.room === HOME && store.app.home) ? at.room : (same ?? store.channels[0]).id);
}

function openRoom(id) {
  closeThread();
  at.room = id;
  const room = store.channels.find((each) => each.id === id);
  at.kind = room?.kind ?? "";
  remember();
  byId("compose").hidden = id === HOME;
  if (id === HOME) {
    send("home");
    showHome();
  } else {
    const name = nameOf(room);
    byId("room-name").textContent = name;
    byId("room-note").textContent = room.shared ? "shared with another organisation" : room.kind === "im" ? "direct message" : "";
    compose.label(`Message ${name}`);
    talk.show(id, "", introduction(room, tries(room), (line) => compose.send(line)));
  }
  showRooms();
}

function showHome() {
  byId("room-name").textContent = "Ext: Home";
  byId("room-note").textContent = "";
  const view = store.views.home;
  const place = { view, act: (press) => pressInView(view, press) };
  byId("messages").replaceChildren(el("div", { class: "blocks home" },
    view ? blocks(view.blocks ?? [], place) : "The app has put nothing here yet."));
}

const nameOf = (room) => (room.kind === "im" ? "Ext" : `#${room.name}`);

function showRooms() {
  read.set(at.room, newest(at.room));
  const rooms = [...store.channels, ...(store.app.home ? [{ id: HOME, kind: HOME }] : [])];
  const held = byId("rooms").contains(document.activeElement) ? document.activeElement.dataset.room : "";
  byId("rooms").replaceChildren(...rooms.map((room) => {
    const unread = room.id !== at.room && newest(room.id) > (read.get(room.id) ?? "");
    return el("li", {}, el("button", {
      type: "button", "data-room": room.id, class: unread ? "unread" : "",
      "aria-current": room.id === at.room ? "page" : undefined,
      onclick: () => openRoom(room.id),
    },
      room.kind === HOME ? "Ext: Home" : nameOf(room),
      note(room, unread),
    ));
  }));
  if (held) document.querySelector(`[data-room="${held}"]`)?.focus();
}

function note(room, unread) {
  const words = unread ? "new" : room.shared ? "shared" : room.kind === "im" ? "app" : "";
  return words ? el("small", {}, words) : null;
}

const newest = (room) => messagesOf(room).at(-1)?.ts ?? "";

function openThread(ts) {
  at.thread = ts;
  if (NARROW.matches) lift(false);
  byId("thread").hidden = false;
  document.body.classList.add("threaded");
  reply.label("Reply");
  thread.show(at.room, ts);
  reply.box.focus();
}

function closeThread() {
  const { thread: ts } = at;
  at.thread = "";
  byId("thread").hidden = true;
  document.body.classList.remove("threaded");
  if (ts) byId("messages").querySelector(`[data-ts="${ts}"]`)?.focus();
}

function lift(open) {
  byId("hood").hidden = !open;
  byId("lift").setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("lifted", open);
}

function remember() {
  history.replaceState(null, "", `#${new URLSearchParams({ you: at.you, room: at.room })}`);
}

byId("you").addEventListener("change", (event) => {
  closeThread();
  listen(event.target.value);
});
byId("close-thread").addEventListener("click", closeThread);
byId("thread").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) closeThread();
});
byId("lift").addEventListener("click", () => lift(byId("hood").hidden));
byId("close-hood").addEventListener("click", () => {
  lift(false);
  byId("lift").focus();
});

const listen = (user) => connect(user, told, (lost) => { byId("offline").hidden = !lost; });

buildHood();
lift(!NARROW.matches);
listen(at.you);
compose.box.focus();
