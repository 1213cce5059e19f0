// Slack's mrkdwn, as nodes. Only `&amp;`, `&lt;` and `&gt;` are decoded; everything that is not
// markup is text, whatever it looks like.
// https://docs.slack.dev/messaging/formatting-message-text

import { slackDate } from "./dates.js";
import { el } from "./dom.js";
import { store } from "./store.js";

const KEPT = /`([^`\n]+)`|<([^<>\n]+)>/g;
const STYLED = /(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/u;
const BARE_URL = /https?:\/\/[^\s<>]*[^\s<>.,;:!?)]/g;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
const PLACE = /\u0001(\d+)\u0002/;
const TAGS = { "*": "strong", _: "em", "~": "s" };
const SAFE = /^(https?|mailto|tel|slack):/i;

/** The nodes of a text object, mrkdwn or plain. */
export function textObject(text) {
  if (text.type === "plain_text") return lines(String(text.text ?? ""), (line) => [line]);
  return mrkdwn(String(text.text ?? ""), { verbatim: text.verbatim === true });
}

/** The nodes of a text in mrkdwn. */
export function mrkdwn(source, { verbatim = false } = {}) {
  const text = source.replace(CONTROL, "");
  return text.split(/```([\s\S]+?)```/).flatMap((part, i) => {
    if (i % 2) return [el("pre", { tabindex: "0" }, el("code", {}, decoded(part.replace(/^\n/, ""))))];
    const trimmed = part.replace(i ? /^\n/ : /^$/, "").replace(/\n$/, (end) => (part === source ? end : ""));
    return trimmed ? quoted(trimmed, verbatim) : [];
  });
}

/** Slack's three entities, and no others. */
export const decoded = (text) =>
  text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);

function quoted(text, verbatim) {
  const nodes = [];
  let run = [];
  let isQuote = false;
  const end = () => {
    if (!run.length) return;
    const inside = lines(run.join("\n"), (line) => inline(line, verbatim));
    nodes.push(...(isQuote ? [el("blockquote", {}, inside)] : inside));
    run = [];
  };
  for (const line of text.split("\n")) {
    const mark = /^(?:&gt;|>) ?/.exec(line);
    if (Boolean(mark) !== isQuote) end();
    isQuote = Boolean(mark);
    run.push(mark ? line.slice(mark[0].length) : line);
  }
  end();
  return nodes;
}

function lines(text, nodesOf) {
  return text.split("\n").flatMap((line, i) => (i ? [el("br"), ...nodesOf(line)] : nodesOf(line)));
}

function inline(line, verbatim) {
  const kept = [];
  const keep = (node) => `\u0001${kept.push(node) - 1}\u0002`;
  let text = line.replace(KEPT, (_, code, link) =>
    keep(code === undefined ? linked(link) : el("code", {}, decoded(code))),
  );
  if (!verbatim) text = text.replace(BARE_URL, (url) => keep(anchor(decoded(url), decoded(url))));
  return styled(text, kept);
}

function styled(text, kept) {
  const found = STYLED.exec(text);
  if (!found) return placed(text, kept);
  return [
    ...placed(text.slice(0, found.index), kept),
    el(TAGS[found[1]], {}, styled(found[2], kept)),
    ...styled(text.slice(found.index + found[0].length), kept),
  ];
}

function placed(text, kept) {
  return text
    .split(PLACE)
    .map((part, i) => (i % 2 ? kept[Number(part)] : decoded(part)))
    .filter((part) => part !== "");
}

function linked(link) {
  const at = link.indexOf("|");
  const target = at < 0 ? link : link.slice(0, at);
  const label = at < 0 ? "" : decoded(link.slice(at + 1));
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return roomMark(target.slice(1), label);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return el("span", { class: "mention all" }, `@${label || target.slice(1)}`);
  const url = decoded(target);
  return anchor(url, label || url.replace(/^(mailto|tel):/, ""));
}

/** A person's name, as Slack shows it for `<@U…>`. */
export function mention(id, label = "") {
  const name = store.people[id]?.name ?? (label || id);
  return el("span", { class: id === store.you ? "mention you" : "mention" }, `@${name}`);
}

export function roomMark(id, label = "") {
  const name = store.channels.find((each) => each.id === id)?.name ?? (label || id);
  return el("span", { class: "mention" }, `#${name}`);
}

/** A link; what is no address that Slack opens stays text. */
export function anchor(url, label) {
  if (!SAFE.test(url)) return label === url ? url : `${label} (${url})`;
  const away = /^https?:/i.test(url) ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return el("a", { href: url, ...away }, label);
}

function date(target, fallback) {
  const [, seconds, format, url] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return fallback;
  const time = el("time", { datetime: at.toISOString() }, slackDate(at, decoded(format ?? ""), fallback));
  return SAFE.test(url) ? anchor(url, time) : time;
}
