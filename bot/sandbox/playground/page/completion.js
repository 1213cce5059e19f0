// Completions for the message box: the app's commands, and people after an @.

import { store } from "./store.js";

const MAX_PEOPLE = 6;
const AT_NAME = /(?:^|\s)(@[\w.-]*)$/;

/** The completions of a text up to the caret. Each replaces the text from `start` on. */
export function completions(text, caret) {
  const before = text.slice(0, caret);
  if (before.startsWith("/") && !/\s/.test(before)) return commandCompletions(before);
  const word = AT_NAME.exec(before)?.[1];
  return word === undefined ? [] : peopleCompletions(word, before.length - word.length);
}

function commandCompletions(typed) {
  return store.app.commands
    .filter((entry) => entry.command.startsWith(typed))
    .map((entry) => ({
      start: 0,
      text: `${entry.command} `,
      label: entry.command,
      detail: `${entry.description}  ${entry.usage_hint}`,
    }));
}

function peopleCompletions(word, start) {
  const typed = word.slice(1).toLowerCase();
  return Object.values(store.people)
    .filter((person) => matches(person, typed))
    .slice(0, MAX_PEOPLE)
    .map((person) => {
      const handle = person.handle === "ext" ? "@Ext" : `@${person.handle}`;
      return { start, text: `${handle} `, label: handle, detail: `${person.name}, ${person.membership}` };
    });
}

const matches = (person, typed) =>
  person.handle.toLowerCase().startsWith(typed) ||
  person.name.toLowerCase().split(" ").some((word) => word.startsWith(typed));

/** The usage hint of a command that was typed completely, from the manifest. */
export function usage(text) {
  const typed = store.app.commands.find((entry) => text === entry.command || text === `${entry.command} `);
  return typed ? `${typed.command} ${typed.usage_hint}` : "";
}
