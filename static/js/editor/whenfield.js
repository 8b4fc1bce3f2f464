/** A field for a due or effective date: a day, or as vague as it was said. */

import { h } from "./dom.js";
import { t } from "./strings.js";
import { SEASONS, kindOf, label, monthName, parseDay, seasonName } from "./when.js";

const kindNames = () => ({
  "": t("no due date"),
  day: t("day"),
  month: t("month"),
  season: t("season"),
  next_meeting: t("next meeting"),
  before_next_meeting: t("before the next meeting"),
});

/** `value` is a code of core/vague.py; `onChange(code)` is called when a person sets another. */
export class WhenField {
  constructor({ id, label: name, onChange, isDue }) {
    this.name = name;
    this.onChange = onChange;
    const kinds = { ...kindNames(), ...(isDue ? {} : { "": t("no date") }) };
    this.kind = h(
      "select",
      { id, onchange: () => this.pickKind() },
      ...Object.entries(kinds)
        .filter(([kind]) => isDue || !kind.endsWith("next_meeting"))
        .map(([kind, text]) => h("option", { value: kind }, text)),
    );
    this.details = h("span", { class: "when-details" });
    this.element = h("span", { class: "when" }, this.kind, this.details);
    this.code = "";
    this.draw();
  }

  set value(code) {
    if ((code || "") === this.code) return;
    this.code = code || "";
    this.draw();
  }

  draw() {
    this.kind.value = kindOf(this.code);
    this.drawDetails();
  }

  change(code) {
    if (code === this.code) return;
    this.code = code;
    this.onChange(code);
  }

  pickKind() {
    const kind = this.kind.value;
    const now = new Date();
    if (kind === "month")
      this.change(`${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}`);
    else if (kind === "season")
      this.change(`${now.getFullYear()}-${SEASONS[Math.floor(now.getMonth() / 3) % 4]}`);
    else if (kind !== "day") this.change(kind);
    this.drawDetails();
    this.details.querySelector("input, select")?.focus();
  }

  drawDetails() {
    const kind = this.kind.value;
    const make = { day: () => this.day(), month: () => this.month(), season: () => this.season() }[
      kind
    ];
    this.details.replaceChildren(...(make ? make() : []));
  }

  day() {
    const error = h("span", { class: "when-error", role: "alert" });
    const text = h("input", {
      type: "text",
      size: 11,
      inputmode: "text",
      autocomplete: "off",
      placeholder: "3.12.2024",
      "aria-label": t("%(field)s, day", { field: this.name }),
      value: kindOf(this.code) === "day" ? label(this.code) : null,
      oninput: () => {
        const code = /\d{4}\s*$|^\d{4}-/.test(text.value) && parseDay(text.value);
        if (code) this.change(code);
      },
      onchange: () => {
        const code = text.value.trim() ? parseDay(text.value) : "";
        text.setAttribute("aria-invalid", String(code === null));
        error.textContent = code === null ? t("Write the day as 3.12.2024") : "";
        if (code === null) return;
        if (code) text.value = label(code);
        this.change(code);
      },
    });
    const native = h("input", {
      type: "date",
      class: "when-native",
      tabindex: "-1",
      "aria-hidden": "true",
      onchange: () => {
        text.value = native.value ? label(native.value) : "";
        text.dispatchEvent(new Event("change"));
      },
    });
    const calendar = h(
      "button",
      {
        type: "button",
        class: "when-calendar",
        "aria-label": t("Pick from a calendar"),
        title: t("Pick from a calendar"),
        onclick: () => {
          native.value = kindOf(this.code) === "day" ? this.code : "";
          native.showPicker?.();
        },
      },
      "▾",
    );
    return [text, calendar, native, error];
  }

  year(code, build) {
    return h("input", {
      type: "number",
      class: "when-year",
      min: "1990",
      max: "2100",
      value: code.slice(0, 4),
      "aria-label": t("%(field)s, year", { field: this.name }),
      oninput: (event) => {
        const year = Number(event.target.value);
        if (year >= 1990 && year <= 2100) this.change(build(year));
      },
    });
  }

  month() {
    const select = h(
      "select",
      {
        "aria-label": t("%(field)s, month", { field: this.name }),
        onchange: () => this.change(`${this.code.slice(0, 4)}-${select.value}`),
      },
      ...Array.from({ length: 12 }, (_, i) =>
        h("option", { value: String(i + 1).padStart(2, "0") }, monthName(i + 1)),
      ),
    );
    select.value = this.code.slice(5);
    return [select, this.year(this.code, (year) => `${year}-${this.code.slice(5)}`)];
  }

  season() {
    const select = h(
      "select",
      {
        "aria-label": t("%(field)s, season", { field: this.name }),
        onchange: () => this.change(`${this.code.slice(0, 4)}-${select.value}`),
      },
      ...SEASONS.map((season) => h("option", { value: season }, seasonName(season))),
    );
    select.value = this.code.slice(5);
    return [select, this.year(this.code, (year) => `${year}-${this.code.slice(5)}`)];
  }
}
