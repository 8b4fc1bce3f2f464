/** Marks on lines: data beside the document (line id → marks), drawn around the lines.
 *
 * The document is unchanged by them, so a mark follows its line through edits, splits and undo. The
 * marks of a line that was deleted stay at hand until the page goes, for an undo; only those whose
 * line is there count.
 */

import { Extension, pm } from "django-prose-editor/editor";
import { KINDS, emptyMark, labelElement, lineClass, summaryElement } from "./display.js";
import { lineAt, linesOf, selectedLines } from "./lines.js";
import { MarkForm } from "./markform.js";

const { Plugin, PluginKey } = pm.state;
const { Decoration, DecorationSet } = pm.view;
const key = new PluginKey("marks");

/** Are two pieces of JSON the same, whatever the order of their keys? */
export function same(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b)
    return (a ?? null) === (b ?? null);
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return (
    Array.isArray(a) === Array.isArray(b) && [...names].every((name) => same(a[name], b[name]))
  );
}

/** Those of `marks` whose line is in the document. */
export function marksIn(doc, marks) {
  const present = {};
  for (const { id } of linesOf(doc)) if (marks[id]?.length) present[id] = marks[id];
  return present;
}

export const marksOf = (state) => key.getState(state).marks;

/** Replace all marks; what the server said, or a draft. */
export function replaceMarks(view, marks) {
  if (!same(marksOf(view.state), marks)) view.dispatch(view.state.tr.setMeta(key, { marks }));
}

/** Set the marks of one line. */
export function setLineMarks(view, line, marks) {
  const sorted = [...marks].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const all = { ...marksOf(view.state), [line]: sorted };
  if (!sorted.length) delete all[line];
  view.dispatch(view.state.tr.setMeta(key, { marks: all, mine: true }));
}

/** Is every selected line of that kind? */
export function isMarked(state, kind) {
  const marks = marksOf(state);
  const lines = selectedLines(state);
  return lines.length > 0 && lines.every(({ id }) => marks[id]?.some((mark) => mark.kind === kind));
}

/** Mark the selected lines, or take the mark off where all have it. */
export function toggleMark(view, kind) {
  const off = isMarked(view.state, kind);
  for (const { id } of selectedLines(view.state)) {
    const own = marksOf(view.state)[id] ?? [];
    const others = own.filter((mark) => mark.kind !== kind);
    const kept = own.find((mark) => mark.kind === kind) ?? emptyMark(kind);
    setLineMarks(view, id, off ? others : [...others, kept]);
  }
}

/** Show or hide the form under the line of the cursor. */
export const setActive = (view, active) => view.dispatch(view.state.tr.setMeta(key, { active }));

/** Show conflicts at their lines: line id → element. */
export const setNotices = (view, notices) => view.dispatch(view.state.tr.setMeta(key, { notices }));

export const noticesOf = (state) => key.getState(state).notices;

const still = { stopEvent: () => true, ignoreSelection: true };

/** Options: `marks` at the start, `parties()` promises what can be picked, `onEscape()` leaves a form. */
export const Marks = Extension.create({
  name: "marks",
  addOptions: () => ({ marks: {}, parties: null, onEscape: () => {} }),
  addProseMirrorPlugins() {
    const { parties, onEscape } = this.options;
    const { editor } = this;
    const forms = new Map();
    const formFor = (line, text) => {
      if (!forms.has(line))
        forms.set(
          line,
          new MarkForm({
            parties,
            onEscape,
            onChange: (marks) => setLineMarks(editor.view, line, marks),
          }),
        );
      const form = forms.get(line);
      form.show(marksOf(editor.state)[line] ?? [], text);
      return form.element;
    };

    const draw = ({ marks, notices, active }, state) => {
      const at = active ? lineAt(state.selection.$head)?.id : null;
      const decorations = [];
      for (const { id, pos, node } of linesOf(state.doc)) {
        const own = marks[id];
        const end = pos + node.nodeSize;
        if (notices[id])
          decorations.push(
            Decoration.widget(end, notices[id], { side: 2, key: `notice-${id}`, ...still }),
          );
        if (!own?.length) continue;
        decorations.push(Decoration.node(pos, end, { class: lineClass(own) }));
        const kinds = own.map((mark) => mark.kind).join();
        decorations.push(
          Decoration.widget(pos, () => labelElement(own), {
            side: -1,
            key: `label-${id}-${kinds}`,
            ...still,
          }),
        );
        if (id === at) {
          decorations.push(
            Decoration.widget(end, () => formFor(id, node.textContent), {
              side: 1,
              key: `form-${id}`,
              ...still,
            }),
          );
        } else if (summaryElement(own)) {
          const words = summaryElement(own).textContent;
          decorations.push(
            Decoration.widget(end, () => summaryElement(own), {
              side: 1,
              key: `summary-${id}-${words}`,
              ...still,
            }),
          );
        }
      }
      return DecorationSet.create(state.doc, decorations);
    };

    return [
      new Plugin({
        key,
        state: {
          init: (_, state) => {
            const value = { marks: this.options.marks, notices: {}, active: false, line: null };
            return { ...value, set: draw(value, state) };
          },
          apply(tr, value, _old, state) {
            const meta = tr.getMeta(key);
            const line = lineAt(state.selection.$head)?.id ?? null;
            if (!meta && !tr.docChanged && line === value.line) return value;
            const next = { ...value, ...meta, line };
            return { ...next, set: draw(next, state) };
          },
        },
        props: { decorations: (state) => key.getState(state).set },
        view: () => ({
          update: (view, old) => {
            const [now, before] = [marksOf(view.state), marksOf(old)];
            if (now === before) return;
            for (const [line, form] of forms)
              if (form.element.isConnected && !same(now[line], before[line]))
                form.show(now[line] ?? []);
          },
        }),
      }),
    ];
  },
});
