// Block Kit, as Slack shows it. What is not listed here is shown as a fault: nothing is left out.
// https://docs.slack.dev/reference/block-kit/blocks

import { el, fault } from "./dom.js";
import { element } from "./elements.js";
import { textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** The blocks of a message or a view. `place` says where they stand, and what a press does. */
export function blocks(list, place) {
  const counts = new Map();
  const numbered = {
    ...place,
    // Which of several elements with one action id this is.
    number: (id) => {
      counts.set(id, (counts.get(id) ?? -1) + 1);
      return counts.get(id);
    },
  };
  return list.map((block) => {
    const known = Object.hasOwn(BLOCKS, block?.type);
    return known ? BLOCKS[block.type](block, numbered) : fault(`Unknown block: ${block?.type}`);
  });
}

const BLOCKS = {
  section(block, place) {
    return el("div", { class: "section" },
      el("div", { class: "words" },
        block.text ? el("div", { class: "text" }, textObject(block.text)) : null,
        block.fields
          ? el("div", { class: "fields" }, block.fields.map((each) => el("div", {}, textObject(each))))
          : null,
      ),
      block.accessory ? el("div", { class: "accessory" }, element(block.accessory, block, place)) : null,
    );
  },
  header(block) {
    const level = Math.min(6, 2 + (block.level ?? 1));
    return el(`h${level}`, { class: "header" }, textObject(block.text));
  },
  divider: () => el("hr"),
  context(block) {
    return el("div", { class: "context" }, block.elements.map((each) =>
      each.type === "image" ? picture(each, "small") : el("div", {}, contextText(each)),
    ));
  },
  actions(block, place) {
    return el("div", { class: "actions" }, block.elements.map((each) => element(each, block, place)));
  },
  image(block) {
    return el("figure", {},
      block.title ? el("figcaption", {}, textObject(block.title)) : null,
      picture(block, "large"),
    );
  },
  rich_text: (block) => el("div", { class: "rich" }, richText(block.elements)),
  input(block, place) {
    const id = `in-${place.view?.id ?? place.message?.ts}-${block.block_id}`;
    const hint = block.hint ? el("small", { id: `${id}-hint` }, textObject(block.hint)) : null;
    const labelled = { ...place, id, describedBy: hint ? `${id}-hint` : undefined };
    return el("div", { class: "input", "data-block": block.block_id },
      el("label", { for: id }, textObject(block.label), block.optional ? el("small", {}, " (optional)") : null),
      element(block.element, block, labelled),
      hint,
      el("p", { class: "wrong", role: "alert" }),
    );
  },
};

function contextText(each) {
  if (each.type === "mrkdwn" || each.type === "plain_text") return textObject(each);
  return [fault(`Unknown element in a context: ${each.type}`)];
}

/** A picture. Those of other hosts are named, not loaded: the page stays on this machine. */
export function picture(image, size) {
  const url = String(image.image_url ?? "");
  if (url.startsWith("/page/")) return el("img", { class: size, src: url, alt: image.alt_text });
  return el("span", { class: `absent ${size}`, role: "img", "aria-label": image.alt_text }, image.alt_text);
}
