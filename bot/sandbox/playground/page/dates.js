// Slack's dates: `<!date^1790000000^{date_short_pretty}, {time}|21 Sep 2026>` in the reader's zone.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting

const DAY = 86_400_000;
const locale = "en-US";

const plain = {
  date_num: (at) =>
    [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, "0")).join("-"),
  date_slash: (at) => at.toLocaleDateString(locale),
  date: (at) => at.toLocaleDateString(locale, { year: "numeric", month: "long", day: "numeric" }),
  date_short: (at) => at.toLocaleDateString(locale, { year: "numeric", month: "short", day: "numeric" }),
  date_long: (at) =>
    at.toLocaleDateString(locale, { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  time: (at) => at.toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" }),
  time_secs: (at) =>
    at.toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (at, now) => ago((now - at) / 1000),
};

/** A date in one of Slack's formats; the fallback where the format is not known. */
export function slackDate(at, format, fallback, now = new Date()) {
  let known = true;
  const shown = format.replace(/\{(\w+)\}/g, (_, token) => {
    const pretty = token.endsWith("_pretty");
    const form = plain[pretty ? token.slice(0, -7) : token];
    if (!form) known = false;
    return form ? (pretty && near(at, now)) || form(at, now) : "";
  });
  if (!known) return fallback;
  return shown.charAt(0).toUpperCase() + shown.slice(1);
}

/** `10:24 AM`, for a message's `ts`. */
export const clock = (ts) => plain.time(new Date(Number(ts) * 1000));

/** `10:24:05 AM`, for epoch seconds. */
export const exactly = (seconds) => plain.time_secs(new Date(seconds * 1000));

function near(at, now) {
  const days = Math.round((midnight(at) - midnight(now)) / DAY);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
}

const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

function ago(seconds) {
  for (const [unit, length] of [["day", 86_400], ["hour", 3_600], ["minute", 60]]) {
    const count = Math.floor(seconds / length);
    if (count) return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}
