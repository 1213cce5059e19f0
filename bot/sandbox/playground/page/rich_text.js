// Rich text blocks: text without markup, in pieces that each carry their own type and style.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

import { slackDate } from "./dates.js";
import { el, renderError } from "./dom.js";
import { anchor, channelMention, mention } from "./mrkdwn.js";

/** The parts of a rich text block. */
export function richText(parts) {
  return parts.map((part) =>
    Object.hasOwn(PARTS, part.type) ? PARTS[part.type](part) : renderError(`Unknown rich text: ${part.type}`),
  );
}

const PARTS = {
  rich_text_section: (part) => el("div", {}, pieces(part)),
  rich_text_quote: (part) => el("blockquote", {}, pieces(part)),
  rich_text_preformatted: (part) => el("pre", { tabindex: "0" }, el("code", {}, pieces(part))),
  rich_text_list: (part) =>
    el(part.style === "ordered" ? "ol" : "ul", { class: `indent-${part.indent ?? 0}` },
      part.elements.map((item) => el("li", {}, pieces(item)))),
};

const pieces = (part) => part.elements.flatMap(piece);

function piece(element) {
  switch (element.type) {
    case "text":
      return styled(withBreaks(element.text), element.style);
    case "link":
      return styled([anchor(element.url, element.text || element.url)], element.style);
    case "user":
      return [mention(element.user_id)];
    case "channel":
      return [channelMention(element.channel_id)];
    case "emoji":
      return [element.unicode ? fromCodePoints(element.unicode) : `:${element.name}:`];
    case "date":
      return [el("time", {}, slackDate(new Date(element.timestamp * 1000), element.format, element.fallback))];
    case "broadcast":
      return [el("span", { class: "mention all" }, `@${element.range}`)];
    derenderError:
      return [renderError(`Unknown piece of rich text: ${element.type}`)];
  }
}

const fromCodePoints = (codes) =>
  String.fromCodePoint(...codes.split("-").map((code) => Number.parseInt(code, 16)));

const withBreaks = (text) =>
  text.split("\n").flatMap((line, i) => (i ? [el("br"), line] : [line]));

function styled(nodes, style = {}) {
  let styledNodes = nodes;
  for (const [name, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]]) {
    if (style[name]) styledNodes = [el(tag, {}, styledNodes)];
  }
  return styledNodes;
}
