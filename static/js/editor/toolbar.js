/** The toolbar above the text that is being written: one stop for Tab, arrow keys inside. */

import { KINDS, kindName } from "./display.js";
import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { languageControl } from "./lang.js";
import { LinkForm } from "./linkform.js";
import { canIndent, canOutdent, currentKind, indent, outdent, toggleList } from "./lists.js";
import { isMarked, toggleMark } from "./marks.js";
import { t } from "./strings.js";

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);
const MOD = () => (isMac ? "Cmd" : "Ctrl");
const keys = (shortcut) => shortcut?.replace("Mod", MOD()).replaceAll("-", "+");

/** name, picture or words, what it does, whether it is on (pressed), whether it can be done. */
const tools = (editor, view, link) => [
  [
    {
      icon: "bold",
      label: t("Bold"),
      shortcut: "Mod-B",
      run: () => editor.commands.toggleBold(),
      on: () => editor.isActive("bold"),
    },
    {
      icon: "italic",
      label: t("Italic"),
      shortcut: "Mod-I",
      run: () => editor.commands.toggleItalic(),
      on: () => editor.isActive("italic"),
    },
    {
      icon: "link",
      label: t("Link"),
      shortcut: "Mod-K",
      run: () => link.open(),
      on: () => editor.isActive("link"),
      keepsFocus: true,
      expands: link,
    },
  ],
  [
    {
      icon: "bullet",
      label: t("Bulleted list"),
      shortcut: "Mod-Shift-8",
      run: () => toggleList(editor, "bullet"),
      on: (state) => currentKind(state) === "bullet",
    },
    {
      icon: "number",
      label: t("Numbered list"),
      shortcut: "Mod-Shift-7",
      run: () => toggleList(editor, "1"),
      on: (state) => currentKind(state) === "1",
    },
    {
      icon: "letter",
      label: t("List with letters"),
      shortcut: "Mod-Shift-9",
      run: () => toggleList(editor, "a"),
      on: (state) => currentKind(state) === "a",
    },
    {
      icon: "roman",
      label: t("List with roman numerals"),
      shortcut: "Mod-Shift-0",
      run: () => toggleList(editor, "i"),
      on: (state) => currentKind(state) === "i",
    },
    {
      icon: "outdent",
      label: t("Decrease nesting"),
      shortcut: "Shift-Tab",
      run: () => outdent(editor),
      can: () => canOutdent(editor),
    },
    {
      icon: "indent",
      label: t("Increase nesting"),
      shortcut: "Tab",
      run: () => indent(editor),
      can: () => canIndent(editor),
    },
    {
      icon: "table",
      label: t("Table"),
      run: () => editor.commands.insertTable({ rows: 3, cols: 3, withHeaderRow: true }),
      can: (state) => !editor.isActive("table") && !currentKind(state),
    },
  ],
  [
    {
      icon: "undo",
      label: t("Undo"),
      shortcut: "Mod-Z",
      run: () => editor.commands.undo(),
      can: () => editor.can().undo(),
    },
    {
      icon: "redo",
      label: t("Redo"),
      shortcut: "Mod-Shift-Z",
      run: () => editor.commands.redo(),
      can: () => editor.can().redo(),
    },
  ],
];

const tableTools = (editor) => [
  [
    { text: t("+ row"), label: t("Add a row below"), run: () => editor.commands.addRowAfter() },
    {
      text: t("+ column"),
      label: t("Add a column to the right"),
      run: () => editor.commands.addColumnAfter(),
    },
    { text: t("− row"), label: t("Delete the row"), run: () => editor.commands.deleteRow() },
    {
      text: t("− column"),
      label: t("Delete the column"),
      run: () => editor.commands.deleteColumn(),
    },
    {
      text: t("Header cell"),
      label: t("Header cell"),
      run: () => editor.commands.toggleHeaderCell(),
      on: () => editor.isActive("tableHeader"),
    },
    {
      text: t("Delete table"),
      label: t("Delete the table"),
      run: () => editor.commands.deleteTable(),
    },
  ],
];

