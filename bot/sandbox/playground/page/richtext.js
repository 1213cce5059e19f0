// Rich text blocks: in them nothing is markup, every piece says itself what it is.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

import { slackDate } from "./dates.js";
import { el, fault } from "./dom.js";
import { anchor, mention, roomMark } from "./mrkdwn.js";

/** The parts of a rich text block. */
export function richText(parts) {
  return parts.map((part) =>
    Object.hasOwn(PARTS, part.type) ? PARTS[part.type](part) : fault(`Unknown rich text: ${part.type}`),
  );
}

const PARTS = {
  rich_text_section: (part) => el("div", {}, pieces(part)),
  rich_text_quote: (part) => el("blockquote", {}, pieces(part)),
  rich_text_preformatted: (part) => el("pre", { tabindex: "0" }, el("code", {}, pieces(part))),
  rich_text_list: (part) =>
    el(part.style === "ordered" ? "ol" : "ul", { class: `indent-${part.indent ?? 0}` },
      part.elements.map((each) => el("li", {}, pieces(each)))),
};

const pieces = (part) => part.elements.flatMap(piece);

function piece(each) {
  switch (each.type) {
    case "text":
      return styled(withBreaks(each.text), each.style);
    case "link":
      return styled([anchor(each.url, each.text || each.url)], each.style);
    case "user":
      return [mention(each.user_id)];
    case "channel":
      return [roomMark(each.channel_id)];
    case "emoji":
      return [each.unicode ? fromCodes(each.unicode) : `:${each.name}:`];
    case "date":
      return [el("time", {}, slackDate(new Date(each.timestamp * 1000), each.format, each.fallback))];
    case "broadcast":
      return [el("span", { class: "mention all" }, `@${each.range}`)];
    default:
      return [fault(`Unknown piece of rich text: ${each.type}`)];
  }
}

const fromCodes = (codes) =>
  String.fromCodePoint(...codes.split("-").map((code) => Number.parseInt(code, 16)));

const withBreaks = (text) =>
  text.split("\n").flatMap((line, i) => (i ? [el("br"), line] : [line]));

function styled(nodes, style = {}) {
  let inside = nodes;
  for (const [name, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]]) {
    if (style[name]) inside = [el(tag, {}, inside)];
  }
  return inside;
}
