// A file in a message: its name and size, a link that fetches it, and how a table begins.

import { counted, el } from "./dom.js";

/** A file as Slack shows one. */
export function file(each) {
  return el("div", { class: "file" },
    el("div", { class: "named" },
      el("span", { class: "sheet", "aria-hidden": "true" }, (each.name ?? "").split(".").pop().slice(0, 4)),
      el("span", {},
        el("a", { href: each.url_private_download, download: each.name }, each.title || each.name),
        el("small", {}, size(each.size)),
      ),
    ),
    each.preview?.length > 1 ? table(each.preview, each.name) : null,
  );
}

function table([heads, ...rows], name) {
  return el("div", { class: "preview", tabindex: "0", role: "group", "aria-label": `The first rows of ${name}` },
    el("table", {},
      el("thead", {}, el("tr", {}, heads.map((each) => el("th", { scope: "col" }, each)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((each) => el("td", {}, each))))),
    ),
  );
}

function size(bytes) {
  if (!(bytes >= 0)) return "";
  if (bytes < 1_000) return counted(bytes, "byte");
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
