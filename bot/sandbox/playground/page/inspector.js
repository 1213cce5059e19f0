// The inspector beside the messages: the sandbox's switches, the quota, broken rules, HTTP traffic.

import { timeWithSeconds } from "./dates.js";
import { byId, counted, el, formatNumber } from "./dom.js";
import { send, store } from "./store.js";
import { TrafficList } from "./traffic.js";

const QUOTA_WARNING_SHARE = 0.8;

let trafficList = null;

/** Build the inspector, once. */
export function buildInspector() {
  const list = el("div", { id: "traffic" });
  byId("inspector-body").replaceChildren(
    el("section", { "aria-labelledby": "sandbox-title" },
      el("h3", { id: "sandbox-title" }, "The fake Vonage"),
      el("div", { id: "switches" }),
      el("div", { id: "quota" }),
      el("div", { id: "company" }),
    ),
    el("section", { "aria-labelledby": "directory-title" },
      el("h3", { id: "directory-title" }, "The bot’s copy of the directory"),
      el("p", { id: "directory" }),
    ),
    el("details", { id: "more" }, el("summary", {}, "More to try"), oneTimeActions()),
    el("section", { "aria-labelledby": "rules-title" },
      el("h3", { id: "rules-title" }, "Slack’s rules"),
      el("div", { id: "rules", role: "status" }),
    ),
    el("section", { "aria-labelledby": "traffic-title" },
      el("h3", { id: "traffic-title" }, "HTTP traffic"),
      el("p", { class: "muted" }, "Everything you do sends a signed request to the real bot. Open one to read it."),
      list,
    ),
  );
  trafficList = new TrafficList(list);
  buildCompanySize();
}

/** Show the changes of an update. */
export function updateInspector(update) {
  if (update.start) {
    trafficList.clear();
    buildCompanySize();
  }
  if (update.traffic) trafficList.add(update.traffic);
  if (update.traffic || update.start) showViolations();
  if (update.sandbox) showSandbox(update.sandbox);
}

function showSandbox(sandbox) {
  const container = byId("switches");
  if (container.children.length !== sandbox.switches.length) buildSwitches(container, sandbox.switches);
  for (const entry of sandbox.switches) {
    byId(`switch-${entry.name}`).setAttribute("aria-checked", String(entry.on));
  }
  showQuota(sandbox);
  byId("directory").textContent = directoryText(sandbox.directory);
  byId("size").value = String(sandbox.resizing_to || sandbox.people);
  byId("size").disabled = Boolean(sandbox.resizing_to);
  byId("resizing").textContent = sandbox.resizing_to
    ? `Creating ${counted(sandbox.resizing_to, "extension")}…`
    : "";
}

function buildSwitches(container, switches) {
  container.replaceChildren(...switches.map((entry) =>
    el("div", { class: "switch" },
      el("button", {
        type: "button", role: "switch", id: `switch-${entry.name}`, "aria-checked": "false",
        "aria-describedby": `switch-${entry.name}-description`,
        onclick: () => toggle(entry),
      }, el("span", { class: "knob", "aria-hidden": "true" }), entry.label),
      el("small", { id: `switch-${entry.name}-description` }, entry.description),
    )));
}

function toggle(entry) {
  const on = byId(`switch-${entry.name}`).getAttribute("aria-checked") !== "true";
  send("switch", { name: entry.name, on });
}

/** Buttons for actions that happen once when pressed. */
const oneTimeActions = () => [
  oneTimeAction("expire", "Expire the token", "Vonage's access token becomes invalid.",
    "The token is invalid. Refresh a card, and the bot logs in again."),
  oneTimeAction("turnover", "Simulate staff turnover", "One person joins, one leaves and one moves. As an admin, try /ext changes after the next update.", ""),
  oneTimeAction("restart", "Restart the bot", "It starts without a copy of the directory. Take Vonage down or slow it first to see the bot wait.",
    "The bot restarted without a copy of the directory."),
];

function oneTimeAction(action, label, description, successText) {
  const id = `action-${action}`;
  const result = el("p", { class: "action-result", role: "status" });
  const run = async () => {
    for (const node of document.querySelectorAll(".action-result")) node.textContent = "";
    const response = await send(action);
    result.textContent = response.error ?? response.summary ?? successText;
  };
  return el("div", { class: "one-time-action" },
    el("button", { type: "button", class: "button", "aria-describedby": id, onclick: run }, label),
    el("small", { id }, description),
    result,
  );
}

/** The size and age of the bot's copy, and the progress of a new read. */
function directoryText({ extensions, read_at: readAt, next_at: nextAt, page, pages }) {
  const total = pages ? ` of ${formatNumber(pages)}` : "";
  const progress = page ? ` Reading page ${formatNumber(page)}${total}.` : "";
  if (extensions === null) return `No copy yet.${progress}`;
  const next = nextAt ? `, next update at ${timeWithSeconds(nextAt)}` : "";
  return `${counted(extensions, "extension")}, read at ${timeWithSeconds(readAt)}${next}.${progress}`;
}

function showQuota({ quota, calls, logins }) {
  const { limit, spent } = quota;
  byId("quota").replaceChildren(...[
    el("p", {},
      el("span", { id: "quota-name" }, "Quota: "),
      limit ? `${counted(spent, "call")} of ${formatNumber(limit)} this minute` : "none",
    ),
    limit ? el("meter", {
      min: "0", max: String(limit), high: String(limit * QUOTA_WARNING_SHARE), value: String(spent),
      "aria-labelledby": "quota-name",
    }) : null,
    el("p", { class: "muted" }, `${counted(calls, "call")} and ${counted(logins, "login")} since the start`),
  ].filter(Boolean));
}

function buildCompanySize() {
  byId("company").replaceChildren(
    el("label", { for: "size" }, "Company size "),
    el("select", {
      id: "size", class: "field",
      onchange: (event) => send("resize", { people: Number(event.target.value) }),
    }, store.sizes.map((size) => el("option", { value: String(size) }, `${formatNumber(size)} extensions`))),
    el("span", { id: "resizing", class: "muted", role: "status" }),
  );
  if (store.sandbox) byId("size").value = String(store.sandbox.people);
}

function showViolations() {
  const violations = [...store.traffic.values()].filter((entry) => entry.kind === "violation");
  byId("rules").replaceChildren(
    violations.length
      ? el("ul", { class: "violations" }, violations.map((violation) =>
        el("li", {}, el("code", {}, violation.name), ` ${violation.description}`)))
      : el("p", { class: "no-violations" }, "The bot hasn't broken any."),
  );
}
