// What went over the wire, in the groups that belong together: a request to the bot, its answer,
// and what the bot called meanwhile. The newest stands on top.

import { counted, el } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { store } from "./store.js";

const KEPT = 60; // groups on the page
const BACKGROUND = "background";

/** Keeps a list of groups up to date. */
export class Wire {
  constructor(list) {
    this.list = list;
    this.clear();
  }

  clear() {
    this.list.replaceChildren();
    this.groups = new Map();
    this.background = this.#group(BACKGROUND, "In the background, nobody asking");
    this.latest = this.background;
    this.where = new Map();
  }

  /** Take entries that are new, or have an answer now. */
  take(entries) {
    for (const entry of entries) {
      if (entry.kind === "broken") continue;
      const group = this.where.get(entry.id) ?? this.#groupOf(entry);
      this.where.set(entry.id, group);
      group.entries.set(entry.id, entry);
      group.isStale = true;
    }
    for (const group of this.groups.values()) if (group.isStale) draw(group);
  }

  #groupOf(entry) {
    if (entry.kind === "request") {
      this.latest = this.#group(entry.id, title(entry));
      return this.latest;
    }
    if (entry.kind === "vonage") return this.groups.get(entry.request_id) ?? this.background;
    return this.latest;
  }

  #group(id, name) {
    const summary = el("summary");
    const body = el("div", { class: "wired" });
    const made = el("details", { class: "group" }, summary, body);
    const group = { id, name, made, summary, body, entries: new Map(), isStale: false };
    this.groups.set(id, group);
    made.addEventListener("toggle", () => draw(group));
    this.list.prepend(made);
    while (this.list.children.length > KEPT) this.list.lastElementChild.remove();
    return group;
  }
}

function draw(group) {
  group.isStale = false;
  const entries = [...group.entries.values()];
  const request = entries.find((each) => each.kind === "request");
  const calls = entries.filter((each) => each.kind === "vonage");
  group.summary.replaceChildren(
    el("span", { class: "what" }, group.name),
    el("span", { class: "how" }, [request && outcome(request), calls.length && counted(calls.length, "call") + " to Vonage"]
      .filter(Boolean).join(" · ")),
  );
  // Thousands of calls are read by nobody: what is closed is not made.
  group.body.replaceChildren(...(group.made.open ? inside(request, entries) : []));
}

function outcome(request) {
  if (request.status === null) return "waiting…";
  const how = request.failure ? `${request.failure}${request.status ? ` (${request.status})` : ""}` : request.status;
  return `${how} in ${milliseconds(request.seconds)}`;
}

const milliseconds = (seconds) =>
  seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`;

function inside(request, entries) {
  const parts = [];
  if (request) {
    parts.push(part("Slack → bot: POST /slack/events", headed(request)));
    if (request.status !== null) {
      const empty = !Object.keys(request.answer).length;
      parts.push(part("bot → Slack: the answer", empty ? "(empty: acknowledged, no more)" : pretty(request.answer)));
    }
  }
  for (const entry of entries) {
    if (entry.kind === "web") {
      parts.push(part(`bot → Slack: ${entry.what}${entry.ok ? "" : `, refused: ${entry.error}`}`, pretty(entry.body)));
    } else if (entry.kind === "response_url") {
      parts.push(part("bot → Slack: response_url", pretty(entry.body)));
    }
  }
  const calls = entries.filter((each) => each.kind === "vonage");
  if (calls.length) {
    parts.push(el("h4", {}, "bot → Vonage"), el("ul", { class: "calls" }, calls.slice(-40).map((each) =>
      el("li", {}, el("code", {}, shortened(each)), ` ${each.status ?? "…"}`))));
  }
  return parts;
}

const shortened = (call) =>
  call.what.replace("/t/vbc.prod/provisioning", "") + (call.query.length ? `?${call.query.join("&")}` : "");

const part = (name, text) =>
  el("div", {}, el("h4", {}, name), el("pre", { tabindex: "0", "aria-label": name }, el("code", {}, text)));

function headed(request) {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  return `${headers.join("\n")}\n\n${pretty(contents(request))}`;
}

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

const EVENTS = { app_mention: "", message: "to Ext: ", app_home_opened: "Home is opened" };

/** An event in the words of whoever made it happen. */
function named(event) {
  const text = mrkdwn(event.text ?? "").map((each) => each.textContent ?? each).join("");
  return (EVENTS[event.type] ?? `${event.type}: `) + text;
}

/** What a request carries, be it JSON or a form. */
function contents(request) {
  if (request.what === "events_api") return JSON.parse(request.body);
  const form = new URLSearchParams(request.body);
  return form.has("payload") ? JSON.parse(form.get("payload")) : Object.fromEntries(form);
}

function title(request) {
  const told = contents(request);
  const who = store.people[told.user_id ?? told.event?.user ?? told.user?.id]?.name ?? "";
  if (request.what === "slash_commands") return `${told.command} ${told.text} · ${who}`;
  if (request.what === "events_api") return `${named(told.event)} · ${who}`;
  const pressed = told.actions?.[0];
  const name = pressed?.text?.text ?? pressed?.action_id ?? told.callback_id ?? told.view?.callback_id ?? "";
  const kind = told.type === "block_actions" ? "" : `${told.type}: `;
  return `${kind}[${name}] · ${who}`;
}
