// Slack's mrkdwn as DOM nodes. Only `&amp;`, `&lt;` and `&gt;` are decoded; everything that isn't
// markup stays text.
// https://docs.slack.dev/messaging/formatting-message-text

import { slackDate } from "./dates.js";
import { el } from "./dom.js";
import { store } from "./store.js";

const CODE_OR_LINK = /`([^`\n]+)`|<([^<>\n]+)>/g;
const STYLED = /(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/u;
const BARE_URL = /https?:\/\/[^\s<>]*[^\s<>.,;:!?)]/g;
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
// Code and links are set aside while the styles are read, and stand as a number in between.
const PLACEHOLDER = /\u0001(\d+)\u0002/;
const STYLE_TAGS = { "*": "strong", _: "em", "~": "s" };
const SAFE_SCHEME = /^(https?|mailto|tel|slack):/i;

/** The nodes of a text object, mrkdwn or plain. */
export function textObject(text) {
  if (text.type === "plain_text") return lines(String(text.text ?? ""), (line) => [line]);
  return mrkdwn(String(text.text ?? ""), { verbatim: text.verbatim === true });
}

/** The nodes of a text in mrkdwn. */
export function mrkdwn(source, { verbatim = false } = {}) {
  const text = source.replace(CONTROL_CHARACTERS, "");
  return text.split(/```([\s\S]+?)```/).flatMap((part, i) => {
    if (i % 2) return [el("pre", { tabindex: "0" }, el("code", {}, decoded(part.replace(/^\n/, ""))))];
    const trimmed = part.replace(i ? /^\n/ : /^$/, "").replace(/\n$/, (end) => (part === source ? end : ""));
    return trimmed ? withQuotes(trimmed, verbatim) : [];
  });
}

/** Slack's three entities, and no others. */
export const decoded = (text) =>
  text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);

function withQuotes(text, verbatim) {
  const nodes = [];
  let group = []; // consecutive lines that are all quoted, or all not
  let isQuote = false;
  const closeGroup = () => {
    if (!group.length) return;
    const content = lines(group.join("\n"), (line) => inline(line, verbatim));
    nodes.push(...(isQuote ? [el("blockquote", {}, content)] : content));
    group = [];
  };
  for (const line of text.split("\n")) {
    const quoteMark = /^(?:&gt;|>) ?/.exec(line);
    if (Boolean(quoteMark) !== isQuote) closeGroup();
    isQuote = Boolean(quoteMark);
    group.push(quoteMark ? line.slice(quoteMark[0].length) : line);
  }
  closeGroup();
  return nodes;
}

function lines(text, nodesOf) {
  return text.split("\n").flatMap((line, i) => (i ? [el("br"), ...nodesOf(line)] : nodesOf(line)));
}

function inline(line, verbatim) {
  const setAside = [];
  const placeholder = (node) => `\u0001${setAside.push(node) - 1}\u0002`;
  let text = line.replace(CODE_OR_LINK, (_, code, link) =>
    placeholder(code === undefined ? linked(link) : el("code", {}, decoded(code))),
  );
  if (!verbatim) text = text.replace(BARE_URL, (url) => placeholder(anchor(decoded(url), decoded(url))));
  return styled(text, setAside);
}

function styled(text, setAside) {
  const match = STYLED.exec(text);
  if (!match) return restored(text, setAside);
  return [
    ...restored(text.slice(0, match.index), setAside),
    el(STYLE_TAGS[match[1]], {}, styled(match[2], setAside)),
    ...styled(text.slice(match.index + match[0].length), setAside),
  ];
}

function restored(text, setAside) {
  return text
    .split(PLACEHOLDER)
    .map((part, i) => (i % 2 ? setAside[Number(part)] : decoded(part)))
    .filter((part) => part !== "");
}

function linked(link) {
  const bar = link.indexOf("|");
  const target = bar < 0 ? link : link.slice(0, bar);
  const label = bar < 0 ? "" : decoded(link.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return el("span", { class: "mention all" }, `@${label || target.slice(1)}`);
  const url = decoded(target);
  return anchor(url, label || url.replace(/^(mailto|tel):/, ""));
}

/** The name of a person, for `<@U…>`. */
export function mention(id, label = "") {
  const name = store.people[id]?.name ?? (label || id);
  return el("span", { class: id === store.you ? "mention you" : "mention" }, `@${name}`);
}

/** The name of a channel, for `<#C…>`. */
export function channelMention(id, label = "") {
  const name = store.channels.find((channel) => channel.id === id)?.name ?? (label || id);
  return el("span", { class: "mention" }, `#${name}`);
}

/** A link, or plain text where the url has a scheme that Slack doesn't open. */
export function anchor(url, label) {
  if (!SAFE_SCHEME.test(url)) return label === url ? url : `${label} (${url})`;
  const newTab = /^https?:/i.test(url) ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return el("a", { href: url, ...newTab }, label);
}

function date(target, fallback) {
  const [, seconds, format, url] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return fallback;
  const time = el("time", { datetime: at.toISOString() }, slackDate(at, decoded(format ?? ""), fallback));
  return SAFE_SCHEME.test(url) ? anchor(url, time) : time;
}
