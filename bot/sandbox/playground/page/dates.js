// Slack's dates: `<!date^1790000000^{date_short_pretty}, {time}|21 Sep 2026>` in the reader's time zone.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting

const DAY_MS = 86_400_000;
const LOCALE = "en-US";

const FORMATS = {
  date_num: (at) =>
    [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((number) => String(number).padStart(2, "0")).join("-"),
  date_slash: (at) => at.toLocaleDateString(LOCALE),
  date: (at) => at.toLocaleDateString(LOCALE, { year: "numeric", month: "long", day: "numeric" }),
  date_short: (at) => at.toLocaleDateString(LOCALE, { year: "numeric", month: "short", day: "numeric" }),
  date_long: (at) =>
    at.toLocaleDateString(LOCALE, { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  time: (at) => at.toLocaleTimeString(LOCALE, { hour: "numeric", minute: "2-digit" }),
  time_secs: (at) =>
    at.toLocaleTimeString(LOCALE, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (at, now) => ago((now - at) / 1000),
};

/** A date in one of Slack's formats, or the fallback if the format has an unknown token. */
export function slackDate(at, format, fallback, now = new Date()) {
  let isKnown = true;
  const text = format.replace(/\{(\w+)\}/g, (_, token) => {
    const isPretty = token.endsWith("_pretty");
    const formatDate = FORMATS[isPretty ? token.slice(0, -"_pretty".length) : token];
    if (!formatDate) isKnown = false;
    return formatDate ? (isPretty && relativeDay(at, now)) || formatDate(at, now) : "";
  });
  if (!isKnown) return fallback;
  // Slack begins "today" with a capital where it comes first, and leaves other text as it is.
  return format.startsWith("{") ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** `10:24 AM`, from a message's `ts`. */
export const clockTime = (ts) => FORMATS.time(new Date(Number(ts) * 1000));

/** `10:24:05 AM`, from epoch seconds. */
export const timeWithSeconds = (seconds) => FORMATS.time_secs(new Date(seconds * 1000));

function relativeDay(at, now) {
  const days = Math.round((midnight(at) - midnight(now)) / DAY_MS);
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