const markTools = (view) => [
  KINDS.map((kind) => ({
    text: kindName(kind),
    label: kindName(kind),
    kind,
    run: () => toggleMark(view, kind),
    on: (state) => isMarked(state, kind),
  })),
];

/** `element` goes above the editable; `update()` is called after every transaction. */
export class Toolbar {
  constructor({ editor, itemLanguage, controls }) {
    const { view } = editor;
    this.editor = editor;
    this.link = new LinkForm(editor);
    this.language = languageControl(view, itemLanguage);
    this.buttons = [];
    const row = (name, groups, extra) => {
      const element = h(
        "div",
        { class: `toolbar-row toolbar-${name}` },
        ...groups.map((group) => this.group(group)),
      );
      if (extra) element.lastChild.before(h("div", { class: "toolbar-group" }, extra));
      return element;
    };
    this.table = row("table", tableTools(editor));
    this.element = h(
      "div",
      {
        class: "toolbar",
        role: "toolbar",
        "aria-label": t("Formatting and marks"),
        "aria-controls": controls,
      },
      row("text", tools(editor, view, this.link), this.language.element),
      this.table,
      row("marks", markTools(view)),
    );
    this.box = h("div", { class: "toolbar-box", hidden: true }, this.element, this.link.element);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("focusin", (event) => this.rove(event.target));
    // A press of the mouse leaves the cursor in the text.
    this.element.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault();
    });
    this.rove(this.stops[0]);
    this.update();
  }

  group(tools) {
    return h("div", { class: "toolbar-group" }, ...tools.map((tool) => this.button(tool)));
  }

  button(tool) {
    const shortcut = keys(tool.shortcut);
    const element = h(
      "button",
      {
        type: "button",
        class: `tool ${tool.kind ? `tool-mark tool-${tool.kind}` : ""}`,
        title: shortcut ? `${tool.label} (${shortcut})` : tool.label,
        "aria-label": tool.text === tool.label ? null : tool.label,
        "aria-keyshortcuts": tool.shortcut
          ?.replace("Mod", isMac ? "Meta" : "Control")
          .replaceAll("-", "+"),
        onclick: () => {
          if (element.getAttribute("aria-disabled") === "true") return;
          tool.run();
          if (!tool.keepsFocus) this.editor.view.focus();
        },
      },
      tool.icon ? icon(tool.icon) : tool.text,
    );
    this.buttons.push({ ...tool, element });
    return element;
  }

  /** The controls in the order of the arrow keys. */
  get stops() {
    return [...this.element.querySelectorAll(".tool")].filter(
      (stop) => !stop.closest(".toolbar-row[hidden]"),
    );
  }

  rove(target) {
    for (const stop of this.element.querySelectorAll(".tool"))
      stop.tabIndex = stop === target ? 0 : -1;
  }

  key(event) {
    const { stops } = this;
    const at = stops.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (event.key === "Escape") this.editor.view.focus();
    else if (to === undefined || at < 0) return;
    else stops[(to + stops.length) % stops.length].focus();
    event.preventDefault();
  }

  /** Show what holds at the cursor. */
  update() {
    const { state } = this.editor;
    this.table.hidden = !this.editor.isActive("table");
    for (const { element, on, can } of this.buttons) {
      if (on) element.setAttribute("aria-pressed", String(Boolean(on(state))));
      if (can) element.setAttribute("aria-disabled", String(!can(state)));
    }
    this.language.update(state);
    if (this.element.querySelector('.tool[tabindex="0"]')?.closest(".toolbar-row[hidden]"))
      this.rove(this.stops[0]);
  }

  focus() {
    this.element.querySelector('.tool[tabindex="0"]').focus();
  }
}

/** An id for the editable that the toolbar controls. */
export const editableId = () => uniqueId("editable");
