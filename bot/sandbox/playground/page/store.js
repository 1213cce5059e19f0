// The page's copy of the sandbox's state: the whole state at first, then updates.

const EMPTY = {
  you: "",
  users: [],
  people: {},
  channels: [],
  sizes: [],
  app: { commands: [], shortcuts: [], home: false },
  sandbox: null,
  views: { stack: [], home: null },
};

export const store = { ...EMPTY, messages: new Map(), traffic: new Map() };

let source = null;

/** Receive updates as a user. `onOffline` is called with whether the server is unreachable. */
export function connect(user, onUpdate, onOffline) {
  source?.close();
  source = new EventSource(`/api/stream?user=${encodeURIComponent(user)}`);
  source.onmessage = (event) => onUpdate(apply(JSON.parse(event.data)));
  source.onerror = () => onOffline(true);
  source.onopen = () => onOffline(false);
}

function apply(update) {
  if (update.start) {
    Object.assign(store, EMPTY, update.start);
    store.messages.clear();
    store.traffic.clear();
  }
  for (const message of update.messages ?? []) {
    if (message.is_deleted) store.messages.delete(message.ts);
    else store.messages.set(message.ts, message);
  }
  for (const entry of update.traffic ?? []) store.traffic.set(entry.id, entry);
  if (update.sandbox) store.sandbox = update.sandbox;
  if (update.views) store.views = update.views;
  return update;
}

/** The messages of a channel without replies, or those of one thread, oldest first. */
export function messagesOf(channel, thread = "") {
  const isInList = (message) =>
    thread ? message.ts === thread || message.thread_ts === thread : !message.thread_ts;
  return [...store.messages.values()]
    .filter((message) => message.channel === channel && isInList(message))
    .sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

/** Send an action of the signed-in user. Returns the response, with `error` if it failed. */
export async function send(action, request = {}) {
  try {
    const response = await fetch(`/api/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user: store.you, ...request }),
    });
    return await response.json();
  } catch {
    return { error: "The playground isn't responding." };
  }
}
