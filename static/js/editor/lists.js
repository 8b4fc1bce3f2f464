/** Lists: bullets, numbers, letters and roman numerals, nested to five levels, by key and button. */

import { Extension, pm } from "django-prose-editor/editor";
import { MAX_LEVEL } from "./schema.js";

const isList = (node) => node.type.name === "bulletList" || node.type.name === "orderedList";

/** The innermost list around the selection, with its position, or null. */
function listAround({ $from, $to }) {
  for (let depth = $from.sharedDepth($to.pos); depth > 0; depth--) {
    const node = $from.node(depth);
    if (isList(node)) return { node, pos: $from.before(depth), depth };
    if (node.type.spec.tableRole) return null;
  }
  return null;
}

/** "bullet", "1", "a" or "i". */
const kindOf = (list) => (list.type.name === "bulletList" ? "bullet" : list.attrs.type);

/** The kind of the list that the cursor is in, or null. */
export function currentKind(state) {
  const list = listAround(state.selection);
  return list && kindOf(list.node);
}

const levelAt = ($pos) => {
  let level = 0;
  for (let depth = 1; depth <= $pos.depth; depth++) {
    const node = $pos.node(depth);
    if (isList(node)) level++;
    else if (node.type.spec.tableRole === "table") level = 0;
  }
  return level;
};

/** How many levels of lists stand inside the selected items. */
function levelsInside({ $from, $to }) {
  const around = levelAt($from);
  let deepest = around;
  $from.doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
    if (node.isTextblock) deepest = Math.max(deepest, levelAt($from.doc.resolve(pos + 1)));
    return !node.isTextblock;
  });
  const list = listAround({ $from, $to });
  if (list) {
    const item = $from.node(list.depth + 1);
    item?.descendants((node, pos) => {
      if (node.isTextblock)
        deepest = Math.max(
          deepest,
          levelAt($from.doc.resolve($from.start(list.depth + 1) + pos + 1)),
        );
      return !node.isTextblock;
    });
  }
  return deepest;
}

export const canIndent = (editor) =>
  levelsInside(editor.state.selection) < MAX_LEVEL && editor.can().sinkListItem("listItem");
export const indent = (editor) =>
  levelsInside(editor.state.selection) < MAX_LEVEL && editor.commands.sinkListItem("listItem");
export const canOutdent = (editor) => editor.can().liftListItem("listItem");
export const outdent = (editor) => editor.commands.liftListItem("listItem");

/** Make the selected lines a list of that kind; a list that is of that kind already ends here. */
export function toggleList(editor, kind) {
  const name = kind === "bullet" ? "bulletList" : "orderedList";
  const attrs = kind === "bullet" ? {} : { type: kind, start: 1 };
  const list = listAround(editor.state.selection);
  if (list && kindOf(list.node) === kind) return outdent(editor);
  return editor.commands.command(({ tr, state, dispatch, commands }) => {
    const type = state.schema.nodes[name];
    if (list) {
      if (dispatch) tr.setNodeMarkup(list.pos, type, attrs);
      return true;
    }
    if (!commands.wrapInList(name, attrs)) return false;
    // Directly under a list of the same kind it goes on with that one.
    const $now = tr.selection.$from;
    const depth = $now.depth - 2;
    const before = depth > 0 && tr.doc.resolve($now.before(depth)).nodeBefore;
    if (before && isList(before) && kindOf(before) === kind && dispatch)
      tr.join($now.before(depth));
    return true;
  });
}

/** At the start of an item: an empty or a first one leaves its list, another joins the line above. */
function backspace(editor) {
  const { selection } = editor.state;
  const { $from } = selection;
  if (!selection.empty || $from.parentOffset || !$from.parent.isTextblock || $from.depth < 2)
    return false;
  if ($from.node(-1).type.name !== "listItem" || $from.index(-1) !== 0) return false;
  const isFirst = $from.index(-2) === 0;
  if (!$from.parent.content.size || isFirst) return outdent(editor);
  return (
    pm.commands.joinTextblockBackward(editor.state, editor.view.dispatch, editor.view) ||
    outdent(editor)
  );
}

function remove(editor) {
  const { selection } = editor.state;
  const { $from } = selection;
  if (!selection.empty || $from.parentOffset < $from.parent.content.size) return false;
  return pm.commands.joinTextblockForward(editor.state, editor.view.dispatch, editor.view);
}

const inTable = (editor) => editor.isActive("table");

/** The keys of lists and tables. After Escape the next Tab leaves the editor (WCAG 2.1.2). */
export const Lists = Extension.create({
  name: "lists",
  priority: 200,
  addStorage: () => ({ leaving: false }),
  addKeyboardShortcuts() {
    const { editor } = this;
    const tab = (nest, cell) => () => {
      if (this.storage.leaving) return false;
      if (currentKind(editor.state)) {
        nest(editor);
        return true; // a level too deep stays where it is; the focus does too
      }
      if (inTable(editor)) return cell();
      return false;
    };
    return {
      Tab: tab(
        indent,
        () => editor.commands.goToNextCell() || editor.chain().addRowAfter().goToNextCell().run(),
      ),
      "Shift-Tab": tab(outdent, () => editor.commands.goToPreviousCell()),
      // Not the document as a node: lists and marks work on lines.
      "Mod-a": () =>
        editor.commands.command(({ tr, dispatch }) => {
          const [from, to] = [tr.doc.resolve(0), tr.doc.resolve(tr.doc.content.size)];
          if (dispatch) tr.setSelection(pm.state.TextSelection.between(from, to));
          return true;
        }),
      Escape: () => {
        this.storage.leaving = true;
        return true;
      },
      Backspace: () => backspace(editor),
      Delete: () => remove(editor),
      "Mod-Shift-8": () => toggleList(editor, "bullet"),
      "Mod-Shift-7": () => toggleList(editor, "1"),
      "Mod-Shift-9": () => toggleList(editor, "a"),
      "Mod-Shift-0": () => toggleList(editor, "i"),
    };
  },
  addProseMirrorPlugins() {
    const stay = () => (this.storage.leaving = false);
    const keydown = (_view, { key }) => {
      if (!["Escape", "Tab", "Shift", "Control", "Alt", "Meta"].includes(key)) stay();
    };
    const handleDOMEvents = { keydown, mousedown: stay, blur: stay };
    return [new pm.state.Plugin({ props: { handleDOMEvents } })];
  },
});
