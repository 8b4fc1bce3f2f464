/** Picking persons, organisations, groups and sets from the directory: a combobox with chips. */

import { h, uniqueId } from "./dom.js";
import { t } from "./strings.js";

const SHOWN = 12; // options at a time; typing narrows them

const typeNames = () => ({
  organisation: t("organisation"),
  person: t("person"),
  group: t("group"),
  set: t("set of organisations"),
});

// Names go into the minutes, so they are in the language of those.
const documentLanguage = () => document.querySelector("[data-workspace]")?.dataset.language;

const fold = (text) => text.toLocaleLowerCase("fi").normalize("NFC").trim();

/** How well an option answers what was typed; 0 is not at all. Inflected forms and aliases count. */
function score({ name, also = [] }, typed) {
  const own = fold(name);
  const others = also.map(fold);
  if (own === typed || others.includes(typed)) return 5;
  if (own.startsWith(typed)) return 4;
  if (own.split(/[\s\-(]+/).some((word) => word.startsWith(typed))) return 3;
  if (others.some((other) => other.startsWith(typed))) return 2;
  return [own, ...others].some((other) => other.includes(typed)) ? 1 : 0;
}

const sameParty = (a, b) => a.type === b.type && String(a.id) === String(b.id);

/** `value` is a list of parties, or with `several: false` one party or null. */
export class PartyPicker {
  constructor({ id, label, parties, several, onChange }) {
    Object.assign(this, { label, parties, several, onChange, chosen: [], shown: [], active: -1 });
    this.list = h("ul", {
      class: "party-options",
      id: uniqueId("options"),
      role: "listbox",
      "aria-label": label,
      hidden: true,
    });
    this.input = h("input", {
      id,
      type: "text",
      role: "combobox",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      oninput: () => this.open(),
      onfocus: () => this.load(),
      onblur: () => this.close(),
      onkeydown: (event) => this.key(event),
      onclick: () => this.open(),
    });
    this.chips = h("span", { class: "party-chips" });
    this.status = h("span", { class: "visually-hidden", role: "status" });
    this.element = h("span", { class: "party" }, this.chips, this.input, this.list, this.status);
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // focus stays
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.shown[Number(option.dataset.index)]);
    });
  }

  set value(value) {
    this.chosen = this.several ? (value ?? []) : value ? [value] : [];
    this.draw();
  }

  draw() {
    this.chips.replaceChildren(
      ...this.chosen.map((party) =>
        h(
          "span",
          { class: "party-chip" },
          h("span", { lang: documentLanguage() }, party.name),
          h(
            "button",
            {
              type: "button",
              "aria-label": t("Remove %(name)s", { name: party.name }),
              onclick: () => {
                this.remove(party);
                this.input.focus();
              },
            },
            "×",
          ),
        ),
      ),
    );
    const names = this.chosen.map((party) => party.name).join(", ");
    this.input.setAttribute("aria-description", names ? t("Chosen: %(names)s", { names }) : "");
    this.input.hidden =
      !this.several && this.chosen.length > 0 && document.activeElement !== this.input;
  }

  async load() {
    if (this.options) return;
    try {
      const { organisations = [], persons = [], groups = [], sets = [] } = await this.parties();
      const typed = (type) => (option) => ({ ...option, type, id: String(option.id) });
      this.options = [
        ...(this.several ? sets.map(typed("set")) : []),
        ...organisations.map(typed("organisation")),
        ...groups.map(typed("group")),
        ...persons.map(typed("person")),
      ];
    } catch {
      this.status.textContent = t("The directory can't be reached just now.");
    }
  }

  async open() {
    await this.load();
    if (!this.options || document.activeElement !== this.input) return;
    const typed = fold(this.input.value);
    const free = this.options.filter(
      (option) => !this.chosen.some((party) => sameParty(party, option)),
    );
    this.shown = typed
      ? free
          .map((option) => ({ option, points: score(option, typed) }))
          .filter(({ points }) => points > 0)
          .sort((a, b) => b.points - a.points || a.option.name.length - b.option.name.length)
          .slice(0, SHOWN)
          .map(({ option }) => option)
      : free.slice(0, SHOWN);
    this.active = typed && this.shown.length ? 0 : -1;
    const names = typeNames();
    this.list.replaceChildren(
      ...this.shown.map((option, index) =>
        h(
          "li",
          {
            id: `${this.list.id}-${index}`,
            role: "option",
            "data-index": index,
            "aria-selected": "false",
          },
          h("span", { class: "party-name", lang: documentLanguage() }, option.name),
          h(
            "span",
            { class: "party-type" },
            option.type === "person" && option.also?.length ? option.also[0] : names[option.type],
          ),
        ),
      ),
    );
    this.status.textContent = this.shown.length ? "" : t("Nothing of that name in the directory.");
    this.list.hidden = !this.shown.length;
    this.list.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.point();
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** Make the active option known to the eye and to a screen reader. */
  point() {
    for (const option of this.list.children)
      option.setAttribute("aria-selected", String(Number(option.dataset.index) === this.active));
    const active = this.list.children[this.active];
    if (!active) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const isOpen = !this.list.hidden;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return this.open();
      const step = key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + step + this.shown.length) % this.shown.length;
      this.point();
    } else if (key === "Enter") {
      event.preventDefault();
      if (isOpen && this.shown[this.active]) this.choose(this.shown[this.active]);
    } else if (key === "Escape" && isOpen) {
      event.preventDefault();
      this.close();
    } else if (key === "Backspace" && !this.input.value && this.chosen.length) {
      event.preventDefault();
      this.remove(this.chosen.at(-1));
    }
  }

  choose({ type, id, name }) {
    const party = { type, id, name };
    this.input.value = "";
    this.close();
    this.set(this.several ? [...this.chosen, party] : [party]);
    this.status.textContent = t("%(name)s was added.", { name });
  }

  remove(party) {
    this.set(this.chosen.filter((other) => !sameParty(other, party)));
    this.status.textContent = t("%(name)s was removed.", { name: party.name });
  }

  set(chosen) {
    this.chosen = chosen;
    this.draw();
    this.onChange(this.several ? chosen : (chosen[0] ?? null));
  }
}
