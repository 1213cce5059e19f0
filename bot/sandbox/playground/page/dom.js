// Building elements. Text only ever becomes text: nothing here, or anywhere on the page, is HTML
// that somebody wrote.

/** An element with attributes, listeners (`onclick` and its like) and children. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== ""));
  return made;
}

/** What Slack would not show: plain to see, and said aloud. */
export function fault(words) {
  return el("div", { class: "fault", role: "alert" }, words);
}

export const byId = (id) => document.getElementById(id);

/** `12 calls`, `1 call`. */
export const counted = (count, one, many = `${one}s`) =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
