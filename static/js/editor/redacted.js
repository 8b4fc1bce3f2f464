/** Something was removed from an item for good while its text was being written in.
 *
 * The person's own unsaved words are shown once, to be copied; the page keeps them nowhere else. */

import { h } from "./dom.js";
import { t } from "./strings.js";

/** Show `lines`, the person's own, under the text of `writer`. */
export function showRedacted(writer, lines) {
  const words = h("textarea", {
    class: "form-control",
    readonly: true,
    rows: Math.min(lines.length + 1, 10),
    lang: writer.section.dataset.language,
    "aria-label": t("Your unsaved text"),
  });
  words.value = lines.join("\n");
  const copy = async ({ target }) => {
    try {
      await navigator.clipboard.writeText(words.value);
      target.textContent = t("Copied");
    } catch {
      words.select();
      target.textContent = t("Select the text and copy it");
    }
  };
  const box = h(
    "div",
    { class: "editor-notice", role: "alert", lang: document.documentElement.lang },
    h(
      "p",
      {},
      t(
        "Something has been removed from this text for good. What you had not saved was left out: copy from it what may stay.",
      ),
    ),
    ...(lines.length
      ? [words, h("button", { type: "button", onclick: copy }, t("Copy the text"))]
      : []),
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          box.remove();
          writer.view.focus();
        },
      },
      lines.length ? t("Discard the text") : t("Close"),
    ),
  );
  writer.notice.after(box);
  box.scrollIntoView({ block: "center" }); // a long text would hide why the words have gone
}
