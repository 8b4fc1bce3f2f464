/** The little form under a marked line: who is responsible, for whom, by when. */

import { FIELDS, kindName } from "./display.js";
import { h, uniqueId } from "./dom.js";
import { PartyPicker } from "./parties.js";
import { t } from "./strings.js";
import { WhenField } from "./whenfield.js";

const fieldNames = () => ({
  owners: t("Responsible"),
  recipient: t("Recipient"),
  due: t("Due"),
  effective: t("Effective from"),
});

/** One form for one line. `onChange(marks)` is called with every change made in it. */
export class MarkForm {
  constructor({ parties, onChange, onEscape }) {
    Object.assign(this, { parties, onChange, marks: [], fields: new Map() });
    this.element = h("div", {
      class: "mark-form",
      contenteditable: "false",
      role: "group",
      lang: document.documentElement.lang,
      onkeydown: (event) => {
        if (event.key === "Escape" && !event.defaultPrevented) {
          event.preventDefault();
          onEscape();
        }
      },
    });
  }

  /** Show these marks; what a person is just filling in keeps its focus. */
  show(marks, text) {
    if (text !== undefined)
      this.element.setAttribute(
        "aria-label",
        t("Marks of the line “%(text)s”", { text: text.slice(0, 60) }),
      );
    const kinds = marks.map((mark) => mark.kind).join();
    this.marks = marks;
    if (kinds !== this.kinds) {
      this.kinds = kinds;
      this.fields.clear();
      this.element.replaceChildren(...marks.map((mark) => this.row(mark)));
    }
    for (const mark of marks)
      for (const name of FIELDS[mark.kind])
        this.fields.get(`${mark.kind}.${name}`).value = mark[name];
  }

  row(mark) {
    const name = kindName(mark.kind);
    const removal = t("Remove the mark: %(kind)s", { kind: name });
    return h(
      "div",
      { class: "mark-row", role: "group", "aria-label": name },
      h("span", { class: "mark-kind", "aria-hidden": "true" }, name),
      ...FIELDS[mark.kind].map((field) => this.field(mark.kind, field)),
      h(
        "button",
        {
          type: "button",
          class: "mark-remove",
          "aria-label": removal,
          title: removal,
          onclick: () => this.onChange(this.marks.filter((other) => other.kind !== mark.kind)),
        },
        "×",
      ),
    );
  }

  field(kind, name) {
    const id = uniqueId("field");
    const label = fieldNames()[name];
    const change = (value) =>
      this.onChange(
        this.marks.map((mark) => (mark.kind === kind ? { ...mark, [name]: value } : mark)),
      );
    const isParty = name === "owners" || name === "recipient";
    const field = isParty
      ? new PartyPicker({
          id,
          label,
          parties: this.parties,
          several: name === "owners",
          onChange: change,
        })
      : new WhenField({ id, label, onChange: change, isDue: name === "due" });
    this.fields.set(`${kind}.${name}`, field);
    return h(
      "div",
      { class: `mark-field mark-field-${name}` },
      h("label", { for: id }, label),
      field.element,
    );
  }
}
