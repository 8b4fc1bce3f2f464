/** Due and effective dates: the codes of core/vague.py, read from what people type and worded. */

import { language, t } from "./strings.js";

export const SEASONS = ["spring", "summer", "autumn", "winter"];

const seasonNames = () => ({
  spring: t("spring"),
  summer: t("summer"),
  autumn: t("autumn"),
  winter: t("winter"),
});

/** The month's name as it stands alone: tammikuu. */
export const monthName = (month) =>
  new Intl.DateTimeFormat(language, { month: "long" }).format(new Date(2024, month - 1, 15));

const MONTHS = Array.from({ length: 12 }, (_, i) => i + 1);

export const seasonName = (season) => seasonNames()[season];

const AREA = { timeZone: "Europe/Helsinki" };
const DAY = new Intl.DateTimeFormat("sv-SE", { ...AREA, dateStyle: "short" });
const CLOCK = new Intl.DateTimeFormat("fi", { ...AREA, hour: "numeric", minute: "2-digit" });

/** The moment's time of day in Finland, wherever the browser is: 17.05, in English 17:05. */
export const clock = (moment) =>
  language === "en" ? CLOCK.format(moment).replace(".", ":") : CLOCK.format(moment);

/** The moment's day in Finland and its time: 24.11.2026 klo 17.05. */
export const dayAndTime = (moment) =>
  t("%(day)s at %(time)s", { day: label(DAY.format(moment)), time: clock(moment) });

/** What sort of a code it is: "", day, month, season, next_meeting or before_next_meeting. */
export function kindOf(code) {
  if (!code || code.endsWith("next_meeting")) return code || "";
  if (SEASONS.includes(code.slice(5))) return "season";
  return code.length === 7 ? "month" : "day";
}

/** The code in words: 3.12.2024, tammikuu 2025, ennen seuraavaa kokousta. */
export function label(code) {
  const kind = kindOf(code);
  if (kind === "next_meeting") return t("next meeting");
  if (kind === "before_next_meeting") return t("before the next meeting");
  if (kind === "season") return `${seasonName(code.slice(5))} ${code.slice(0, 4)}`;
  if (kind === "month") return `${monthName(Number(code.slice(5)))} ${code.slice(0, 4)}`;
  if (kind === "day") {
    const [year, month, day] = code.split("-").map(Number);
    return language === "en" ? `${day} ${monthName(month)} ${year}` : `${day}.${month}.${year}`;
  }
  return "";
}

/** A day as one types it (3.12.2024, 3.12., 2024-12-03, 3 December 2024) as a code; null where it is no day. */
export function parseDay(typed, today = new Date()) {
  const text = typed.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const local = /^(\d{1,2})\s*[./]\s*(\d{1,2})\s*[./]?\s*(\d{4}|\d{2})?$/.exec(text);
  const named = /^(\d{1,2})\s+(\p{L}+)\s+(\d{4})$/u.exec(text); // as `label` writes it in English
  if (named) {
    const month = MONTHS.findIndex((n) => monthName(n).toLowerCase() === named[2].toLowerCase());
    return month < 0 ? null : parseDay(`${named[1]}.${month + 1}.${named[3]}`);
  }
  if (!iso && !local) return null;
  let [year, month, day] = iso
    ? iso.slice(1).map(Number)
    : [local[3], local[2], local[1]].map(Number);
  if (local && !local[3]) {
    year = today.getFullYear();
    if (new Date(year, month - 1, day + 1) < today) year += 1; // the next one of that name
  } else if (year < 100) year += 2000;
  const date = new Date(year, month - 1, day);
  if (date.getMonth() !== month - 1 || date.getDate() !== day) return null;
  return [year, String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}
