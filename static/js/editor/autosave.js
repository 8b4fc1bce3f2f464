/** The save queue of one item: one save at a time, frozen until acknowledged, tried again for ever.
 *
 * A save carries the revision it started from and a token. Until the answer has come neither text
 * nor token changes, so that a lost answer costs nothing: the same save is sent again. What is typed
 * meanwhile waits, and is put on top of the answer (rebase.js).
 */

import { steps as difference } from "./diff.js";
import { linesOf, mint, textOf } from "./lines.js";
import { fromHTML, toHTML } from "./schema.js";
import { pendingOf, receive } from "./rebase.js";
import { Failure } from "./server.js";
import { marksIn, same } from "./marks.js";

const IDLE = 1200; // ms after the last key
const LATEST = 2000; // ms after the first unsaved key
const RETRY = [1000, 2000, 4000, 8000, 15_000, 30_000];

/** A random UUID; `crypto.randomUUID` exists only where the page came by https. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Events: `state` (what to show changed), `saved` (detail: the answer), `conflict`, `redacted`
 * (detail: the person's own lines that were not saved). */
export class Autosave extends EventTarget {
  /** `writer` is the mounted editor: view, marks, setMarks, rebuild; `item`: id, revision, saveUrl, textUrl. */
  constructor({ writer, item, server, drafts, draft }) {
    super();
    Object.assign(this, { writer, item, server, drafts });
    this.revision = draft?.base ?? item.revision;
    this.known = writer.view.state.doc; // the document of `revision`, as the server has it
    this.knownMarks = structuredClone(writer.marks);
    this.frozen = null;
    this.timer = null;
    this.firstChange = 0;
    this.failures = 0;
    this.state = "clean";
    this.failure = null;
    if (draft) this.restore(draft);
    setTimeout(() => this.follow()); // the page may be old
  }

  get doc() {
    return this.writer.view.state.doc;
  }

  /** Is there anything that the server has not acknowledged? */
  get isDirty() {
    return !this.isGivenUp && (Boolean(this.frozen) || this.hasChanges);
  }

  get hasChanges() {
    return (
      pendingOf(this.writer.view.state).length > 0 ||
      !same(marksIn(this.doc, this.writer.marks), marksIn(this.known, this.knownMarks))
    );
  }

  show(state, failure = null) {
    this.state = state;
    this.failure = failure;
    this.dispatchEvent(new Event("state"));
  }

  /** Take up a draft of an earlier page: its frozen save goes first, with the same token. */
  restore({ frozen, html, marks }) {
    if (frozen)
      this.frozen = {
        ...frozen,
        doc: this.known,
        isOfDraft: true,
        steps: 0,
        marksSent: JSON.parse(frozen.body).marks,
      };
    const { tr } = this.writer.view.state;
    for (const step of difference(this.doc, fromHTML(html, this.doc.type.schema))) tr.step(step);
    this.writer.view.dispatch(tr);
    this.writer.setMarks(marks);
    this.changed();
    if (this.frozen) this.schedule(0);
  }

  /** Something was typed or marked. */
  changed() {
    if (this.state === "closed" || !this.isDirty) return;
    if (this.state === "refused") this.frozen = null;
    const now = Date.now();
    this.firstChange ||= now;
    if (!["offline", "login"].includes(this.state)) this.show(this.frozen ? "saving" : "unsaved");
    this.remember();
    if (!this.frozen) this.schedule(Math.min(IDLE, Math.max(0, this.firstChange + LATEST - now)));
  }

  remember() {
    const { frozen } = this;
    this.isKept = this.drafts.keep(this.item.id, {
      base: this.revision,
      html: toHTML(this.doc),
      marks: marksIn(this.doc, this.writer.marks),
      frozen: frozen && { body: frozen.body },
      // Without a save on its way: the text that the changes started from.
      known: frozen ? null : { html: toHTML(this.known), marks: this.knownMarks },
    });
  }

