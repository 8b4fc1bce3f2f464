/** Pasted text made plain: nested lists, links and tables stay what they are, whatever program they
 * come from; all the rest of its dress is dropped.
 *
 * Word and Outlook write list items as paragraphs that say their list and level in a style; Word on
 * the web writes each item as a list of its own; Google Docs puts lists beside the items they belong
 * to, and everything inside a bold that is not bold. A PDF viewer gives lines as they were printed.
 */

import { h } from "./dom.js";
import { MAX_LEVEL, withoutStyles } from "./schema.js";

const BLOCKS = "p, h1, h2, h3, h4, h5, h6, div, ul, ol, li, table, blockquote, pre";
const SIGNS = /^[•·▪▫■□●○◦‣⁃∙§Øoü*–—-]$/;
// A printed line that ends in a hyphen goes on with the word, but not before these: "sosiaali- ja".
const JOINERS = /^(ja|tai|sekä|eli|och|eller|samt|and|or)\b/i;

/** The HTML of the clipboard as the editor takes it in. */
export function cleaned(html) {
  if (html.includes("data-pm-slice")) return withoutStyles(html); // our own: ids and all stay
  const { body } = new DOMParser().parseFromString(withStylesAsData(html), "text/html");
  tidy(body);
  wordLists(body);
  leveledLists(body);
  strayLists(body);
  for (const element of body.querySelectorAll("[data-style]")) {
    const kind = styleOf(element, "list-style-type");
    if (kind && element.matches("ol, ul, li")) element.dataset.list = kind;
    delete element.dataset.style;
  }
  return body.innerHTML;
}

/** The lines of plain text as HTML, or null where it is one line: that goes where the cursor is. */
export function fromText(text) {
  const lines = text
    .replace(/\r\n?/g, "\n")
    .replace(/\u00ad/g, "")
    .split("\n");
  while (lines.length && !lines.at(-1).trim()) lines.pop();
  if (lines.length < 2 && !itemOf(lines[0] ?? "")) return null;
  const box = document.createElement("div");
  const items = [];
  const flush = () => items.length && box.append(...nested(leveled(items.splice(0))));
  for (const line of unwrapped(lines)) {
    const item = itemOf(line);
    if (item) items.push(item);
    else {
      flush();
      if (line.trim()) box.append(h("p", {}, line.trim()));
    }
  }
  flush();
  return box;
}

// A style attribute would offend the page's policy even where it is only read.
const withStylesAsData = (html) =>
  html
    .replace(/<style\b[^]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) =>
      tag
        .replace(/\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "")
        .replace(/\sstyle\s*=/gi, " data-style="),
    );

const styleOf = (element, name) =>
  new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, "i").exec(element.dataset?.style ?? "")?.[1].trim();

const unwrap = (element) => element.replaceWith(...element.childNodes);

function tidy(body) {
  const comments = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (comments.nextNode()) found.push(comments.currentNode);
  for (const comment of found) comment.remove();
  const unwanted = "script, style, meta, link, title, template, img, svg, [hidden], input, button";
  for (const element of body.querySelectorAll(unwanted)) element.remove();
  for (const element of body.querySelectorAll("[data-style]"))
    if (/^none$/i.test(styleOf(element, "display") ?? "")) element.remove();
  for (const element of body.querySelectorAll("*"))
    if (element.localName.includes(":")) unwrap(element); // o:p, st1:place …
  for (const element of body.querySelectorAll("b[data-style]"))
    if (styleOf(element, "font-weight") === "normal") unwrap(element);
  for (const link of body.querySelectorAll("a[href]")) link.setAttribute("href", straight(link));
  // The text of a link to another place of the same document is just text.
  for (const link of body.querySelectorAll('a:not([href]), a[href^="#"], a[href^="file:"]')) unwrap(link);
  for (const block of body.querySelectorAll("p"))
    if (!block.textContent.trim() && !block.querySelector("br")) block.remove();
}

