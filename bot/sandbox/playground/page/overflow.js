// The overflow menu: a button with three dots, and a menu that is used by keyboard like any other.

import { el } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** The button, and its menu beside it. */
export function overflow(each, place) {
  const close = (back) => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  };
  const button = el("button", {
    type: "button", class: "button dots", "aria-haspopup": "menu", "aria-expanded": "false",
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
    each.options.map((one) =>
      el("button", {
        type: "button", role: "menuitem", tabindex: "-1",
        onclick: async () => {
          close(true);
          if (await place.act(one.value)) place.follow?.(one.url);
        },
      }, textObject(one.text), one.description ? el("small", {}, textObject(one.description)) : null)));
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.children];
    const at = items.indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    if (event.key in steps) {
      items[(steps[event.key] + items.length) % items.length].focus();
      event.preventDefault();
    } else if (event.key === "Escape" || event.key === "Tab") {
      close(event.key === "Escape");
    }
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget) && event.relatedTarget !== button) close(false);
  });
  return el("span", { class: "overflow" }, button, menu);
}
