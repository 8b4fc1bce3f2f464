/** What two people wrote into the same words at once: both stand, whoever comes by chooses.
 *
 * The server's conflicts stand with the item until one of their lines is gone or someone says that
 * they may stay. Notes are of this page alone: what the rebase put back under who types (rebase.js).
 */

import { h } from "./dom.js";
import { linesOf } from "./lines.js";
import { noticesOf, setNotices } from "./marks.js";
import { Failure } from "./server.js";
import { t } from "./strings.js";
import { dayAndTime } from "./when.js";

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
function choose(view, line, copy, chosen) {
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
            onclick: async () => {
              if ((await act?.()) !== false) close();
            },
          },
          label,
        ),
      ),
    ),
  );
}

const drop = (view, line) => {
  const { tr } = view.state;
  remove(tr, line);
  view.dispatch(tr);
};

/** The buttons where two texts stand; `mine` is the line with the own text, if one of them is. */
const bothChoices = (view, line, copy, mine, keepBoth) => {
  const keep = (chosen) => () => choose(view, line, copy, chosen);
  const [one, other] = mine
    ? [
        [t("Keep mine"), keep(mine)],
        [t("Keep the other"), keep(mine === line ? copy : line)],
      ]
    : [
        [t("Keep the first"), keep(line)],
        [t("Keep the second"), keep(copy)],
      ];
  return [one, other, [t("Keep both"), keepBoth]];
};

const when = (at) => dayAndTime(new Date(at));

/** Show the conflicts that stand with the item, and those no more that someone has settled.
 *
 * `person` is the name of who sits here; `settle(line)` tells the server, and false where it can't
 * be told. */
export function showConflicts(view, conflicts, { person, settle }) {
  const before = noticesOf(view.state);
  const notices = Object.fromEntries(
    Object.entries(before).filter(([, element]) => !element.dataset.stands),
  );
  for (const { line, copy, kind, by, mine_by: mineBy, at } of conflicts) {
    const place = copy || line;
    if (!find(view.state.doc, place)) continue;
    if (before[place]?.dataset.stands) {
      notices[place] = before[place];
      continue;
    }
    const time = when(at);
    const isMine = mineBy === person;
    const keep = () => settle(place);
    if (kind === "both_changed") {
      const message = !by
        ? t("Two of you changed the same line. Both are kept: choose.")
        : isMine
        ? t("%(name)s changed the same words at the same time (%(time)s). Both are kept: choose.", {
            name: by,
            time,
          })
        : t("%(one)s and %(other)s changed the same words at once (%(time)s). Both are kept: choose.", {
            one: by,
            other: mineBy,
            time,
          });
      const choices = bothChoices(view, line, copy, isMine && copy, keep);
      notices[place] = notice(view, place, message, choices);
    } else {
      const message = by
        ? t(
            "One deleted this line while another changed it: %(one)s and %(other)s, %(time)s. It is kept: choose.",
            { one: by, other: mineBy, time },
          )
        : t("One of you deleted this line while the other changed it. It is kept: choose.");
      notices[place] = notice(view, place, message, [
        [t("Keep the line"), keep],
        [t("Delete the line"), () => drop(view, line)],
      ]);
    }
    notices[place].dataset.stands = "1";
  }
  const isSame =
    Object.keys(notices).length === Object.keys(before).length &&
    Object.entries(notices).every(([place, element]) => before[place] === element);
  if (!isSame) setNotices(view, notices);
}

/** Tell the server that both texts may stay; false where it does not hear. */
export async function settled(server, url, line) {
  try {
    await server.post(url, JSON.stringify({ line }));
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return false;
  }
}

/** Show what the rebase put back under who types. */
export function showNotes(view, notes) {
  const notices = { ...noticesOf(view.state) };
  for (const { line, kind, other } of notes)
    if (kind === "both")
      notices[other] = notice(
        view,
        other,
        t("Two of you changed the same line. Both are kept: choose."),
        bothChoices(view, line, other, line),
      );
    else
      notices[line] = notice(
        view,
        line,
        t("One of you deleted this line while the other changed it. It is kept: choose."),
        [[t("Keep the line")], [t("Delete the line"), () => drop(view, line)]],
      );
  setNotices(view, notices);
}