/** The address that a mail program or a search engine has wrapped into its own. */
function straight(link) {
  const href = link.getAttribute("href");
  let url;
  try {
    url = new URL(href);
  } catch {
    return href;
  }
  const inner = /(^|\.)safelinks\.protection\.outlook\.com$/.test(url.hostname)
    ? url.searchParams.get("url")
    : /(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url"
      ? (url.searchParams.get("q") ?? url.searchParams.get("url"))
      : null;
  return inner && /^(https?|mailto):/i.test(inner) ? inner : href;
}

// -- Items that know their level ------------------------------------------------------------------

/** Lists out of items [{level, kind, start, content}], in order; the first may begin anywhere. */
function nested(items) {
  const roots = [];
  const open = []; // the lists around the next item, outermost first: {level, list, key}
  for (const { level, kind, start, key, content } of items) {
    while (open.length && open.at(-1).level > level) open.pop();
    if (open.at(-1)?.level === level && open.at(-1).key !== (key ?? kind)) open.pop();
    if (open.at(-1)?.level !== level) {
      const list = kind === "ul" ? h("ul") : h("ol", { type: kind, start: start > 1 ? start : null });
      const holder = open.at(-1)?.list.lastElementChild;
      if (holder) holder.append(list);
      else roots.push(list);
      open.push({ level, list, key: key ?? kind });
    }
    const item = h("li");
    item.append(...content);
    open.at(-1).list.append(item);
  }
  return roots;
}

/** What a printed marker says: {kind, start}, or null. `before`: the kind of the item above. */
function marker(sign, before) {
  const bare = sign.replace(/[\s\u00a0]/g, "");
  if (!bare) return null;
  if (SIGNS.test(bare) || /[\ue000-\uf8ff]/.test(bare)) return { kind: "ul", start: 1 };
  const [, mark] = /^\(?([0-9]{1,4}|[a-z]{1,4})[.)]$/i.exec(bare) ?? [];
  if (!mark) return null;
  if (/^\d/.test(mark)) return { kind: "1", start: Number(mark) };
  const low = mark.toLowerCase();
  const isRoman = /^[ivx]+$/.test(low) && (low === "i" || low.length > 1 || before === "i");
  if (isRoman && !(before === "a" && low.length === 1)) return { kind: "i", start: 1 };
  return low.length === 1 ? { kind: "a", start: low.charCodeAt(0) - 96 } : null;
}

// -- Word and Outlook -----------------------------------------------------------------------------

const listOf = (element) => /\bl(\d+)\s+level(\d+)\b/i.exec(styleOf(element, "mso-list") ?? "");

function wordLists(body) {
  const isItem = (element) => element?.matches?.("p, h1, h2, h3, h4, h5, h6, div") && listOf(element);
  for (const first of [...body.querySelectorAll("[data-style*='mso-list']")]) {
    if (!first.isConnected || !isItem(first) || first.dataset.taken) continue;
    const run = [];
    for (let one = first; isItem(one); one = one.nextElementSibling) run.push(one);
    const before = {};
    const items = run.map((element) => {
      element.dataset.taken = "1";
      const [, list, level] = listOf(element);
      const sign = [...element.querySelectorAll("[data-style]")].find((span) =>
        /ignore/i.test(styleOf(span, "mso-list") ?? ""),
      );
      const said = marker(sign?.textContent ?? "•", before[level]) ?? { kind: "ul", start: 1 };
      sign?.remove();
      before[level] = said.kind;
      for (const deeper of Object.keys(before)) if (deeper > level) delete before[deeper];
      const line = h("p");
      line.append(...element.childNodes);
      trimStart(line);
      return { level: Math.min(Number(level), MAX_LEVEL), ...said, key: `${list} ${said.kind}`, content: [line] };
    });
    first.before(...nested(items));
    for (const element of run) element.remove();
  }
}

/** Drop the white space that stood between a marker and the text. */
function trimStart(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    walker.currentNode.data = walker.currentNode.data.replace(/^[\s\u00a0]+/, "");
    if (walker.currentNode.data) return;
  }
}

// -- Word on the web, Google Docs -----------------------------------------------------------------

const levelOf = (item) =>
  Number(item.getAttribute("aria-level") ?? item.getAttribute("data-aria-level")) || 0;

/** Lists that stand one after another, each item saying how deep it is, become one nested list. */
function leveledLists(body) {
  const isList = (node) =>
    node?.matches?.("ul, ol") && node.children.length && [...node.children].every((li) => levelOf(li));
  const wrapper = (list) => {
    let outer = list;
    while (outer.parentElement !== body && outer.parentElement.matches("div") && outer.parentElement.children.length === 1)
      outer = outer.parentElement;
    return outer;
  };
  for (const first of [...body.querySelectorAll("ul, ol")]) {
    if (!first.isConnected || !isList(first) || first.querySelector("ul, ol")) continue;
    if (first.parentElement.closest("ul, ol, li")) continue;
    const run = [];
    for (let outer = wrapper(first); outer; outer = outer.nextElementSibling) {
      const list = outer.matches("ul, ol") ? outer : outer.querySelector("ul, ol");
      if (!isList(list) || wrapper(list) !== outer || list.querySelector("ul, ol")) break;
      run.push([outer, list]);
    }
    if (run.length < 2 && levelOf(first.firstElementChild) === 1) continue;
    const items = run.flatMap(([, list]) =>
      [...list.children].map((item) => ({
        level: Math.min(levelOf(item), MAX_LEVEL),
        kind: list.matches("ul") ? "ul" : kindOf(list),
        start: Number(list.getAttribute("start")) || 1,
        content: [...item.childNodes],
      })),
    );
    run[0][0].before(...nested(items));
    for (const [outer] of run) outer.remove();
  }
}

