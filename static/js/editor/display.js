/** How marks look and read beside a line, in the editor and in text that nobody is writing. */

import { h } from "./dom.js";
import { t } from "./strings.js";
import { label as when } from "./when.js";

export const KINDS = ["agreed", "task", "request", "question", "milestone", "awaiting", "joining"];

const isMinutes = () =>
  document.querySelector("[data-workspace]")?.dataset.documentType === "minutes";

const names = () => ({
  agreed: isMinutes() ? t("Decision") : t("Agreed"),
  task: t("Task"),
  request: t("Request"),
  question: t("Open question"),
  milestone: t("Milestone"),
  awaiting: t("Awaiting information"),
  joining: t("Joining"),
});

/** What a kind of mark is called; in minutes with decisions "agreed" is a decision. */
export const kindName = (kind) => names()[kind];

/** The fields that a kind of mark has. */
export const FIELDS = {
  agreed: ["effective"],
  task: ["owners", "recipient", "due"],
  request: ["owners", "recipient", "due"],
  question: [],
  milestone: ["due"],
  awaiting: ["due"],
  joining: ["owners"],
};

/** A mark without anything filled in. */
export function emptyMark(kind) {
  const mark = { kind };
  const empty = { owners: [], recipient: null, due: "", effective: "" };
  for (const field of FIELDS[kind]) mark[field] = empty[field];
  return mark;
}

const labelText = (marks) => marks.map((mark) => kindName(mark.kind)).join(" · ");

function summaryText(marks) {
  const parts = [];
  for (const { owners, recipient, due, effective } of marks) {
    if (effective) parts.push(`${t("Effective from")}: ${when(effective)}`);
    if (owners?.length)
      parts.push(`${t("Responsible")}: ${owners.map((owner) => owner.name).join(", ")}`);
    if (recipient) parts.push(`${t("Recipient")}: ${recipient.name}`);
    if (due) parts.push(`${t("Due")}: ${when(due)}`);
  }
  return parts.join(" · ");
}

/** The quiet label at the right of a marked line; it is read out before the line. */
export const labelElement = (marks) =>
  h(
    "div",
    { class: "mark-label", contenteditable: "false", lang: document.documentElement.lang },
    labelText(marks),
  );

/** Who, for whom and by when, under the line; null where nothing of that is known. */
export function summaryElement(marks) {
  const text = summaryText(marks);
  if (!text) return null;
  return h(
    "div",
    { class: "mark-summary", contenteditable: "false", lang: document.documentElement.lang },
    text,
  );
}

/** The class names of a marked line. */
export const lineClass = (marks) =>
  ["marked", ...marks.map((mark) => `marked-${mark.kind}`)].join(" ");

/** Show the marks in a body that is not being edited. */
export function decorate(body, marks) {
  for (const line of body.querySelectorAll("[data-line]")) {
    const own = marks[line.dataset.line];
    if (!own?.length) continue;
    line.classList.add(...lineClass(own).split(" "));
    line.before(labelElement(own));
    const summary = summaryElement(own);
    if (summary) line.after(summary);
  }
}
