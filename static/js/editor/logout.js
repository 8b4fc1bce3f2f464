/** At logout nothing that was typed stays in this browser: what is unsaved is sent first. */

import { clearAll } from "./drafts.js";
import { t } from "./strings.js";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-logout]")) return;
  const page = window.yhteispoyta;
  if (!page?.isDirty) return clearAll();
  event.preventDefault();
  if (
    (await page.flush()) ||
    window.confirm(t("Some text could not be saved. Log out and lose it?"))
  ) {
    clearAll();
    form.submit();
  }
});
