/** The meeting's page: shows marks, mounts an editor where someone writes, keeps what is unsaved.
 *
 * The editor itself (144 kB) is loaded when the page has come to rest, or at the first click.
 */

import { decorate } from "./display.js";
import { Drafts } from "./drafts.js";
import { Pulse } from "./pulse.js";
import { Failure, Server } from "./server.js";
import { showSaveState } from "./savestate.js";
import { t } from "./strings.js";

const root = document.querySelector("[data-workspace]");
const bodyOf = (section) => section.querySelector(":scope > [data-editor]");

/** What the writers of a page share. */
class Page {
  constructor() {
    this.server = new Server(root.dataset.csrf);
    this.writers = new Map();
    this.stored = new WeakMap(); // section → the text and marks as they were stored
    this.active = null;
    this.person = root.dataset.personName;
    this.parties = () => this.server.pickable(root.dataset.pickableUrl);
    this.opening = Drafts.open(root.dataset.person ?? "").then((drafts) => (this.drafts = drafts));
  }

  /** Make a section's marks visible and remember its text. */
  take(section) {
    const body = section.querySelector(":scope > .item-body");
    if (!body || this.stored.has(section)) return;
    const marks = JSON.parse(section.querySelector("[data-marks]")?.textContent || "{}");
    const conflicts = JSON.parse(section.querySelector("[data-conflicts]")?.textContent || "[]");
    this.stored.set(section, { html: body.innerHTML, marks, conflicts });
    decorate(body, marks);
  }

  contentOf(section) {
    this.take(section);
    return this.stored.get(section);
  }

  /** Is the text of the line in another item of this page? */
  isElsewhere(line, section) {
    const found = root.querySelectorAll(`[data-line="${CSS.escape(line)}"]`);
    return [...found].some((other) => other.textContent && !section.contains(other));
  }

  /** Lines were cut in one item and pasted into that of `writer`: their marks go along. */
  move(lines, writer) {
    const marks = { ...writer.marks };
    for (const other of this.mounted) {
      if (other === writer) continue;
      for (const line of lines) if (other.marks[line]) marks[line] ??= other.marks[line];
      other.release(lines);
    }
    writer.setMarks(marks);
  }

  /** The section's writer; the first time it takes up what an earlier page could not save. */
  mount(section) {
    if (!this.writers.has(section)) {
      const mounting = this.load(section);
      this.writers.set(section, mounting);
      mounting.catch(() => this.writers.delete(section)); // without a connection: try again
    }
    return this.writers.get(section);
  }

  async load(section) {
    const [{ Writer }, drafts] = await Promise.all([import("./mount.js"), this.opening]);
    section.writer = new Writer(section, this, await drafts.take(section.dataset.item));
    return section.writer;
  }

  /** A section has left the page: what is unsaved in it is sent; what can't be stays a draft. */
  async detach(section) {
    const { autosave } = section.writer;
    this.detached.add(section);
    await autosave.send();
    if (autosave.isDirty && autosave.state !== "closed") return; // tried again until it is saved
    autosave.stop();
    this.detached.delete(section);
    this.changed();
  }

  get mounted() {
    return [...root.querySelectorAll("[data-item]"), ...this.detached]
      .map((section) => section.writer)
      .filter(Boolean);
  }

  detached = new Set();

  get savers() {
    return this.mounted.map((writer) => writer.autosave);
  }

  changed() {
    queueMicrotask(() =>
      showSaveState(
        document.querySelector("[data-save-state]"),
        this.savers,
        this.pulse?.failure ?? null,
      ),
    );
  }

  /** Try again at once what could not be saved. */
  retry() {
    for (const saver of this.savers) saver.retry();
  }

  /** Get a fresh CSRF token, as an item's text brings one. */
  async renew() {
    const section = root.querySelector("section[data-text-url]");
    try {
      if (section) await this.server.get(section.dataset.textUrl);
    } catch (error) {
      if (!(error instanceof Failure)) throw error; // the next question will meet it
    }
  }

  /** The revision of the text that the page shows. */
  revisionOf(section) {
    return section.writer ? section.writer.autosave.revision : Number(section.dataset.revision);
  }

  /** Show what others wrote in an item in which nobody writes here. */
  async refresh(section) {
    let answer;
    try {
      answer = await this.server.get(section.dataset.textUrl);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return;
    }
    const body = section.querySelector(":scope > .item-body");
    if (this.writers.has(section) || !body || answer.revision <= this.revisionOf(section)) return;
    section.dataset.revision = answer.revision;
    body.innerHTML = answer.html; // the server's own, cleaned when it was saved
    const { html, marks, conflicts } = answer;
    this.stored.set(section, { html, marks, conflicts });
    decorate(body, marks);
    if (conflicts.length) await this.mount(section); // what is to be chosen shows in the editor
  }

