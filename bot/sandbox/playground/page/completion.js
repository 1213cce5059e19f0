// What the message box offers while one types: the app's commands, and people after an @.

import { store } from "./store.js";

const AT_WORD = /(?:^|\s)(@[\w.-]*)$/;

/** The offers for a text up to the caret: what each puts in, from where on. */
export function offers(text, caret) {
  const before = text.slice(0, caret);
  if (before.startsWith("/") && !/\s/.test(before)) {
    return store.app.commands
      .filter((each) => each.command.startsWith(before))
      .map((each) => offer(0, `${each.command} `, each.command, `${each.description}  ${each.usage_hint}`));
  }
  const word = AT_WORD.exec(before)?.[1];
  if (word === undefined) return [];
  const typed = word.slice(1).toLowerCase();
  return Object.values(store.people)
    .filter((each) => fits(each, typed))
    .slice(0, 6)
    .map((each) => {
      const handle = each.handle === "ext" ? "@Ext" : `@${each.handle}`;
      return offer(before.length - word.length, `${handle} `, handle, `${each.name}, ${each.membership}`);
    });
}

const offer = (from, puts, label, detail) => ({ from, puts, label, detail });

const fits = (person, typed) =>
  person.handle.toLowerCase().startsWith(typed) ||
  person.name.toLowerCase().split(" ").some((word) => word.startsWith(typed));

/** The usage of a command that is typed already, as its manifest hints. */
export function usage(text) {
  const command = store.app.commands.find((each) => text === each.command || text === `${each.command} `);
  return command ? `${command.command} ${command.usage_hint}` : "";
}
