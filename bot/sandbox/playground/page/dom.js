// Helpers to build elements. Text only ever becomes a text node: nothing on the page is parsed as
// HTML, so directory data can't inject any.

/** An element with attributes, listeners (`onclick` and so on) and children. Empty children are skipped. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** A visible error in place of content that the page, like Slack, can't render. */
export function renderError(text) {
  return el("div", { class: "render-error", role: "alert" }, text);
}

export const byId = (id) => document.getElementById(id);

export const formatNumber = (number) => number.toLocaleString("en-US");

/** A count with its noun: `12 calls`, `1 call`. */
export const counted = (count, singular, plural = `${singular}s`) =>
  `${formatNumber(count)} ${count === 1 ? singular : plural}`;
