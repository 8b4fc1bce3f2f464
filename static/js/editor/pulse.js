/** How the meeting stands, asked all the time: others' texts come in, and who else is here shows.
 *
 * One small question for the whole page. What it says has changed is fetched then: an item's text by
 * its writer, or for an item where nobody writes here, by the page. A question that gets no answer is
 * the first sign of a lost network or login, whether there is anything unsaved or not.
 */

import { h } from "./dom.js";
import { Failure } from "./server.js";
import { t } from "./strings.js";

const EVERY = 1500; // ms

const initials = (others) =>
  others.map((other) =>
    h(
      "li",
      { title: other.name },
      h("span", { "aria-hidden": "true" }, other.initials),
      h("span", { class: "visually-hidden" }, other.name),
    ),
  );

/** Show who else is here in the list `holder`; nothing is touched where it says that already. */
function show(holder, others) {
  const key = others.map((other) => `${other.key} ${other.name}`).join();
  if ((holder.dataset.key ?? "") === key) return;
  holder.dataset.key = key;
  holder.hidden = !others.length;
  holder.replaceChildren(...initials(others));
}

export class Pulse {
  /** `page` is that of index.js. */
  constructor(root, page) {
    Object.assign(this, { root, page });
    this.failure = null;
    this.agenda = null;
    this.isOpen = true;
    this.beat();
  }

  /** Ask now and from then on, as long as the page can be seen. */
  async beat() {
    clearTimeout(this.timer);
    if (this.isAsking || document.hidden) return;
    this.isAsking = true;
    try {
      await this.ask();
    } finally {
      this.isAsking = false;
      if (this.isOpen && !document.hidden) this.timer = setTimeout(() => this.beat(), EVERY);
    }
  }

  async ask() {
    const { server, active } = this.page;
    const item = Number(active?.section.dataset.item) || null;
    let answer;
    try {
      const body = JSON.stringify({ tab: (await this.page.opening).tab, item });
      answer = await server.post(this.root.dataset.pulseUrl, body);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.kind === "csrf") return this.page.renew();
      if (error.kind === "restarting") return;
      this.fail(["login", "closed"].includes(error.kind) ? error : new Failure("offline"));
      return;
    }
    this.fail(null);
    if (this.agenda !== null && answer.agenda !== this.agenda)
      this.root.dispatchEvent(new Event("meeting:changed"));
    this.agenda = answer.agenda;
    this.showOthers(answer.others);
    if (!answer.open && this.isOpen) {
      this.isOpen = false;
      this.root.dispatchEvent(new Event("meeting:closed"));
    }
    await Promise.all(
      [...this.root.querySelectorAll("section[data-item]")].map((section) => {
        const revision = answer.revisions[section.dataset.item];
        if (!(revision > this.page.revisionOf(section))) return null;
        return section.writer ? section.writer.autosave.follow() : this.page.refresh(section);
      }),
    );
  }

  /** The connection is lost, the login has expired, or all is well again. */
  fail(failure) {
    if ((this.failure?.kind ?? "") === (failure?.kind ?? "")) return;
    this.failure = failure;
    this.page.changed();
    if (!failure) this.page.retry();
  }

  showOthers(others) {
    const everyone = this.root.querySelector("[data-presence]");
    if (everyone) show(everyone, others);
    for (const section of this.root.querySelectorAll("section[data-item]")) {
      const here = others.filter((other) => other.item === Number(section.dataset.item));
      let holder = section.querySelector("[data-head] .presence");
      if (!holder) {
        if (!here.length) continue;
        holder = h("ul", { class: "presence", "aria-label": t("Also here") });
        const head = section.querySelector("[data-head]");
        head.insertBefore(holder, head.querySelector(".item-more"));
      }
      show(holder, here);
    }
  }
}
