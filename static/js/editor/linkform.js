/** The address of a link, asked for in a line of the toolbar. */

import { h, uniqueId } from "./dom.js";
import { isAllowedHref } from "./schema.js";
import { t } from "./strings.js";

/** What someone typed as an address that a link may have; empty where it can't be one. */
function address(typed) {
  const text = typed.trim();
  if (isAllowedHref(text)) return text;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  return /^[\p{L}\d-]+(\.[\p{L}\d-]+)+(:\d+)?([/?#]\S*)?$/u.test(text) ? `https://${text}` : "";
}

export class LinkForm {
  constructor(editor) {
    this.editor = editor;
    const id = uniqueId("link");
    this.input = h("input", {
      id,
      type: "text",
      inputmode: "url",
      autocomplete: "off",
      "aria-describedby": `${id}-error`,
      onkeydown: (event) => {
        if (event.key === "Enter") this.save();
        else if (event.key === "Escape") this.close();
        else return;
        event.preventDefault();
      },
    });
    this.error = h("span", { id: `${id}-error`, class: "link-error", role: "alert" });
    this.removal = h(
      "button",
      { type: "button", class: "tool", onclick: () => this.remove() },
      t("Remove the link"),
    );
    this.element = h(
      "div",
      { class: "link-form", role: "group", "aria-label": t("Link"), hidden: true },
      h("label", { for: id }, t("Address of the link")),
      this.input,
      h("button", { type: "button", class: "tool", onclick: () => this.save() }, t("Set the link")),
      this.removal,
      h("button", { type: "button", class: "tool", onclick: () => this.close() }, t("Cancel")),
      this.error,
    );
  }

  open() {
    this.element.hidden = false;
    this.error.textContent = "";
    this.input.removeAttribute("aria-invalid");
    this.input.value = this.editor.getAttributes("link").href ?? "";
    this.removal.hidden = !this.editor.isActive("link");
    this.input.focus();
    this.input.select();
  }

  close() {
    this.element.hidden = true;
    this.editor.view.focus();
  }

  save() {
    const href = address(this.input.value);
    if (!href) {
      this.error.textContent = t("Write a web address or an e-mail address.");
      this.input.setAttribute("aria-invalid", "true");
      this.input.focus();
      return;
    }
    const { empty } = this.editor.state.selection;
    const chain = this.editor.chain().extendMarkRange("link");
    if (empty && !this.editor.isActive("link"))
      chain.insertContent({
        type: "text",
        text: this.input.value.trim(),
        marks: [{ type: "link", attrs: { href } }],
      });
    else chain.setMark("link", { href });
    chain.setMeta("preventAutolink", true).run();
    this.close();
  }

  remove() {
    this.editor
      .chain()
      .extendMarkRange("link")
      .unsetMark("link")
      .setMeta("preventAutolink", true)
      .run();
    this.close();
  }
}
