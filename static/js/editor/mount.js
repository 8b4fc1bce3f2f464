/** An item's text turned into an editor, in its place. */

import { Editor, getSchema, pm } from "django-prose-editor/editor";
import { Autosave } from "./autosave.js";
import { settled, showConflicts, showNotes } from "./conflicts.js";
import { h, steady } from "./dom.js";
import { Lines, linesOf, mint, textOf, withIds } from "./lines.js";
import { Lists } from "./lists.js";
import { Marks, marksOf, replaceMarks, setActive } from "./marks.js";
import { Pending } from "./rebase.js";
import { showRedacted } from "./redacted.js";
import { cleaned, fromText } from "./paste.js";
import { content, fromHTML, toHTML } from "./schema.js";
import { loginLink } from "./savestate.js";
import { t } from "./strings.js";
import { Toolbar, editableId } from "./toolbar.js";

const schema = getSchema(content);
const HELP = "editor-help";

/** How to leave the editor and what keys there are, said once on the page. */
function help() {
  if (!document.getElementById(HELP))
    document.body.append(
      h(
        "p",
        { id: HELP, hidden: true },
        t(
          "Alt+F10 goes to the toolbar, Alt+Enter to the marks of the line. Escape and then Tab leaves the text.",
        ),
      ),
    );
  return HELP;
}

/** One mounted item. */
export class Writer {
  /** `page` is what the writers share (index.js); `draft` what an earlier page could not save. */
  constructor(section, page, draft) {
    this.section = section;
    this.page = page;
    this.host = section.querySelector("[data-editor]");
    const stored = page.contentOf(section);
    const sent = draft?.frozen ? JSON.parse(draft.frozen.body) : draft?.known;
    const { html, marks } = sent ?? stored;
    this.build(html, marks);
    this.showConflicts(stored.conflicts);
    this.autosave = new Autosave({
      writer: this,
      item: {
        id: section.dataset.item,
        revision: Number(section.dataset.revision),
        saveUrl: section.dataset.saveUrl,
        textUrl: section.dataset.textUrl,
      },
      server: page.server,
      drafts: page.drafts,
      draft,
    });
    this.autosave.addEventListener("state", () => this.stateChanged());
    this.autosave.addEventListener("saved", ({ detail }) => this.saved(detail));
    this.autosave.addEventListener("redacted", ({ detail }) => showRedacted(this, detail));
    this.autosave.addEventListener("conflict", ({ detail }) => {
      showNotes(this.view, detail);
    });
    this.stateChanged();
  }

  build(html, marks) {
    const id = editableId();
    const { host, section, page } = this;
    this.hadFocus = host.contains(document.activeElement);
    this.labelledby ??= host.getAttribute("aria-labelledby");
    this.label ??= host.getAttribute("aria-label");
    for (const name of ["role", "tabindex", "aria-multiline", "aria-labelledby", "aria-label"])
      host.removeAttribute(name);
    host.replaceChildren();
    host.classList.add("is-mounted");
    this.editor = new Editor({
      element: host,
      content: withIds(fromHTML(html, schema)).toJSON(),
      injectCSS: false,
      extensions: [
        ...content,
        Lines.configure({
          isElsewhere: (line) => page.isElsewhere(line, section),
          onArrival: (lines) => page.move(lines, this),
        }),
        Lists,
        Pending,
        Marks.configure({
          marks: structuredClone(marks),
          parties: page.parties,
          onEscape: () => this.view.focus(),
        }),
      ],
      editorProps: {
        attributes: {
          id,
          class: "editable",
          role: "textbox",
          "aria-multiline": "true",
          ...(this.labelledby
            ? { "aria-labelledby": this.labelledby }
            : { "aria-label": this.label || t("Text of the item") }),
          "aria-describedby": help(),
          lang: section.dataset.language,
        },
        transformPastedHTML: cleaned,
        // With Shift the lines come as they are.
        clipboardTextParser: (text, $context, isPlain, view) => {
          const box = isPlain ? null : fromText(text);
          return (
            box &&
            pm.model.DOMParser.fromSchema(view.state.schema).parseSlice(box, { preserveWhitespace: true })
          );
        },
        handleKeyDown: (_, event) => this.key(event),
        handleDOMEvents: {
          focus: () => this.activate(),
          compositionend: () => this.endComposition(),
        },
      },
      onTransaction: ({ transaction }) => {
        this.toolbar?.update();
        if (this.autosave && !transaction.getMeta("foreign")) this.autosave.changed();
      },
    });
    this.toolbar = new Toolbar({ editor: this.editor, itemLanguage: section.dataset.language, controls: id });
    this.notice = h("div", { class: "editor-notice", role: "alert", hidden: true });
    host.before(this.toolbar.box);
    host.after(this.notice);
  }

  /** A new editor in the place of the old one, whose undo remembers nothing. */
  rebuild({ html, marks }) {
    const { $head } = this.view.state.selection;
    const place = { line: $head.parent.attrs.line, offset: $head.parentOffset };
    const isActive = this.page.active === this;
    if (isActive) this.page.active = null;
    steady(this.host, () => {
      const old = [this.toolbar.box, this.notice];
      const hadFocus = this.host.contains(document.activeElement);
      this.editor.destroy();
      for (const element of old) element.remove();
      this.build(html, marks);
      if (isActive) this.activate();
      if (hadFocus) this.focus(place);
    });
  }

  get view() {
    return this.editor.view;
  }

  get marks() {
    return marksOf(this.view.state);
  }

