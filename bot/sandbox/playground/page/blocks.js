// Block Kit as Slack renders it. A block that isn't listed here becomes a visible error.
// https://docs.slack.dev/reference/block-kit/blocks

import { el, renderError } from "./dom.js";
import { blockElement } from "./elements.js";
import { textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

/** The blocks of a message or a view. `context` has the message or view, and `act` for presses. */
export function blocks(list, context) {
  const counts = new Map();
  const countedContext = {
    ...context,
    // The position among several elements with the same action id, such as the rows of a list.
    nextIndex: (actionId) => {
      counts.set(actionId, (counts.get(actionId) ?? -1) + 1);
      return counts.get(actionId);
    },
  };
  return list.map((block) =>
    (Object.hasOwn(BLOCKS, block?.type)
      ? BLOCKS[block.type](block, countedContext)
      : renderError(`Unknown block: ${block?.type}`)));
}

const BLOCKS = {
  section(block, context) {
    const fields = block.fields?.map((field) => el("div", {}, textObject(field)));
    return el("div", { class: "section" },
      el("div", { class: "section-text" },
        block.text ? el("div", { class: "text" }, textObject(block.text)) : null,
        fields ? el("div", { class: "fields" }, fields) : null,
      ),
      block.accessory ? el("div", { class: "accessory" }, blockElement(block.accessory, block, context)) : null,
    );
  },
  header(block) {
    const level = Math.min(6, 2 + (block.level ?? 1)); // h1 and h2 belong to the page
    return el(`h${level}`, { class: "header" }, textObject(block.text));
  },
  divider: () => el("hr"),
  context(block) {
    return el("div", { class: "context" }, block.elements.map((element) =>
      (element.type === "image" ? picture(element, "small") : el("div", {}, contextText(element)))));
  },
  actions(block, context) {
    return el("div", { class: "actions" }, block.elements.map((element) => blockElement(element, block, context)));
  },
  image(block) {
    return el("figure", {},
      block.title ? el("figcaption", {}, textObject(block.title)) : null,
      picture(block, "large"),
    );
  },
  rich_text: (block) => el("div", { class: "rich-text" }, richText(block.elements)),
  input(block, context) {
    const id = `input-${context.view?.id ?? context.message?.ts}-${block.block_id}`;
    const hint = block.hint ? el("small", { id: `${id}-hint` }, textObject(block.hint)) : null;
    const labelledContext = { ...context, id, describedBy: hint ? `${id}-hint` : undefined };
    return el("div", { class: "input", "data-block": block.block_id },
      el("label", { for: id }, textObject(block.label), block.optional ? el("small", {}, " (optional)") : null),
      blockElement(block.element, block, labelledContext),
      hint,
      el("p", { class: "field-error", role: "alert" }),
    );
  },
};

function contextText(element) {
  if (element.type === "mrkdwn" || element.type === "plain_text") return textObject(element);
  return [renderError(`Unknown element in a context: ${element.type}`)];
}

/** A picture. Pictures of other hosts are not loaded, only described: the page stays on this machine. */
export function picture(image, size) {
  const url = String(image.image_url ?? "");
  if (url.startsWith("/page/")) return el("img", { class: size, src: url, alt: image.alt_text });
  return el("span", { class: `image-placeholder ${size}`, role: "img", "aria-label": image.alt_text }, image.alt_text);
}
