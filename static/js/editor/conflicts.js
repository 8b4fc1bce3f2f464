/** What two people wrote into the same line at once, shown at the line: both are kept, one chooses. */

import { h } from "./dom.js";
import { linesOf } from "./lines.js";
import { noticesOf, setNotices } from "./marks.js";
import { t } from "./strings.js";

const find = (doc, id) => linesOf(doc).find((line) => line.id === id);

/** Take a line away, with its list item where it was all of that. */
function remove(tr, id) {
  const line = find(tr.doc, id);
  if (!line) return;
  const $in = tr.doc.resolve(line.pos + 1);
  let depth = $in.depth;
  while (
    depth > 1 &&
    $in.node(depth - 1).childCount === 1 &&
    $in.node(depth - 1).type.spec.tableRole === undefined
  )
    depth--;
  const isOnly = $in.node(depth - 1).childCount === 1;
  if (isOnly) tr.delete(line.pos + 1, line.pos + 1 + line.node.content.size);
  else tr.delete($in.before(depth), $in.after(depth));
}

/** Keep the text of `chosen` at the place and with the id of `line`; the other of the two goes. */
function settle(view, line, copy, chosen) {
  const { tr } = view.state;
  if (chosen === copy) {
    const [place, text] = [find(tr.doc, line), find(tr.doc, copy)];
    if (place && text)
      tr.replaceWith(place.pos + 1, place.pos + 1 + place.node.content.size, text.node.content);
  }
  remove(tr, copy);
  view.dispatch(tr);
}

function notice(view, at, message, choices) {
  const close = () => {
    const { [at]: _, ...others } = noticesOf(view.state);
    setNotices(view, others);
    view.focus();
  };
  return h(
    "div",
    {
      class: "conflict",
      contenteditable: "false",
      role: "group",
      "aria-label": t("Two versions of a line"),
      lang: document.documentElement.lang,
    },
    h("p", { role: "alert" }, message),
    h(
      "div",
      { class: "conflict-choices" },
      ...choices.map(([label, act]) =>
        h(
          "button",
          {
            type: "button",
            onclick: () => {
              act?.();
              close();
            },
          },
          label,
        ),
      ),
    ),
  );
}

/** `conflicts` are the server's, `notes` those of the rebase (rebase.js). */
export function showConflicts(view, { conflicts, notes }) {
  const notices = { ...noticesOf(view.state) };
  const both = (line, copy, mine, name) => {
    const message = name
      ? t("%(name)s changed this line at the same time. Both are kept: choose.", { name })
      : t("Two of you changed the same line. Both are kept: choose.");
    const theirs = mine === line ? copy : line;
    notices[copy] = notice(view, copy, message, [
      [t("Keep mine"), () => settle(view, line, copy, mine)],
      [t("Keep the other"), () => settle(view, line, copy, theirs)],
      [t("Keep both")],
    ]);
  };
  const deleted = (line) => {
    notices[line] = notice(
      view,
      line,
      t("One of you deleted this line while the other changed it. It is kept: choose."),
      [
        [t("Keep the line")],
        [
          t("Delete the line"),
          () => {
            const { tr } = view.state;
            remove(tr, line);
            view.dispatch(tr);
          },
        ],
      ],
    );
  };
  for (const { line, copy, kind, by } of conflicts) {
    if (kind === "both_changed" && copy && find(view.state.doc, copy)) both(line, copy, copy, by);
    else if (kind === "deleted_but_edited") deleted(line);
  }
  for (const { line, kind, other } of notes) {
    if (kind === "both") both(line, other, line, "");
    else deleted(line);
  }
  setNotices(view, notices);
}