  schedule(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  freeze() {
    const marksSent = structuredClone(marksIn(this.doc, this.writer.marks));
    const body = JSON.stringify({
      base: this.revision,
      token: uuid(),
      html: toHTML(this.doc),
      marks: marksSent,
    });
    this.frozen = {
      body,
      marksSent,
      doc: this.doc,
      steps: pendingOf(this.writer.view.state).length,
    };
    this.firstChange = 0;
  }

  /** Send what there is, now. */
  async send() {
    clearTimeout(this.timer);
    if (this.busy || this.state === "closed") return;
    if (!this.frozen) {
      if (!this.hasChanges) return this.settle();
      this.freeze();
      this.remember();
    }
    this.busy = true;
    if (!["offline", "login"].includes(this.state)) this.show("saving");
    try {
      const answer = await this.server.post(this.item.saveUrl, this.frozen.body);
      await this.writer.composed();
      this.acknowledged(answer);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      await this.failed(error);
    } finally {
      this.busy = false;
    }
    if (this.again !== undefined) {
      this.schedule(this.again);
      this.again = undefined;
    }
  }

  acknowledged(answer) {
    const { doc, steps, marksSent } = this.frozen;
    this.frozen = null;
    this.failures = 0;
    const notes = this.take(answer, doc, steps, marksSent);
    this.savedAt = new Date(answer.saved_at);
    this.dispatchEvent(new CustomEvent("saved", { detail: answer }));
    if (notes.length) this.dispatchEvent(new CustomEvent("conflict", { detail: notes }));
    this.settle();
  }

  /** Bring the editor to what the server answered; own newer typing stays on top. */
  take({ revision, html, marks }, from, confirmed, marksSent) {
    const to = fromHTML(html, this.doc.type.schema);
    const { view } = this.writer;
    // An empty item is one empty line here and nothing there.
    const isEmpty =
      !html && from.childCount === 1 && from.firstChild.isTextblock && !from.textContent;
    const result = receive(view.state, { from, to: isEmpty ? from : to, confirmed, mint });
    view.dispatch(result.tr);
    this.known = isEmpty ? from : to;
    this.knownMarks = marks;
    this.revision = revision;
    this.writer.setMarks(merged(this.writer.marks, marksSent, marks, from));
    return result.notes;
  }

  /** Nothing is on its way: go on with what was typed since, or be at rest. */
  settle() {
    if (this.hasChanges) {
      this.firstChange ||= Date.now();
      this.remember();
      this.show("unsaved");
      this.again = IDLE / 2;
      if (!this.busy) this.schedule(IDLE / 2);
    } else {
      this.firstChange = 0;
      this.drafts.forget(this.item.id);
      this.show("saved");
    }
  }

  /** Something was removed from the item for good: nothing of before goes on, not even an undo. */
  startAnew(answer) {
    const wasDirty = this.isDirty;
    // In a draft's frozen save, what the person started from is not known any more.
    const known = this.frozen?.isOfDraft ? [] : lineTexts(this.known);
    const mine = lineTexts(this.doc);
    for (const draft of this.drafts.drop(this.item.id, answer.redacted_revision)) {
      mine.push(...lineTexts(fromHTML(draft.html, this.doc.type.schema)));
      if (draft.known) known.push(...lineTexts(fromHTML(draft.known.html, this.doc.type.schema)));
    }
    this.frozen = null;
    this.again = undefined;
    this.failures = 0;
    this.firstChange = 0;
    this.writer.rebuild(answer);
    this.known = this.doc;
    this.knownMarks = structuredClone(answer.marks);
    this.revision = answer.revision;
    clearTimeout(this.timer);
    this.drafts.forget(this.item.id);
    const old = new Set([...known, ...lineTexts(this.doc)]);
    const lost = [...new Set(mine)].filter((line) => !old.has(line));
    if (wasDirty || lost.length)
      this.dispatchEvent(new CustomEvent("redacted", { detail: lost }));
    this.dispatchEvent(new CustomEvent("saved", { detail: answer }));
    this.show("saved");
  }

  async failed(failure) {
    if (failure.kind === "csrf") {
      try {
        await this.server.get(this.item.textUrl); // brings a fresh token
        this.again = this.failures++ ? RETRY.at(-1) : 0; // no cookies, no end: not at full speed
        return;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failure = error;
      }
    }
    if (failure.state === "redacted") {
      try {
        const answer = await this.server.get(this.item.textUrl);
        await this.writer.composed();
        this.startAnew(answer);
        return;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failure = error;
      }
    }
    if (failure.kind === "refused") {
      // The server has not stored it and never will: the text stays, the next key makes a new save.
      this.show("refused", failure);
    } else if (failure.kind === "closed") {
      this.show("closed", failure);
    } else if (failure.kind === "restarting") {
      if (!["offline", "login"].includes(this.state)) this.show("saving");
      this.again = RETRY[0];
    } else {
      this.show(failure.kind === "login" ? "login" : "offline", failure);
      this.again = RETRY[Math.min(this.failures++, RETRY.length - 1)];
    }
  }

  /** The network or the reader is back: try at once. */
  retry() {
    if (["offline", "login"].includes(this.state)) this.schedule(0);
  }

  /** See what others have saved, when nothing of one's own is on its way. */
  async follow() {
    if (this.busy || this.frozen || document.hidden || ["closed", "refused"].includes(this.state))
      return;
    let answer;
    try {
      answer = await this.server.get(this.item.textUrl);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return; // the next save will meet it, and say it
    }
    if (this.busy || this.frozen || answer.revision <= this.revision) return;
    if (this.writer.view.composing) return; // the pulse asks again
    if (answer.redacted_revision > this.revision) return this.startAnew(answer);
    const notes = this.take(answer, this.known, 0, this.knownMarks);
    this.dispatchEvent(new CustomEvent("saved", { detail: answer }));
    if (notes.length) this.dispatchEvent(new CustomEvent("conflict", { detail: notes }));
    if (this.hasChanges) this.remember();
  }

  /** The unsaved text is given up: nothing more is sent, the draft goes. */
  giveUp() {
    this.stop();
    this.isGivenUp = true;
    this.state = "closed";
    this.drafts.forget(this.item.id);
  }

  stop() {
    clearTimeout(this.timer);
  }
}

/** The text of each line that has any. */
const lineTexts = (doc) =>
  linesOf(doc)
    .map(({ node }) => textOf(node))
    .filter((line) => line.trim());

/** Marks after an answer: the server's where the writer has not touched the line since sending. */
function merged(mine, sent, theirs, sentDoc) {
  const result = { ...theirs };
  const wereSent = marksIn(sentDoc, mine);
  for (const [line, marks] of Object.entries(mine))
    if (!(line in wereSent) || !same(marks, sent[line])) result[line] = marks;
  for (const line of Object.keys(sent)) if (!(line in mine)) delete result[line];
  return result;
}
