// The panel for the curious: the sandbox's switches, the quota, broken rules, and the wire.

import { exactly } from "./dates.js";
import { byId, counted, el } from "./dom.js";
import { send, store } from "./store.js";
import { Wire } from "./wire.js";

let wire = null;

/** Build the panel, once. */
export function buildHood() {
  const list = el("div", { id: "wire" });
  byId("hood-body").replaceChildren(
    el("section", { "aria-labelledby": "sandbox-title" },
      el("h3", { id: "sandbox-title" }, "The invented Vonage"),
      el("div", { id: "switches" }),
      el("div", { id: "quota" }),
      el("div", { id: "directory" }),
    ),
    el("section", { "aria-labelledby": "copy-title" },
      el("h3", { id: "copy-title" }, "What the bot knows"),
      el("p", { id: "copy" }),
    ),
    el("details", { id: "more" }, el("summary", {}, "More to try"), doings()),
    el("section", { "aria-labelledby": "rules-title" },
      el("h3", { id: "rules-title" }, "Slack’s rules"),
      el("div", { id: "rules", role: "status" }),
    ),
    el("section", { "aria-labelledby": "wire-title" },
      el("h3", { id: "wire-title" }, "On the wire"),
      el("p", { class: "muted" }, "Each thing you do is one signed request to the real bot. Open one to read it."),
      list,
    ),
  );
  wire = new Wire(list);
  buildDirectory();
}

/** Show what is new. */
export function updateHood(news) {
  if (news.start) {
    wire.clear();
    buildDirectory();
  }
  if (news.wire) wire.take(news.wire);
  if (news.wire || news.start) showRules();
  if (news.sandbox) showSandbox(news.sandbox);
}

function showSandbox(sandbox) {
  const home = byId("switches");
  if (home.children.length !== sandbox.switches.length) buildSwitches(home, sandbox.switches);
  for (const each of sandbox.switches) {
    byId(`switch-${each.name}`).setAttribute("aria-checked", String(each.on));
  }
  showQuota(sandbox);
  byId("copy").textContent = copied(sandbox.copy);
  const chosen = sandbox.hiring || sandbox.people;
  byId("size").value = String(chosen);
  byId("size").disabled = Boolean(sandbox.hiring);
  byId("hiring").textContent = sandbox.hiring ? `Hiring ${counted(sandbox.hiring, "person", "people")}…` : "";
}

function buildSwitches(home, switches) {
  home.replaceChildren(
    ...switches.map((each) =>
      el("div", { class: "switch" },
        el("button", {
          type: "button", role: "switch", id: `switch-${each.name}`, "aria-checked": "false",
          "aria-describedby": `says-${each.name}`,
          onclick: () => turn(each),
        }, el("span", { class: "knob", "aria-hidden": "true" }), each.label),
        el("small", { id: `says-${each.name}` }, each.says),
      )),
  );
}

function turn(each) {
  const on = byId(`switch-${each.name}`).getAttribute("aria-checked") !== "true";
  send("switch", { name: each.name, on });
}

/** What happens once, at the press of a button. */
const doings = () => [
  deed("expire", "Expire the token", "The access token that Vonage gave becomes invalid.",
    "The token is invalid. Refresh a card, and watch the bot log in anew."),
  deed("turnover", "Let people come and go", "One joins, one leaves, one moves. As an admin ask /ext changes after the next reading.", ""),
  deed("forget", "Begin anew", "The bot restarts with nothing remembered. Take Vonage down or slow it first to meet a bot without a copy.",
    "The bot began anew, with nothing remembered."),
];

function deed(name, label, says, done) {
  const id = `deed-${name}`;
  const act = async () => {
    for (const each of document.querySelectorAll(".done")) each.textContent = "";
    const told = await send(name);
    became.textContent = told.error ?? told.says ?? done;
  };
  const became = el("p", { class: "done", role: "status" });
  return el("div", { class: "deed" },
    el("button", { type: "button", class: "button", "aria-describedby": id, onclick: act }, label),
    el("small", { id }, says),
    became,
  );
}

/** How much the bot knows, since when, and how far it is in reading it anew. */
function copied({ extensions, read_at: readAt, next_at: nextAt, page, pages }) {
  const far = page ? ` Reading page ${page.toLocaleString("en-US")}${pages ? ` of ${pages.toLocaleString("en-US")}` : ""}.` : "";
  if (extensions === null) return `None yet.${far}`;
  const next = nextAt ? `, next at ${exactly(nextAt)}` : "";
  return `${counted(extensions, "extension")}, read at ${exactly(readAt)}${next}.${far}`;
}

function showQuota({ quota, calls, logins }) {
  const { limit, spent } = quota;
  byId("quota").replaceChildren(
    el("p", {},
      el("span", { id: "quota-name" }, "Quota: "),
      limit ? `${counted(spent, "call")} of ${limit.toLocaleString("en-US")} this minute` : "none",
    ),
    limit ? el("meter", { min: "0", max: String(limit), high: String(limit * 0.8), value: String(spent), "aria-labelledby": "quota-name" }) : null,
    el("p", { class: "muted" }, `${counted(calls, "call")} and ${counted(logins, "login")} since the start`),
  );
}

function buildDirectory() {
  byId("directory").replaceChildren(
    el("label", { for: "size" }, "Directory "),
    el("select", {
      id: "size", class: "field",
      onchange: (event) => send("size", { people: Number(event.target.value) }),
    }, store.sizes.map((each) => el("option", { value: String(each) }, `${each.toLocaleString("en-US")} extensions`))),
    el("span", { id: "hiring", class: "muted", role: "status" }),
  );
  if (store.sandbox) byId("size").value = String(store.sandbox.people);
}

function showRules() {
  const broken = [...store.wire.values()].filter((each) => each.kind === "broken");
  byId("rules").replaceChildren(
    broken.length
      ? el("ul", { class: "broken" }, broken.map((each) => el("li", {}, el("code", {}, each.what), ` ${each.says}`)))
      : el("p", { class: "kept" }, "The bot has broken none."),
  );
}
