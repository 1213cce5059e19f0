// The HTTP traffic in groups: a request to the bot, its response, and the calls that the bot made
// meanwhile. The newest group is on top.

import { counted, el } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { store } from "./store.js";

const MAX_GROUPS = 60;
const MAX_CALLS_SHOWN = 40; // per group
const BACKGROUND = "background";

/** Keeps a list of groups up to date. */
export class TrafficList {
  constructor(list) {
    this.list = list;
    this.clear();
  }

  clear() {
    this.list.replaceChildren();
    this.groups = new Map();
    this.background = this.#addGroup(BACKGROUND, "In the background");
    this.latest = this.background;
    this.groupOfEntry = new Map();
  }

  /** Add entries that are new, or have a response now. */
  add(entries) {
    for (const entry of entries) {
      if (entry.kind === "violation") continue;
      const group = this.groupOfEntry.get(entry.id) ?? this.#groupFor(entry);
      this.groupOfEntry.set(entry.id, group);
      group.entries.set(entry.id, entry);
      group.isStale = true;
    }
    for (const group of this.groups.values()) if (group.isStale) draw(group);
  }

  #groupFor(entry) {
    if (entry.kind === "request") {
      this.latest = this.#addGroup(entry.id, title(entry));
      return this.latest;
    }
    if (entry.kind === "vonage") return this.groups.get(entry.request_id) ?? this.background;
    return this.latest;
  }

  #addGroup(id, name) {
    const summary = el("summary");
    const body = el("div", { class: "exchange" });
    const node = el("details", { class: "group" }, summary, body);
    const group = { id, name, node, summary, body, entries: new Map(), isStale: false };
    this.groups.set(id, group);
    node.addEventListener("toggle", () => draw(group));
    this.list.prepend(node);
    while (this.list.children.length > MAX_GROUPS) this.list.lastElementChild.remove();
    return group;
  }
}

function draw(group) {
  group.isStale = false;
  const entries = [...group.entries.values()];
  const request = entries.find((entry) => entry.kind === "request");
  const calls = entries.filter((entry) => entry.kind === "vonage");
  const outcomes = [request && outcome(request), calls.length && `${counted(calls.length, "call")} to Vonage`];
  group.summary.replaceChildren(
    el("span", { class: "title" }, group.name),
    el("span", { class: "outcome" }, outcomes.filter(Boolean).join(" · ")),
  );
  // The content is built only when the group is open: there can be thousands of calls.
  group.body.replaceChildren(...(group.node.open ? details(request, entries) : []));
}

function outcome(request) {
  if (request.status === null) return "waiting…";
  const status = request.status ? ` (${request.status})` : "";
  const result = request.failure ? `${request.failure}${status}` : request.status;
  return `${result} in ${duration(request.seconds)}`;
}

const duration = (seconds) =>
  seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`;

function details(request, entries) {
  const parts = request ? requestParts(request) : [];
  for (const entry of entries) {
    if (entry.kind === "web_api") {
      const refusal = entry.ok ? "" : `, refused: ${entry.error}`;
      parts.push(part(`Bot → Slack: ${entry.name}${refusal}`, formatted(entry.body)));
    } else if (entry.kind === "response_url") {
      parts.push(part("Bot → Slack: response_url", formatted(entry.body)));
    }
  }
  const calls = entries.filter((entry) => entry.kind === "vonage");
  if (calls.length) parts.push(...vonageParts(calls));
  return parts;
}

function requestParts(request) {
  const parts = [part("Slack → bot: POST /slack/events", withHeaders(request))];
  if (request.status !== null) {
    const isEmpty = !Object.keys(request.response).length;
    const text = isEmpty ? "(empty: only an acknowledgement)" : formatted(request.response);
    parts.push(part("Bot → Slack: the response", text));
  }
  return parts;
}

function vonageParts(calls) {
  const items = calls.slice(-MAX_CALLS_SHOWN).map((call) =>
    el("li", {}, el("code", {}, shortPath(call)), ` ${call.status ?? "…"}`));
  return [el("h4", {}, "Bot → Vonage"), el("ul", { class: "calls" }, items)];
}

const shortPath = (call) =>
  call.name.replace("/t/vbc.prod/provisioning", "") + (call.query.length ? `?${call.query.join("&")}` : "");

const part = (name, text) =>
  el("div", {}, el("h4", {}, name), el("pre", { tabindex: "0", "aria-label": name }, el("code", {}, text)));

function withHeaders(request) {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  return `${headers.join("\n")}\n\n${formatted(payloadOf(request))}`;
}

const formatted = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

const EVENT_PREFIXES = { app_mention: "", message: "to Ext: ", app_home_opened: "opens Home" };

function eventTitle(event) {
  const text = mrkdwn(event.text ?? "").map((node) => node.textContent ?? node).join("");
  return (EVENT_PREFIXES[event.type] ?? `${event.type}: `) + text;
}

/** The payload of a request, from JSON or from a form. */
function payloadOf(request) {
  if (request.name === "events_api") return JSON.parse(request.body);
  const form = new URLSearchParams(request.body);
  return form.has("payload") ? JSON.parse(form.get("payload")) : Object.fromEntries(form);
}

function title(request) {
  const payload = payloadOf(request);
  const userId = payload.user_id ?? payload.event?.user ?? payload.user?.id;
  const person = store.people[userId]?.name ?? "";
  if (request.name === "slash_commands") return `${payload.command} ${payload.text} · ${person}`;
  if (request.name === "events_api") return `${eventTitle(payload.event)} · ${person}`;
  const action = payload.actions?.[0];
  const name = action?.text?.text ?? action?.action_id ?? payload.callback_id ?? payload.view?.callback_id ?? "";
  const kind = payload.type === "block_actions" ? "" : `${payload.type}: `;
  return `${kind}[${name}] · ${person}`;
}
