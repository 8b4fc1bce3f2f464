/** Line ids: every text block has one, no two have the same, and it follows the text.
 *
 * A split or a join leaves the id with the first part; a copy gets a new one; cut and paste keeps
 * it; undo restores it. Ids are set by steps of their own in the same transaction, so that undo
 * and the rebase know of them. What others wrote comes with its ids: nothing is minted for it.
 */

import { Extension, pm } from "django-prose-editor/editor";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** A new line id: 15 random characters of a–z and 2–7. */
export const mint = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(15)), (byte) => ALPHABET[byte & 31]).join("");

/** The text blocks of a node with their positions in it. */
export function linesOf(node) {
  const found = [];
  node.descendants((child, pos) => {
    if (!child.isTextblock) return true;
    found.push({ node: child, pos, id: child.attrs.line });
    return false;
  });
  return found;
}

/** A text block's words; a break is one character, so that offsets agree. */
export const textOf = (node) => node.textBetween(0, node.content.size, "", "\n");

/** The line that holds a position, or null. */
export function lineAt($pos) {
  for (let depth = $pos.depth; depth > 0; depth--) {
    const node = $pos.node(depth);
    if (node.isTextblock) return { node, pos: $pos.before(depth), id: node.attrs.line };
  }
  return null;
}

/** The lines that a selection touches. */
export function selectedLines(state) {
  const found = [];
  for (const { $from, $to } of state.selection.ranges)
    state.doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (node.isTextblock) found.push({ node, pos, id: node.attrs.line });
      return !node.isTextblock;
    });
  return found;
}

/** The document with an id on each line; it is not a change that anybody made. */
export function withIds(doc) {
  const seen = new Set();
  const tr = new pm.transform.Transform(doc);
  for (const { pos, id } of linesOf(doc)) {
    if (!id || seen.has(id)) tr.setNodeAttribute(pos, "line", mint());
    else seen.add(id);
  }
  return tr.doc;
}

function grouped(lines) {
  const holders = new Map();
  for (const line of lines)
    if (line.id) holders.set(line.id, [...(holders.get(line.id) ?? []), line]);
  return holders;
}

/** Which of the lines that hold the same id keeps it: the one at the old place, unless that was
 * emptied (cut, then pasted elsewhere: the id goes with the text). */
function keepers(transactions, old, holders) {
  const keep = new Map();
  for (const { pos, id } of linesOf(old.doc)) {
    const held = holders.get(id);
    if (!held || held.length < 2) continue;
    let place = pos;
    let gone = false;
    for (const tr of transactions)
      for (const map of tr.mapping.maps) {
        const result = map.mapResult(place, 1);
        place = result.pos;
        gone ||= result.deletedAcross;
      }
    const same = held.find((line) => line.pos === place);
    const full = held.find((line) => line.node.content.size);
    if (same && !gone && (same.node.content.size || !full)) keep.set(id, same);
    else if (full) keep.set(id, full);
  }
  return keep;
}

/** A cut line pasted into an empty one: the line that takes the text takes its id too. */
function takenOver(transactions, old, lines, holders, { pasted, isElsewhere }) {
  const first = pasted && linesOf(pasted.content)[0];
  const { $from } = old.selection;
  if (!first?.id || !$from.parent.isTextblock || $from.parent.content.size) return null;
  let place = $from.before();
  for (const tr of transactions) place = tr.mapping.map(place, 1);
  const target =
    lines.find((line) => line.pos === place) ??
    lines.find((line) => line.id === $from.parent.attrs.line);
  const isCopy = !linesOf(old.doc).some((line) => line.id === first.id) && isElsewhere(first.id);
  const held =
    isCopy ||
    (holders.get(first.id) ?? []).some((line) => line !== target && line.node.content.size);
  return target?.node.content.size && !held ? { target, id: first.id } : null;
}

function corrected(transactions, old, state, context) {
  const lines = linesOf(state.doc);
  const holders = grouped(lines);
  const { tr } = state;
  const wasPasted = transactions.some((one) => ["paste", "drop"].includes(one.getMeta("uiEvent")));
  const taken = wasPasted ? takenOver(transactions, old, lines, holders, context) : null;
  if (!taken && lines.every((line) => line.id && holders.get(line.id).length === 1) && !wasPasted)
    return null;
  const keep = keepers(transactions, old, holders);
  const before = new Map(linesOf(old.doc).map((line) => [line.id, line]));
  const set = (line, id) => line.id !== id && tr.setNodeAttribute(line.pos, "line", id);
  const arrived = (id) => wasPasted && !before.has(id) && context.isElsewhere(id);

  lines.forEach((line, index) => {
    if (taken && line === taken.target) return set(line, taken.id);
    if (taken && line.id === taken.id) return set(line, mint());
    if (line.id && (keep.get(line.id) ?? holders.get(line.id)[0]) === line && !arrived(line.id))
      return;
    // Split at the very start: the text keeps its id, the new empty line above it gets the new one.
    const above = lines[index - 1];
    const was = above?.id && !line.id && !above.node.content.size && before.get(above.id);
    if (was && was.node.content.size && was.node.content.eq(line.node.content)) {
      tr.setNodeAttribute(line.pos, "line", above.id);
      tr.setNodeAttribute(above.pos, "line", mint());
      return;
    }
    set(line, mint());
  });
  if (wasPasted) {
    const come = linesOf(tr.doc).filter(
      ({ id }) => !before.has(id) && (taken?.id === id || holders.has(id)),
    );
    if (come.length) queueMicrotask(() => context.onArrival(come.map(({ id }) => id)));
  }
  return tr.docChanged ? tr : null;
}

/** Options: `isElsewhere(id)`, does another item of the page hold the text of this line now? Then what
 * is pasted is a copy. `onArrival(ids)` hears of lines that were cut in another item. */
export const Lines = Extension.create({
  name: "lines",
  addOptions: () => ({ isElsewhere: () => false, onArrival: () => {} }),
  addProseMirrorPlugins() {
    const context = { pasted: null, ...this.options };
    return [
      new pm.state.Plugin({
        props: {
          transformPasted(slice) {
            context.pasted = slice;
            return slice;
          },
        },
        appendTransaction(transactions, old, state) {
          if (!transactions.some((tr) => tr.docChanged && !tr.getMeta("foreign"))) return null;
          return corrected(transactions, old, state, context);
        },
      }),
    ];
  },
});
