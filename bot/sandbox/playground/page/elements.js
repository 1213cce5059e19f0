// The interactive elements of blocks. Each reports to `context.act` what was pressed or chosen.
// https://docs.slack.dev/reference/block-kit/block-elements

import { picture } from "./blocks.js";
import { confirmed } from "./dialog.js";
import { el, renderError } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { overflowMenu } from "./overflow_menu.js";
import { send, store } from "./store.js";

const DEFAULT_MIN_QUERY_LENGTH = 3; // of an external select

/** One element of a block. */
export function blockElement(element, block, context) {
  if (!Object.hasOwn(ELEMENTS, element?.type)) return renderError(`Unknown element: ${element?.type}`);
  const index = context.nextIndex(element.action_id);
  const act = async (choice) => {
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    await context.act({ element, block, index, choice });
    return true;
  };
  const node = ELEMENTS[element.type](element, { ...context, act, block, index });
  node.setAttribute("data-action", element.action_id ?? "");
  node.setAttribute("data-index", index);
  return node;
}

const plainText = (object) => String(object?.text ?? "");

const ELEMENTS = {
  image: (element) => picture(element, "thumbnail"),
  button,
  overflow: (element, context) => overflowMenu(element, context),
  static_select: (element, context) => select(element, context, optionGroups(element)),
  multi_static_select: (element, context) => select(element, context, optionGroups(element), { multiple: true }),
  users_select: (element, context) => select(element, context, [{ options: peopleOptions() }]),
  conversations_select: (element, context) => select(element, context, [{ options: channelOptions() }]),
  external_select: (element, context) => externalSelect(element, context),
  checkboxes: (element, context) => choices(element, context, "checkbox"),
  radio_buttons: (element, context) => choices(element, context, "radio"),
  plain_text_input: textInput,
};

function button(element, context) {
  const node = el("button", {
    type: "button",
    class: `button ${element.style ?? ""}`,
    "aria-label": element.accessibility_label,
    onclick: async () => {
      if (node.getAttribute("aria-busy") === "true") return;
      node.setAttribute("aria-busy", "true");
      if (await context.act("")) context.openLink?.(element.url);
      node.removeAttribute("aria-busy");
    },
  }, textObject(element.text));
  return node;
}

function textInput(element, context) {
  const field = el(element.multiline ? "textarea" : "input", {
    id: context.id,
    class: "field",
    "aria-describedby": context.describedBy,
    placeholder: plainText(element.placeholder) || undefined,
    maxlength: element.max_length,
    autofocus: element.focus_on_load,
    "data-field": element.action_id,
  });
  field.value = element.initial_value ?? "";
  return field;
}

const optionGroups = (element) => element.option_groups ?? [{ options: element.options }];
const option = (text, value) => ({ text: { text }, value });
const peopleOptions = () =>
  Object.entries(store.people).filter(([, person]) => !person.is_bot).map(([id, person]) => option(person.name, id));
const channelOptions = () =>
  store.channels.map((channel) => option(channel.name ? `#${channel.name}` : "Ext", channel.id));

function select(element, context, groups, { multiple = false } = {}) {
  const placeholder = plainText(element.placeholder) || "Choose";
  const initial = element.initial_option?.value ?? element.initial_user ?? element.initial_conversation;
  const optionNodes = (options) => options.map((entry) =>
    el("option", { value: entry.value, selected: entry.value === initial }, plainText(entry.text)));
  const list = el("select", {
    id: context.id,
    class: "field",
    multiple,
    "aria-label": context.id ? undefined : placeholder, // an input block has a label of its own
    "data-field": element.action_id,
    onchange: () => {
      const values = [...list.selectedOptions].map((node) => node.value);
      context.act(multiple ? values : values[0]);
    },
  },
    multiple ? null : el("option", { value: "", disabled: true, selected: !initial }, placeholder),
    groups.map((group) => (group.label
      ? el("optgroup", { label: plainText(group.label) }, optionNodes(group.options))
      : optionNodes(group.options))),
  );
  return list;
}

function choices(element, context, type) {
  const name = `${context.message?.ts ?? context.view?.id}-${element.action_id}-${context.index}`;
  const initial = [element.initial_option, ...(element.initial_options ?? [])].map((entry) => entry?.value);
  const box = el("div", { class: "choices", role: "group", "data-field": element.action_id, id: context.id },
    element.options.map((entry) =>
      el("label", {},
        el("input", { type, name, value: entry.value, checked: initial.includes(entry.value) }),
        el("span", {}, textObject(entry.text), entry.description ? el("small", {}, textObject(entry.description)) : null),
      )));
  box.addEventListener("change", () => {
    const values = [...box.querySelectorAll("input:checked")].map((input) => input.value);
    context.act(type === "radio" ? values[0] : values);
  });
  return box;
}

/** A list whose options come from the app while the person types. */
function externalSelect(element, context) {
  const list = el("datalist", { id: `${context.id ?? element.action_id}-options` });
  let options = [];
  const field = el("input", {
    id: context.id, class: "field", list: list.id, "data-field": element.action_id,
    "aria-label": context.id ? undefined : plainText(element.placeholder) || "Type to search",
    placeholder: plainText(element.placeholder) || undefined,
  });
  field.addEventListener("input", async () => {
    field.choice = options.find((entry) => plainText(entry.text) === field.value);
    if (field.choice) return context.act(field.choice);
    if (field.value.length < (element.min_query_length ?? DEFAULT_MIN_QUERY_LENGTH)) return undefined;
    const query = { action_id: element.action_id, block_id: context.block.block_id, value: field.value };
    options = (await send("options", { ...query, view_id: context.view?.id })).options ?? [];
    list.replaceChildren(...options.map((entry) => el("option", { value: plainText(entry.text) })));
    return undefined;
  });
  return el("span", {}, field, list);
}
