// What can be pressed, chosen or filled in. Each tells `place.act` what was done with it.
// https://docs.slack.dev/reference/block-kit/block-elements

import { picture } from "./blocks.js";
import { confirmed } from "./dialog.js";
import { el, fault } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { overflow } from "./overflow.js";
import { send, store } from "./store.js";

/** One element of a block. */
export function element(each, block, place) {
  const make = ELEMENTS[each?.type];
  if (!Object.hasOwn(ELEMENTS, each?.type)) return fault(`Unknown element: ${each?.type}`);
  const index = place.number(each.action_id);
  const act = async (chosen) => {
    if (each.confirm && !(await confirmed(each.confirm))) return false;
    await place.act({ element: each, block, index, chosen });
    return true;
  };
  const made = make(each, { ...place, act, block, index });
  made.setAttribute("data-action", each.action_id ?? "");
  made.setAttribute("data-index", index);
  return made;
}

const words = (text) => String(text?.text ?? "");

const ELEMENTS = {
  image: (each) => picture(each, "thumbnail"),
  button(each, place) {
    const button = el("button", {
      type: "button",
      class: `button ${each.style ?? ""}`,
      "aria-label": each.accessibility_label,
      onclick: async () => {
        if (button.getAttribute("aria-busy") === "true") return;
        button.setAttribute("aria-busy", "true");
        if (await place.act("")) place.follow?.(each.url);
        button.removeAttribute("aria-busy");
      },
    }, textObject(each.text));
    return button;
  },
  overflow: (each, place) => overflow(each, place),
  static_select: (each, place) => select(each, place, groups(each)),
  multi_static_select: (each, place) => select(each, place, groups(each), { multiple: true }),
  users_select: (each, place) => select(each, place, [{ options: people() }]),
  conversations_select: (each, place) => select(each, place, [{ options: rooms() }]),
  external_select: (each, place) => external(each, place),
  checkboxes: (each, place) => ticks(each, place, "checkbox"),
  radio_buttons: (each, place) => ticks(each, place, "radio"),
  plain_text_input(each, place) {
    const field = el(each.multiline ? "textarea" : "input", {
      id: place.id,
      class: "field",
      "aria-describedby": place.describedBy,
      placeholder: words(each.placeholder) || undefined,
      maxlength: each.max_length,
      autofocus: each.focus_on_load,
      "data-field": each.action_id,
    });
    field.value = each.initial_value ?? "";
    return field;
  },
};

const groups = (each) => each.option_groups ?? [{ options: each.options }];
const option = (text, value) => ({ text: { text }, value });
const people = () =>
  Object.entries(store.people).filter(([, each]) => !each.is_bot).map(([id, each]) => option(each.name, id));
const rooms = () => store.channels.map((each) => option(each.name ? `#${each.name}` : "Ext", each.id));

function select(each, place, optionGroups, { multiple = false } = {}) {
  const chosen = each.initial_option?.value ?? each.initial_user ?? each.initial_conversation;
  const options = (list) => list.map((one) =>
    el("option", { value: one.value, selected: one.value === chosen }, words(one.text)));
  const list = el("select", {
    id: place.id,
    class: "field",
    multiple,
    "aria-label": place.id ? undefined : words(each.placeholder) || "Choose",
    "data-field": each.action_id,
    onchange: () => {
      const values = [...list.selectedOptions].map((one) => one.value);
      place.act(multiple ? values : values[0]);
    },
  },
    multiple ? null : el("option", { value: "", disabled: true, selected: !chosen }, words(each.placeholder) || "Choose"),
    optionGroups.map((group) =>
      group.label ? el("optgroup", { label: words(group.label) }, options(group.options)) : options(group.options)),
  );
  return list;
}

function ticks(each, place, type) {
  const name = `${place.message?.ts ?? place.view?.id}-${each.action_id}-${place.index}`;
  const first = new Set([each.initial_option, ...(each.initial_options ?? [])].map((one) => one?.value));
  const box = el("div", { class: "ticks", role: "group", "data-field": each.action_id, id: place.id },
    each.options.map((one) =>
      el("label", {},
        el("input", { type, name, value: one.value, checked: first.has(one.value) }),
        el("span", {}, textObject(one.text), one.description ? el("small", {}, textObject(one.description)) : null),
      )));
  box.addEventListener("change", () => {
    const values = [...box.querySelectorAll("input:checked")].map((one) => one.value);
    place.act(type === "radio" ? values[0] : values);
  });
  return box;
}

/** A list whose options the app gives while somebody types. */
function external(each, place) {
  const list = el("datalist", { id: `${place.id ?? each.action_id}-options` });
  let known = [];
  const field = el("input", {
    id: place.id, class: "field", list: list.id, "data-field": each.action_id,
    "aria-label": place.id ? undefined : words(each.placeholder) || "Type to find",
    placeholder: words(each.placeholder) || undefined,
  });
  field.addEventListener("input", async () => {
    const chosen = known.find((one) => words(one.text) === field.value);
    field.chosen = chosen;
    if (chosen) return place.act(chosen);
    if (field.value.length < (each.min_query_length ?? 3)) return undefined;
    const about = { action_id: each.action_id, block_id: place.block.block_id, value: field.value };
    known = (await send("options", { ...about, view_id: place.view?.id })).options ?? [];
    list.replaceChildren(...known.map((one) => el("option", { value: words(one.text) })));
    return undefined;
  });
  return el("span", {}, field, list);
}
