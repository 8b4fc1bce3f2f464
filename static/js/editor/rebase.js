/** What was typed but is not yet acknowledged, and how it is put on top of what others wrote.
 *
 * The algorithm is that of prosemirror-collab, run in the browser alone: undo own pending steps,
 * apply the others' difference, redo the own ones, mapped. No steps travel. What a mapping would
 * drop (typing in a line that someone else deleted meanwhile) is put back as the writer's own.
 */

import { Extension, pm } from "django-prose-editor/editor";
import { steps as difference } from "./diff.js";
import { linesOf, textOf } from "./lines.js";

const { Plugin, PluginKey, TextSelection } = pm.state;
const key = new PluginKey("pending");
// Redoing costs the square of the steps. So many of the last are redone one by one, and can be undone
// one by one; of what was written before them, hours offline say, each run of letters is one step.
const SINGLY = 500;

/** Own steps since the last acknowledged document: [{step, inverted}]. */
export const pendingOf = (state) => key.getState(state);

const ownSteps = (transform, from = 0) =>
  transform.steps
    .slice(from)
    .map((step, i) => ({ step, inverted: step.invert(transform.docs[from + i]) }));

export const Pending = Extension.create({
  name: "pending",
  addProseMirrorPlugins: () => [
    new Plugin({
      key,
      state: {
        init: () => [],
        apply: (tr, pending) =>
          tr.getMeta(key) ?? (tr.docChanged ? [...pending, ...ownSteps(tr)] : pending),
      },
      historyPreserveItems: true, // undo must know the steps one by one to rebase them
    }),
  ],
});

/** Steps `own` redone over `foreign`, in `tr`; returns those that still apply. */
function redone(own, foreign, tr) {
  for (let i = own.length - 1; i >= 0; i--) tr.step(own[i].inverted);
  for (const step of foreign) tr.step(step);
  const kept = [];
  for (let i = 0, mapFrom = own.length; i < own.length; i++) {
    const mapped = own[i].step.map(tr.mapping.slice(mapFrom));
    mapFrom--;
    if (mapped && !tr.maybeStep(mapped).failed) {
      tr.mapping.setMirror(mapFrom, tr.steps.length - 1);
      kept.push({ step: mapped, inverted: mapped.invert(tr.docs.at(-1)) });
    }
  }
  return kept;
}

/** The steps `own`, which begin at document `from`, the older ones drawn together. */
function condensed(own, from) {
  if (own.length <= 2 * SINGLY) return own;
  const drawn = [];
  for (const { step } of own.slice(0, -SINGLY)) {
    const both = drawn.at(-1)?.merge(step);
    if (both) drawn[drawn.length - 1] = both;
    else drawn.push(step);
  }
  const early = new pm.transform.Transform(from);
  for (const step of drawn) early.step(step);
  return [...ownSteps(early), ...own.slice(-SINGLY)];
}

/** The text that `after` has and `before` lacks, as one piece between their common ends. */
function typedPiece(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < Math.min(before.length, after.length) - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++;
  return after.slice(start, after.length - end);
}

const text = (line) => textOf(line.node);
const byId = (doc) => new Map(linesOf(doc).map((line) => [line.id, line]));

/** Put back what own typing the rebase lost, and say at which lines.
 *
 * `base` is the document from which the own edits started, `own` what the writer sees. Where a
 * line was deleted under the writer it comes back whole; where the words beside the typing were
 * replaced by someone else, the writer's line stands, followed by the other's as a line of its own. */
function salvage(tr, base, own, mintId) {
  const [bases, owns] = [byId(base), linesOf(own)];
  const notes = [];
  owns.forEach((line, index) => {
    const before = bases.get(line.id);
    const piece = typedPiece(before ? text(before) : "", text(line));
    if (!piece.trim()) return;
    const now = byId(tr.doc).get(line.id);
    if (now && text(now).includes(piece)) return;
    const mine = line.node;
    if (now) {
      const theirs = now.node;
      tr.replaceWith(now.pos + 1, now.pos + 1 + theirs.content.size, mine.content);
      const other = mine.type.create({ ...theirs.attrs, line: mintId() }, theirs.content);
      tr.insert(now.pos + mine.nodeSize, other);
      notes.push({ line: line.id, kind: "both", other: other.attrs.line });
    } else {
      restore(tr, mine, owns.slice(0, index));
      notes.push({ line: line.id, kind: "deleted" });
    }
  });
  return notes;
}

/** Insert a line after the nearest earlier line that is still there, as an item where that is one. */
function restore(tr, line, earlier) {
  const lines = byId(tr.doc);
  const above = earlier.map((one) => lines.get(one.id)).findLast(Boolean);
  if (!above) return tr.insert(0, line);
  const $above = tr.doc.resolve(above.pos + 1);
  const item = tr.doc.type.schema.nodes.listItem;
  for (let depth = $above.depth - 1; depth > 0; depth--)
    if ($above.node(depth).type === item)
      return tr.insert($above.after(depth), item.create(null, line));
  return tr.insert($above.after($above.depth), line);
}

/** Where the cursor is in words: its line and how far into it. */
const placeOf = (doc, pos) => {
  const $pos = doc.resolve(pos);
  return $pos.parent.isTextblock
    ? { line: $pos.parent.attrs.line, offset: $pos.parentOffset }
    : null;
};

function selectionAfter(tr, state, notes) {
  const { anchor, head } = state.selection;
  const lines = byId(tr.doc);
  const resolve = (pos) => {
    const place = placeOf(state.doc, pos);
    const mapped = Math.min(tr.mapping.map(pos, -1), tr.doc.content.size);
    const line = place && lines.get(place.line);
    if (!line) return mapped;
    const [start, end] = [line.pos + 1, line.pos + 1 + line.node.content.size];
    const isReplaced =
      mapped < start || mapped > end || notes.some(({ line: id }) => id === line.id);
    // A line that was replaced as a whole: the same number of characters into it.
    return isReplaced ? Math.min(start + place.offset, end) : mapped;
  };
  return TextSelection.between(tr.doc.resolve(resolve(anchor)), tr.doc.resolve(resolve(head)), -1);
}

/** The transaction by which the editor takes what came from the server.
 *
 * `from` is the document that the server knew of (what was sent, or what it had last answered),
 * `confirmed` how many of the pending steps lead there, `to` what stands on the server now.
 * Returns the transaction, whether anything of others came, and notes on lines that were put back. */
export function receive(state, { from, to, confirmed, mint }) {
  const steps = pendingOf(state).slice(confirmed);
  const foreign = difference(from, to);
  const { tr } = state;
  tr.setMeta("addToHistory", false).setMeta("foreign", true);
  if (!foreign.length) return { tr: tr.setMeta(key, steps), changed: false, notes: [] };
  const pending = condensed(steps, from);
  const singly = pending === steps ? steps.length : SINGLY; // the history knows only these
  const kept = redone(pending, foreign, tr);
  const done = tr.steps.length;
  const notes = kept.length < pending.length ? salvage(tr, from, state.doc, mint) : [];
  if (state.selection instanceof TextSelection) {
    tr.setSelection(selectionAfter(tr, state, notes));
    tr.updated &= ~1; // not a move of the cursor: stored formatting stays
  }
  tr.setMeta("rebased", singly).setMeta(key, [...kept, ...ownSteps(tr, done)]);
  return { tr, changed: true, notes };
}
