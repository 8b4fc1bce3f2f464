/** The steps that lead from one document to another, as small as can be: a word changed by someone
 * else must not move the cursor of who writes beside it, nor break what they have not saved yet. */

import { pm } from "django-prose-editor/editor";
import { linesOf } from "./lines.js";

const key = (node) => (node.isTextblock ? node.attrs.line : linesOf(node)[0]?.id) ?? null;

const childrenOf = (node) => {
  const children = [];
  node.forEach((child, offset) => children.push({ node: child, offset, key: key(child) }));
  return children;
};

/** Indices of the longest run of pairs [a, b] in which both ascend. */
function ascending(pairs) {
  const tails = [];
  const previous = [];
  pairs.forEach(([, b], i) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tails[middle]][1] < b) low = middle + 1;
      else high = middle;
    }
    previous[i] = tails[low - 1];
    tails[low] = i;
  });
  const chosen = [];
  for (let i = tails.at(-1); i !== undefined; i = previous[i]) chosen.unshift(i);
  return chosen;
}

/** Which children of the two sides are the same: by their line's id; then, in the gaps between
 * those, by equal text (the server may have given a line another id). */
function aligned(from, to) {
  const places = new Map(to.map((child, index) => [child.key, index]));
  const known = from
    .map((child, index) => [index, child.key === null ? undefined : places.get(child.key)])
    .filter(([, place]) => place !== undefined);
  const anchors = ascending(known).map((i) => known[i]);
  const pairs = [];
  let [a, b] = [0, 0];
  for (const [nextA, nextB] of [...anchors, [from.length, to.length]]) {
    for (let i = a, j = b; i < nextA && j < nextB; i++) {
      const same = from[i].node;
      let k = j;
      while (
        k < nextB &&
        !(to[k].node.type === same.type && to[k].node.textContent === same.textContent)
      )
        k++;
      if (k < nextB) {
        pairs.push([i, k]);
        j = k + 1;
      }
    }
    if (nextA < from.length) pairs.push([nextA, nextB]);
    a = nextA + 1;
    b = nextB + 1;
  }
  return pairs;
}

class Differ {
  constructor(doc) {
    this.tr = new pm.transform.Transform(doc);
  }

  at(pos, bias = 1) {
    return this.tr.mapping.map(pos, bias);
  }

  /** Make the children of `from`, whose content begins at `start` in the first document, those of `to`. */
  content(from, to, start) {
    const [before, after] = [childrenOf(from), childrenOf(to)];
    const pairs = aligned(before, after);
    let [i, j] = [0, 0];
    for (const [a, b] of [...pairs, [before.length, after.length]]) {
      const place = start + (before[a]?.offset ?? from.content.size);
      const first = start + (before[i]?.offset ?? from.content.size);
      const added = after.slice(j, b).map((child) => child.node);
      // Old nodes go and new ones come in one step: a list may not be empty in between.
      if (i < a || added.length)
        this.tr.replaceWith(
          this.at(first, i < a ? 1 : -1),
          this.at(place),
          pm.model.Fragment.from(added),
        );
      if (a < before.length) this.node(before[a].node, after[b].node, place);
      i = a + 1;
      j = b + 1;
    }
  }

  node(from, to, pos) {
    if (from.eq(to)) return;
    const markup = from.type === to.type && from.sameMarkup(to);
    if (from.isTextblock && to.isTextblock) {
      if (!markup) this.attributes(from, to, pos);
      this.text(from, to, pos + 1);
    } else if (from.isTextblock || to.isTextblock || from.isLeaf) {
      this.replace(from, to, pos);
    } else if (markup || (from.type === to.type && this.attributes(from, to, pos))) {
      this.content(from, to, pos + 1);
    } else if (isList(from) && isList(to)) {
      this.tr.setNodeMarkup(this.at(pos), to.type, to.attrs);
      this.content(from, to, pos + 1);
    } else this.replace(from, to, pos);
  }

  attributes(from, to, pos) {
    for (const [name, value] of Object.entries(to.attrs))
      if (from.attrs[name] !== value) this.tr.setNodeAttribute(this.at(pos), name, value);
    return true;
  }

  replace(from, to, pos) {
    this.tr.replaceWith(this.at(pos), this.at(pos + from.nodeSize, -1), to);
  }

  /** The changed words inside a line; unchanged ones between two changes stay untouched. */
  text(from, to, start) {
    for (const { fromA, toA, fromB, toB } of changes(tokens(from), tokens(to)))
      this.tr.replaceWith(
        this.at(start + fromA, fromA === toA ? -1 : 1),
        this.at(start + toA, -1),
        to.slice(fromB, toB).content,
      );
  }
}

const isList = (node) => ["bulletList", "orderedList"].includes(node.type.name);

/** Words, gaps and single signs of a line with their formatting: [identity, size]. */
function tokens(line) {
  const found = [];
  line.forEach((child) => {
    const marks = child.marks.map((mark) => mark.type.name + (mark.attrs.href ?? "")).join();
    if (!child.isText) found.push([`<${child.type.name}>${marks}`, child.nodeSize]);
    else
      for (const [word] of child.text.matchAll(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu))
        found.push([`${word}\0${marks}`, word.length]);
  });
  return found;
}

/** Changed ranges between two token lists, as offsets in characters. */
function changes(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start][0] === b[start][0]) start++;
  let end = 0;
  while (
    end < Math.min(a.length, b.length) - start &&
    a[a.length - 1 - end][0] === b[b.length - 1 - end][0]
  )
    end++;
  const middleA = a.slice(start, a.length - end);
  const middleB = b.slice(start, b.length - end);
  const found = [];
  let pos = a.slice(0, start).reduce((sum, token) => sum + token[1], 0);
  let posA = pos;
  let posB = pos;
  let open = null;
  const close = () => open && (found.push(open), (open = null));
  for (const [side, token] of script(middleA, middleB)) {
    if (side === "=") close();
    else open ??= { fromA: posA, toA: posA, fromB: posB, toB: posB };
    if (side !== "+") posA += token[1];
    if (side !== "-") posB += token[1];
    if (open) Object.assign(open, { toA: posA, toB: posB });
  }
  close();
  return found;
}

/** The edit script by longest common subsequence; very long middles are replaced as a whole. */
function script(a, b) {
  if (a.length * b.length > 250_000)
    return [...a.map((token) => ["-", token]), ...b.map((token) => ["+", token])];
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] =
        a[i][0] === b[j][0]
          ? table[(i + 1) * width + j + 1] + 1
          : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
  const steps = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i][0] === b[j][0]) {
      steps.push(["=", a[i++]]);
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && table[(i + 1) * width + j] >= table[i * width + j + 1])
    )
      steps.push(["-", a[i++]]);
    else steps.push(["+", b[j++]]);
  }
  return steps;
}

/** The steps from document `from` to document `to`. */
export function steps(from, to) {
  if (from.eq(to)) return [];
  const differ = new Differ(from);
  try {
    differ.content(from, to, 0);
    if (differ.tr.doc.eq(to)) return differ.tr.steps;
  } catch (error) {
    if (!(
      error instanceof RangeError ||
      error.name === "ReplaceError" ||
      error.name === "TransformError"
    ))
      throw error;
  }
  // A table whose shape changed, say: everything is replaced, the rebase brings the cursor back.
  return new pm.transform.Transform(from).replaceWith(0, from.content.size, to.content).steps;
}