  /** Send what is unsaved, now; resolves when all of it is acknowledged or `patience` ms are over. */
  async flush(patience = 5000) {
    const end = Date.now() + patience;
    for (const saver of this.savers) if (saver.isDirty) saver.send();
    while (this.isDirty && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 50));
    return !this.isDirty;
  }

  get isDirty() {
    return this.savers.some((saver) => saver.isDirty);
  }

  /** Take up what an earlier page could not save, and show what is to be chosen. */
  async restore() {
    const drafts = await this.opening;
    for (const section of root.querySelectorAll("section[data-item]"))
      if (
        bodyOf(section) &&
        ((await drafts.find(section.dataset.item)) || this.contentOf(section).conflicts.length)
      )
        await this.mount(section);
  }
}

/** Where in the text a press of the mouse points: {line, offset}. */
function placeAt({ clientX, clientY }, body) {
  const caret = document.caretPositionFromPoint?.(clientX, clientY);
  const range = caret ? null : document.caretRangeFromPoint?.(clientX, clientY);
  return caret
    ? placeOf(caret.offsetNode, caret.offset, body)
    : placeOf(range?.startContainer, range?.startOffset, body);
}

function placeOf(node, offset, body) {
  const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const line = element?.closest?.("[data-line]");
  if (!line || !body.contains(line)) return "end";
  const before = document.createRange();
  before.setStart(line, 0);
  before.setEnd(node, offset);
  return {
    line: line.dataset.line,
    offset: before.toString().length + before.cloneContents().querySelectorAll("br").length,
  };
}

function start() {
  const page = new Page();
  for (const section of root.querySelectorAll("section[data-item]")) page.take(section);

  const editorOf = (target) => {
    const body = target.closest?.("[data-editor]");
    const section = body?.closest("section[data-item]");
    return section && !("readonly" in section.dataset) && !body.classList.contains("is-mounted")
      ? { body, section }
      : null;
  };
  const open = async ({ section }, place) => {
    try {
      const writer = await page.mount(section);
      // Who has gone on while the editor was loading is not pulled back.
      if (writer.hadFocus) writer.focus(place);
    } catch (error) {
      const state = document.querySelector("[data-save-state]");
      if (state)
        state.textContent = t(
          "The editor could not be loaded. Check the connection and try again.",
        );
      throw error;
    }
  };

  let isPressed = false;
  document.addEventListener("pointerdown", () => (isPressed = true), true);
  document.addEventListener("pointerup", () => setTimeout(() => (isPressed = false)), true);
  document.addEventListener("pointercancel", () => (isPressed = false), true);
  root.addEventListener("click", (event) => {
    const found = editorOf(event.target);
    if (!found || !getSelection().isCollapsed) return;
    if (event.target.closest("a[href]") && (event.ctrlKey || event.metaKey)) return;
    event.preventDefault(); // a link in text that one writes is text
    open(found, placeAt(event, found.body));
  });
  root.addEventListener("focusin", (event) => {
    const found = event.target.matches("[data-editor]") && !isPressed && editorOf(event.target);
    if (found) open(found, "start");
  });
  root.addEventListener("keydown", (event) => {
    const found =
      event.key === "Enter" && event.target.matches("[data-editor]") && editorOf(event.target);
    if (!found) return;
    event.preventDefault();
    open(found, "start");
  });

  // A click or Tab may have come before this script.
  const entered = editorOf(document.activeElement);
  if (entered) {
    const { anchorNode, anchorOffset } = getSelection();
    const isClicked = entered.body.contains(anchorNode);
    open(entered, isClicked ? placeOf(anchorNode, anchorOffset, entered.body) : "start");
  }

  // Items come and go while the page is open.
  new MutationObserver((records) => {
    for (const { addedNodes, removedNodes } of records) {
      for (const node of addedNodes) {
        if (!node.matches?.("section[data-item]") || page.stored.has(node)) continue;
        page.take(node);
        page.restore();
      }
      for (const node of removedNodes) if (node.writer && !node.isConnected) page.detach(node);
    }
  }).observe(root, { childList: true, subtree: true });

  // Words on their way to an item that another has just deleted stay where their writer sees them.
  root.addEventListener("item:removed", (event) => {
    const { autosave, view } = event.target.writer ?? {};
    if (autosave?.isDirty && (autosave.state === "closed" || view.hasFocus())) event.preventDefault();
  });

  const retry = () => {
    page.pulse?.beat();
    page.retry();
  };
  window.addEventListener("online", retry);
  window.addEventListener("offline", () => page.pulse?.fail(new Failure("offline")));
  window.addEventListener("focus", retry);
  const leave = () => page.savers.forEach((saver) => saver.isDirty && saver.send());
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : retry()));

  window.yhteispoyta = {
    schema: async () => (await import("./schema.js")).describe(),
    flush: (patience) => page.flush(patience),
    stop: () => page.savers.forEach((saver) => saver.giveUp()),
    get isDirty() {
      return page.isDirty;
    },
  };
  page.restore();
  if (root.dataset.pulseUrl) page.pulse = new Pulse(root, page);
  preload();
}

/** Fetch the editor's modules when nothing else is going on, without running them. */
function preload() {
  const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 500));
  idle(() => {
    const { imports } = JSON.parse(document.querySelector('script[type="importmap"]').textContent);
    for (const href of Object.values(imports)) {
      const link = document.createElement("link");
      link.rel = "modulepreload";
      link.href = href;
      document.head.append(link);
    }
  });
}

if (root) start();