function kindOf(list) {
  const style = styleOf(list, "list-style-type") ?? styleOf(list.firstElementChild, "list-style-type") ?? "";
  const given = list.getAttribute("type")?.toLowerCase();
  if (["1", "a", "i"].includes(given)) return given;
  if (/alpha|latin/.test(style)) return "a";
  return /roman/.test(style) ? "i" : "1";
}

/** A list that stands in a list belongs to the item before it. */
function strayLists(body) {
  for (const list of body.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol")) {
    const before = list.previousElementSibling;
    if (before?.matches("li")) before.append(list);
    else list.replaceWith(h("li", {}, list));
  }
  // Text beside the blocks of an item is a line of its own.
  for (const item of body.querySelectorAll("li")) {
    if (![...item.children].some((child) => child.matches(BLOCKS))) continue;
    let line = null;
    for (const node of [...item.childNodes]) {
      if (node.matches?.(BLOCKS)) line = null;
      else if (line || node.textContent.trim()) {
        if (!line) {
          line = h("p");
          node.before(line);
        }
        line.append(node);
      }
    }
  }
}

// -- Plain text -----------------------------------------------------------------------------------

/** A line that begins as an item of a list does: {indent, sign, content}. */
function itemOf(line) {
  const [, indent, sign, rest] =
    /^([ \t\u00a0]*)([•·▪▫■□●○◦‣⁃∙*–-]|o(?=[\t\u00a0])|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)])[ \t\u00a0]+(\S.*)$/.exec(line) ?? [];
  if (!sign || !marker(sign)) return null;
  return {
    indent: indent.replace(/\t/g, "    ").length,
    sign,
    content: [h("p", {}, rest.trim())],
  };
}

/** Levels out of indents; where nothing is indented, out of another kind of marker within a list. */
function leveled(items) {
  const open = []; // {indent, family}
  const family = (sign) => (/^[\d(]|^[a-z]+[.)]$/i.test(sign) ? sign.replace(/\w+/, "") : sign);
  const before = [];
  const isFlat = items.every((item) => item.indent === items[0].indent);
  return items.map(({ indent, sign, content }) => {
    const depth = before.length;
    const said = marker(sign, before[open.length - 1]);
    const own = `${said.kind}${said.kind === "ul" ? family(sign) : ""}`;
    if (isFlat) {
      const at = open.findIndex((one) => one.own === own);
      if (at >= 0) open.length = at + 1;
      else open.push({ own });
    } else {
      while (open.length && open.at(-1).indent > indent) open.pop();
      if (!open.length || open.at(-1).indent < indent) open.push({ indent });
    }
    before.length = Math.min(depth, open.length);
    before[open.length - 1] = said.kind;
    return { level: Math.min(open.length, MAX_LEVEL), ...said, content };
  });
}

/** Lines that a printer or a mail program broke, whole again. */
function unwrapped(lines) {
  const widths = lines.map((line) => line.trim().length).filter(Boolean);
  const widest = Math.max(...widths);
  const isPrinted = widest >= 50 && widest <= 130;
  const out = [];
  for (const line of lines) {
    const last = out.at(-1);
    const text = line.trim();
    const goesOn =
      isPrinted &&
      last?.trim() &&
      text &&
      !itemOf(line) &&
      (/\p{L}-$/u.test(last) ||
        (/^[\p{Ll}\d(]/u.test(text) &&
          last.trim().length >= widest * 0.6 &&
          !/[.!?:;]$/.test(last)));
    const whole = () => {
      if (!/\p{L}-$/u.test(last) || JOINERS.test(text)) return `${last} ${text}`;
      // The hyphen of a name stays: "Länsi-Uusimaa".
      return (/^\p{Lu}/u.test(text) ? last : last.slice(0, -1)) + text;
    };
    if (goesOn) out[out.length - 1] = whole();
    else out.push(line.replace(/\s+$/, ""));
  }
  return out;
}
