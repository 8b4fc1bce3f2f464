/** The page's texts in the reader's language, keyed by their English msgid (meetings/editor_strings.py). */

const texts = JSON.parse(document.getElementById("strings")?.textContent || "{}");

// The editor's library asks for its few texts here.
window.gettext ??= (msgid) => texts[msgid] ?? msgid;

/** `msgid` in the reader's language, its named placeholders (`%(name)s`) filled in. */
export function t(msgid, values = {}) {
  const text = texts[msgid] ?? msgid;
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
}

/** The language of the page, not of the meeting. */
export const language = document.documentElement.lang || "fi";
