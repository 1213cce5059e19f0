// The overflow menu: a button with three dots and a menu that works by keyboard.
// https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/

import { el } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** The button, and its menu beside it. */
export function overflowMenu(element, context) {
  const close = (returnFocus) => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (returnFocus) button.focus();
  };
  const button = el("button", {
    type: "button", class: "button", "aria-haspopup": "menu", "aria-expanded": "false",
    "aria-label": "More actions",
    onclick: () => {
      if (!menu.hidden) return close(true);
      menu.hidden = false;
      button.setAttribute("aria-expanded", "true");
      menu.firstElementChild.focus();
      return undefined;
    },
  }, "⋯");
  const menu = el("div", { class: "menu", role: "menu", hidden: true },
    element.options.map((option) => menuItem(option, async () => {
      close(true);
      if (await context.act(option.value)) context.openLink?.(option.url);
    })));
  menu.addEventListener("keydown", (event) => moveFocus(event, menu, close));
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget) && event.relatedTarget !== button) close(false);
  });
  return el("span", { class: "overflow-menu" }, button, menu);
}

const menuItem = (option, onclick) =>
  el("button", { type: "button", role: "menuitem", tabindex: "-1", onclick },
    textObject(option.text), option.description ? el("small", {}, textObject(option.description)) : null);

function moveFocus(event, menu, close) {
  const items = [...menu.children];
  const index = items.indexOf(document.activeElement);
  const targets = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 };
  if (event.key in targets) {
    items[(targets[event.key] + items.length) % items.length].focus();
    event.preventDefault();
  } else if (event.key === "Escape" || event.key === "Tab") {
    close(event.key === "Escape");
  }
}
