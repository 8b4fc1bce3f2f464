/** How far saving is, in words, for the whole page: the gravest of what the items say. */

import { h } from "./dom.js";
import { t } from "./strings.js";
import { clock } from "./when.js";

const ORDER = ["closed", "refused", "login", "offline", "unsaved", "saving", "saved"];

/** Where to log in, without being sent to the address that saves. */
export const loginLink = (url) =>
  h(
    "a",
    { href: new URL(url || "/", location.href).pathname, target: "_blank", rel: "opener" },
    t("Log in in a new tab"),
  );

function words(state, savers, failure) {
  const of = (name) => savers.filter((saver) => saver.state === name);
  if (state === "saved") {
    const times = of("saved")
      .map((saver) => saver.savedAt)
      .filter(Boolean);
    return times.length ? [t("Saved %(time)s", { time: clock(new Date(Math.max(...times))) })] : [];
  }
  const kept = savers.every((saver) => saver.isKept !== false);
  return {
    unsaved: () => [t("Unsaved")],
    saving: () => [t("Saving…")],
    offline: () => [
      kept
        ? t("No connection: the text is kept in this browser")
        : t("No connection, and this browser has no room to keep the text: do not close the page"),
    ],
    login: () => [
      t("Your login has expired; the text is kept in this browser."),
      " ",
      loginLink((of("login")[0]?.failure ?? failure).url),
    ],
    refused: () => [t("Not saved: see the message in the text")],
    closed: () => [t("Not saved: see the message in the text")],
  }[state]();
}

/** Show in `element` how the saving of all `savers` goes; `failure`: what the page's pulse met. */
export function showSaveState(element, savers, failure) {
  if (!element) return;
  const isSaid = (name) =>
    savers.some((saver) => saver.state === name) || failure?.kind === name;
  const state = ORDER.find(isSaid);
  if (!state) {
    if (["offline", "login"].includes(element.dataset.saveState)) {
      element.replaceChildren();
      element.dataset.saveState = "";
    }
    return;
  }
  const content = words(state, savers, failure);
  const text = content.map((part) => part.textContent ?? part).join("");
  if (element.textContent === text && element.dataset.saveState === state) return;
  // What goes on all the time is there to be seen; only trouble is spoken.
  element.setAttribute(
    "aria-live",
    ["saved", "saving", "unsaved"].includes(state) ? "off" : "polite",
  );
  element.dataset.saveState = state;
  element.replaceChildren(...content);
}
