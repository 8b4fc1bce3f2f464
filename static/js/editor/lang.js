/** The language of single lines: a part in the other language carries its own (fi, sv, en). */

import { h } from "./dom.js";
import { selectedLines } from "./lines.js";
import { LANGUAGES } from "./schema.js";
import { t } from "./strings.js";

const names = () => ({ fi: t("Finnish"), sv: t("Swedish"), en: t("English") });

/** Set the language of the selected lines; that of the item itself is not written. */
export function setLanguage(view, lang, itemLanguage) {
  const { tr } = view.state;
  for (const { node, pos } of selectedLines(view.state)) {
    const value = lang === itemLanguage ? null : lang;
    if (node.attrs.lang !== value) tr.setNodeAttribute(pos, "lang", value);
  }
  if (tr.docChanged) view.dispatch(tr);
}

/** The language of the line that the cursor is in. */
export const languageOf = (state, itemLanguage) =>
  selectedLines(state)[0]?.node.attrs.lang ?? itemLanguage;

/** The toolbar's control; `update(state)` shows where the cursor is. */
export function languageControl(view, itemLanguage) {
  const element = h(
    "select",
    {
      class: "tool tool-language",
      "aria-label": t("Language of the line"),
      title: t("Language of the line"),
      onchange: () => {
        setLanguage(view, element.value, itemLanguage);
        view.focus();
      },
    },
    ...LANGUAGES.map((code) => h("option", { value: code }, names()[code])),
  );
  return { element, update: (state) => (element.value = languageOf(state, itemLanguage)) };
}
