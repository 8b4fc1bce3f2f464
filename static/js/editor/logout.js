/** At logout nothing that was typed stays in this browser: what is unsaved is sent first.
 *
 * Every page has this; only a page with an editor has anything to send. */

export const PREFIX = "yhteispoyta:draft:";

/** Remove every draft of everybody from this browser. */
function clear() {
  for (const key of Object.keys(localStorage))
    if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-logout]")) return;
  const page = window.yhteispoyta;
  if (!page?.isDirty) return clear();
  event.preventDefault();
  if (
    (await page.flush()) ||
    confirm(window.gettext("Some text could not be saved. Log out and lose it?"))
  ) {
    page.stop();
    clear();
    form.submit();
  }
});
