// What the page knows, as the sandbox tells it: everything at first, then what is new.

const NOTHING = {
  you: "",
  users: [],
  people: {},
  channels: [],
  sizes: [],
  app: { commands: [], shortcuts: [], home: false },
  sandbox: null,
  views: { stack: [], home: null },
};

export const store = { ...NOTHING, messages: new Map(), wire: new Map() };

let source = null;

/** Listen as somebody; `told` is called with the kinds of news, `lost` when nobody answers. */
export function connect(user, told, lost) {
  source?.close();
  source = new EventSource(`/api/stream?user=${encodeURIComponent(user)}`);
  source.onmessage = (event) => told(take(JSON.parse(event.data)));
  source.onerror = () => lost(true);
  source.onopen = () => lost(false);
}

function take(news) {
  if (news.start) {
    Object.assign(store, NOTHING, news.start);
    store.messages.clear();
    store.wire.clear();
  }
  for (const message of news.messages ?? []) {
    if (message.gone) store.messages.delete(message.ts);
    else store.messages.set(message.ts, message);
  }
  for (const entry of news.wire ?? []) store.wire.set(entry.id, entry);
  if (news.sandbox) store.sandbox = news.sandbox;
  if (news.views) store.views = news.views;
  return news;
}

/** The messages of a room in their order, without replies; or those of one thread. */
export function messagesOf(room, thread = "") {
  return [...store.messages.values()]
    .filter((each) => each.channel === room)
    .filter((each) => (thread ? each.ts === thread || each.thread_ts === thread : !each.thread_ts))
    .sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

/** Do something as whoever is signed in; returns what is told, with `error` where it failed. */
export async function send(what, asked = {}) {
  try {
    const reply = await fetch(`/api/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user: store.you, ...asked }),
    });
    return await reply.json();
  } catch {
    return { error: "The playground does not answer." };
  }
}
