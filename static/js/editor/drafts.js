/** Unsaved text, kept in this browser until the server has acknowledged it.
 *
 * A draft belongs to a person, a tab and an item. A tab holds a lock on its name for as long as it
 * lives: what a dead tab left is taken over by the next one, what a living one holds is not.
 */

import { PREFIX } from "./logout.js";

const TAB = "yhteispoyta:tab";

const random = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

/** Hold `name` for the life of the page; false where another tab has it. */
function hold(name) {
  return new Promise((resolve) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

async function tabName() {
  let name = sessionStorage.getItem(TAB) || random();
  // A duplicated tab has a copy of its original's name.
  if (navigator.locks && !(await hold(PREFIX + name))) {
    name = random();
    await hold(PREFIX + name);
  }
  sessionStorage.setItem(TAB, name);
  return name;
}

async function livingTabs() {
  if (!navigator.locks) return new Set();
  const { held } = await navigator.locks.query();
  return new Set(held.map((lock) => lock.name.slice(PREFIX.length)));
}

function parsed(stored) {
  try {
    return JSON.parse(stored);
  } catch {
    return null;
  }
}

/** The drafts of one person in this tab. */
export class Drafts {
  /** `person` is the id of who is logged in. */
  static async open(person) {
    return new Drafts(person, await tabName());
  }

  constructor(person, tab) {
    this.person = person;
    this.tab = tab;
  }

  key(item, tab = this.tab) {
    return `${PREFIX}${this.person}:${tab}:${item}`;
  }

  /** Keep an item's unsaved text; false where the browser has no room for it. */
  keep(item, draft) {
    try {
      localStorage.setItem(this.key(item), JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  forget(item) {
    localStorage.removeItem(this.key(item));
  }

  /** Take every draft of an item that stands on an older text than `revision` out of this browser. */
  drop(item, revision) {
    const start = `${PREFIX}${this.person}:`;
    const dropped = [];
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(start) || !key.endsWith(`:${item}`)) continue;
      const draft = parsed(localStorage.getItem(key));
      if (draft?.base >= revision) continue;
      localStorage.removeItem(key);
      if (draft) dropped.push(draft);
    }
    return dropped;
  }

  /** Where an item's draft is: this tab's, else one that a dead tab left. */
  async find(item) {
    const living = await livingTabs();
    const start = `${PREFIX}${this.person}:`;
    const [found] = Object.keys(localStorage)
      .filter((key) => key.startsWith(start) && key.endsWith(`:${item}`))
      .map((key) => ({ key, tab: key.slice(start.length).split(":")[0] }))
      .filter(({ tab }) => tab === this.tab || !living.has(tab))
      .sort((a, b) => (b.tab === this.tab) - (a.tab === this.tab));
    return found?.key ?? null;
  }

  /** An item's draft, made this tab's own. */
  async take(item) {
    const key = await this.find(item);
    if (!key) return null;
    const stored = localStorage.getItem(key);
    localStorage.removeItem(key);
    const draft = parsed(stored);
    if (draft) this.keep(item, draft);
    return draft;
  }
}
