// A file in a message: its name and size, a download link, and a preview of a table.

import { counted, el } from "./dom.js";

/** A file as Slack shows it. */
export function fileElement(file) {
  const extension = (file.name ?? "").split(".").pop().slice(0, 4);
  return el("div", { class: "file" },
    el("div", { class: "file-header" },
      el("span", { class: "file-type", "aria-hidden": "true" }, extension),
      el("span", {},
        el("a", { href: file.url_private_download, download: file.name }, file.title || file.name),
        el("small", {}, sizeText(file.size)),
      ),
    ),
    file.preview?.length > 1 ? table(file.preview, file.name) : null,
  );
}

function table([header, ...rows], name) {
  return el("div", { class: "preview", tabindex: "0", role: "group", "aria-label": `The first rows of ${name}` },
    el("table", {},
      el("thead", {}, el("tr", {}, header.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((text) => el("td", {}, text))))),
    ),
  );
}

function sizeText(bytes) {
  if (!(bytes >= 0)) return "";
  if (bytes < 1_000) return counted(bytes, "byte");
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