  setMarks(marks) {
    replaceMarks(this.view, marks);
  }

  /** Lines that were cut here are in another item now: what is left of them gives up their ids. */
  release(lines) {
    const { tr } = this.view.state;
    for (const { pos, id } of linesOf(tr.doc))
      if (lines.includes(id)) tr.setNodeAttribute(pos, "line", mint());
    if (tr.docChanged) this.view.dispatch(tr.setMeta("addToHistory", false));
  }

  emit(name, detail) {
    this.section.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  key(event) {
    if (event.altKey && event.key === "F10") {
      this.toolbar.focus();
      return true;
    }
    if (event.altKey && event.key === "Enter") {
      this.host.querySelector(".mark-form :is(input:not([hidden]), select, .mark-remove)")?.focus();
      return true;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.toolbar.link.open();
      return true;
    }
    return false;
  }

  /** Put the cursor at `place`: {line, offset}, "start" or "end". */
  focus(place) {
    const { doc } = this.view.state;
    const { Selection, TextSelection } = pm.state;
    const line = place?.line && linesOf(doc).find((one) => one.id === place.line);
    const selection = line
      ? TextSelection.create(doc, line.pos + 1 + Math.min(place.offset, line.node.content.size))
      : place === "end" || place?.line === null
        ? Selection.atEnd(doc)
        : Selection.atStart(doc);
    this.view.dispatch(this.view.state.tr.setSelection(selection));
    this.view.focus();
    // Who comes by Tab can go on by Tab until they write or move.
    this.editor.storage.lists.leaving = place === "start";
  }

  /** This is the item being written in: its toolbar and mark form show, another's go. */
  activate() {
    if (this.page.active === this) return;
    const leaving = this.editor.storage.lists.leaving;
    steady(this.host, () => {
      this.page.active?.deactivate();
      this.page.active = this;
      this.toolbar.box.hidden = false;
      this.section.classList.add("is-active");
      setActive(this.view, true);
    });
    this.editor.storage.lists.leaving = leaving;
  }

  deactivate() {
    this.toolbar.box.hidden = true;
    this.section.classList.remove("is-active");
    setActive(this.view, false);
  }

  /** Resolves when no character is being composed (IME). */
  composed() {
    if (!this.view.composing) return Promise.resolve();
    this.composition ??= new Promise((resolve) => (this.afterComposition = resolve));
    return this.composition;
  }

  endComposition() {
    setTimeout(() => {
      if (this.view.composing) return; // the next has begun already
      this.afterComposition?.();
      this.afterComposition = this.composition = null;
    }, 50);
  }

  showConflicts(conflicts) {
    showConflicts(this.view, conflicts ?? [], {
      person: this.page.person,
      settle: async (line) => {
        const isHeard = await settled(this.page.server, this.section.dataset.settleUrl, line);
        if (isHeard) await this.autosave.follow();
        return isHeard;
      },
    });
  }

  saved({ revision, marks, conflicts }) {
    this.section.dataset.revision = revision;
    this.showConflicts(conflicts);
    const counts = {};
    for (const line of Object.values(marks))
      for (const { kind } of line) counts[kind] = (counts[kind] ?? 0) + 1;
    this.emit("item:saved", { revision, marks, counts, isEmpty: !this.view.state.doc.textContent });
  }

  /** Say beside the text what the head of the page has no room for. */
  stateChanged() {
    const { state, failure } = this.autosave;
    this.page.changed();
    this.editor.setEditable(state !== "closed", false);
    this.notice.hidden = !["closed", "refused", "login"].includes(state);
    if (this.notice.hidden || this.notice.dataset.state === state) return;
    this.notice.dataset.state = state;
    const reasons = {
      shared: t("The minutes have been shared meanwhile; this text was not saved."),
      cancelled: t("The meeting has been cancelled meanwhile; this text was not saved."),
      deleted: t("The item has been taken off the agenda meanwhile; this text was not saved."),
      forbidden: t("You can't write in this meeting any more; this text was not saved."),
    };
    const isTooLong = failure?.status === 413; // a proxy's answer has no words of ours
    if (state === "login")
      this.notice.replaceChildren(
        h(
          "p",
          {},
          t("Your login has expired; the text is kept in this browser."),
          " ",
          loginLink(failure.url),
        ),
      );
    else
      this.notice.replaceChildren(
        h(
          "p",
          {},
          failure.error && failure.error !== failure.kind
            ? failure.error
            : isTooLong
              ? t("The text of this item is too long to be saved. Divide it.")
              : (reasons[failure.state] ?? t("The text was not saved.")),
        ),
        h(
          "button",
          { type: "button", onclick: (event) => this.copy(event.target) },
          t("Copy the text"),
        ),
        ...(state === "closed"
          ? [h("button", { type: "button", onclick: () => this.giveUp() }, t("Discard the text"))]
          : []),
      );
  }

  async copy(button) {
    const html = toHTML(this.view.state.doc);
    const text = linesOf(this.view.state.doc)
      .map(({ node }) => textOf(node))
      .join("\n");
    try {
      await navigator.clipboard.write([
        new ClipboardItem({
          "text/html": new Blob([html], { type: "text/html" }),
          "text/plain": new Blob([text], { type: "text/plain" }),
        }),
      ]);
      button.textContent = t("Copied");
    } catch {
      getSelection().selectAllChildren(this.view.dom);
      button.textContent = document.execCommand("copy")
        ? t("Copied")
        : t("Select the text and copy it");
    }
  }

  giveUp() {
    this.autosave.giveUp();
    location.reload();
  }
}
