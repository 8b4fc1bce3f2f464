/** What a body may hold. The server's allow list (core/richtext/schema.py) is the same; a test on
 * the real page compares the two through `describe`. */

import {
  Bold,
  BulletList,
  Document,
  Extension,
  Gapcursor,
  HardBreak,
  Italic,
  Link,
  ListItem,
  OrderedList,
  Paragraph,
  Table,
  TableCell,
  TableHeader,
  TableRow,
  Text,
  UndoRedo,
  getSchema,
  pm,
  wrappingInputRule,
} from "django-prose-editor/editor";

export const LANGUAGES = ["fi", "sv", "en"];
export const MAX_LEVEL = 5;
const LIST_TYPES = ["1", "a", "i"];
const LINE_ID = /^[a-z2-7]{14,15}$/;
const HREF = /^(?:https?|mailto):\S+$/i;

export const isAllowedHref = (href) => HREF.test(href || "");

const plain = { addInputRules: () => [], addPasteRules: () => [] };

const Line = Paragraph.extend({
  addAttributes: () => ({
    line: {
      default: null,
      keepOnSplit: false,
      parseHTML: (element) => {
        const id = element.getAttribute("data-line");
        return LINE_ID.test(id) ? id : null;
      },
      renderHTML: ({ line }) => (line ? { "data-line": line } : {}),
    },
    lang: {
      default: null,
      parseHTML: (element) => {
        const lang = element.getAttribute("lang");
        return LANGUAGES.includes(lang) ? lang : null;
      },
      renderHTML: ({ lang }) => (lang ? { lang } : {}),
    },
  }),
  // Headings and the like of pasted text become lines; so does their text elsewhere.
  parseHTML: () => ["p", "h1", "h2", "h3", "h4", "h5", "h6"].map((tag) => ({ tag })),
});

/** Pasted text without styles and handlers, which would break the page's policy. Of a style only a
 * list's kind is wanted. */
export const withoutStyles = (html) =>
  html.replace(/<style\b[^]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) =>
    tag.replace(/\s(style|on\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, (_, _name, value) => {
      const kind = /list-style-type:\s*([a-z-]+)/i.exec(value);
      return kind ? ` data-list="${kind[1]}"` : "";
    }),
  );

const typed = (element) => {
  const given = element.getAttribute("type")?.toLowerCase();
  if (LIST_TYPES.includes(given)) return given;
  const style = element.dataset.list ?? element.querySelector("li")?.dataset.list;
  if (/alpha|latin/.test(style)) return "a";
  return /roman/.test(style) ? "i" : "1";
};

const NumberedList = OrderedList.extend({
  addAttributes: () => ({
    type: {
      default: "1",
      parseHTML: typed,
      renderHTML: ({ type }) => (type === "1" ? {} : { type }),
    },
    start: {
      default: 1,
      parseHTML: (element) =>
        Math.min(Math.max(parseInt(element.getAttribute("start")) || 1, 1), 9999),
      renderHTML: ({ start }) => (start === 1 ? {} : { start }),
    },
  }),
  renderHTML: ({ HTMLAttributes }) => ["ol", HTMLAttributes, 0],
  addNodeView: () => null, // upstream's sets its own markers
  addCommands: () => ({}),
  addKeyboardShortcuts: () => ({}),
  addInputRules() {
    return [
      wrappingInputRule({
        find: /^(\d{1,3}|a|i)[.)]\s$/,
        type: this.type,
        getAttributes: ([, sign]) =>
          sign === "a" || sign === "i" ? { type: sign } : { start: Number(sign) || 1 },
        joinPredicate: ([, sign], list) =>
          list.attrs.type === "1" && list.childCount + list.attrs.start === Number(sign),
      }),
    ];
  },
});

const Bullets = BulletList.extend({ addCommands: () => ({}), addKeyboardShortcuts: () => ({}) });

// Keys of lists are ours (lists.js); upstream's would nest too deep.
const Item = ListItem.extend({
  addKeyboardShortcuts() {
    return { Enter: () => this.editor.commands.splitListItem(this.name) };
  },
});

const span = (name) => ({
  default: 1,
  parseHTML: (element) => Math.min(Math.max(parseInt(element.getAttribute(name)) || 1, 1), 99),
  renderHTML: (attributes) => (attributes[name] === 1 ? {} : { [name]: attributes[name] }),
});
const CELL_CONTENT = "(paragraph | bulletList | orderedList)+";

const Cell = TableCell.extend({
  content: CELL_CONTENT,
  addAttributes: () => ({ colspan: span("colspan"), rowspan: span("rowspan") }),
});

const HeaderCell = TableHeader.extend({
  content: CELL_CONTENT,
  addAttributes: () => ({
    colspan: span("colspan"),
    rowspan: span("rowspan"),
    scope: {
      default: null,
      parseHTML: (element) => {
        const scope = element.getAttribute("scope");
        return ["col", "row"].includes(scope) ? scope : null;
      },
      renderHTML: ({ scope }) => (scope ? { scope } : {}),
    },
  }),
});

const PlainTable = Table.extend({
  addNodeView: () => null, // upstream's writes style attributes
  renderHTML: () => ["table", ["tbody", 0]],
  addMenuItems: () => {},
});

const Address = Link.extend({
  addAttributes: () => ({
    href: {
      default: null,
      parseHTML: (element) => element.getAttribute("href")?.replace(/\s+/g, ""),
    },
  }),
  addMenuItems: () => {},
  addKeyboardShortcuts: () => ({}),
}).configure({
  HTMLAttributes: { target: null, rel: null, class: null },
  openOnClick: false,
  defaultProtocol: "https",
  isAllowedUri: isAllowedHref,
});

/** A header cell says whether it heads its column (first row) or its row. */
const Scopes = Extension.create({
  name: "scopes",
  addProseMirrorPlugins: () => [
    new pm.state.Plugin({
      appendTransaction(transactions, _old, state) {
        if (!transactions.some((tr) => tr.docChanged && !tr.getMeta("foreign"))) return null;
        const { tr } = state;
        state.doc.descendants((table, at) => {
          if (table.type.name !== "table") return !table.isTextblock;
          table.forEach((row, rowAt, index) =>
            row.forEach((cell, cellAt) => {
              if (cell.type.name !== "tableHeader" || cell.attrs.scope) return;
              tr.setNodeAttribute(at + rowAt + cellAt + 2, "scope", index === 0 ? "col" : "row");
            }),
          );
          return false;
        });
        return tr.docChanged ? tr : null;
      },
    }),
  ],
});

/** The nodes and marks, and what belongs to them. */
export const content = [
  Document,
  Text,
  Line,
  HardBreak.extend({ renderHTML: () => ["br"] }),
  Address,
  Bold.extend({ ...plain, parseHTML: () => [{ tag: "strong" }, { tag: "b" }] }),
  Italic.extend({ ...plain, parseHTML: () => [{ tag: "em" }, { tag: "i" }] }),
  Bullets,
  NumberedList,
  Item,
  PlainTable.configure({ resizable: false }),
  TableRow,
  HeaderCell,
  Cell,
  Scopes,
  Gapcursor,
  UndoRedo.configure({ newGroupDelay: 400 }),
];

/** Tag → names of its attributes, as this schema writes them: what the server must let stand. */
export function describe() {
  const schema = getSchema(content);
  const tags = {};
  const note = (spec) => {
    if (!Array.isArray(spec)) return;
    const [tag, ...rest] = spec;
    tags[tag] ??= new Set();
    for (const part of rest) {
      if (Array.isArray(part)) note(part);
      else if (part && typeof part === "object")
        for (const [name, value] of Object.entries(part)) if (value != null) tags[tag].add(name);
    }
  };
  // Every attribute once with a value that differs from its default, so that it is written.
  const values = {
    line: "aaaaaaaaaaaaaaa",
    lang: "sv",
    type: "a",
    start: 2,
    href: "https://example.org/",
    colspan: 2,
    rowspan: 2,
    scope: "col",
  };
  const filled = (type) =>
    Object.fromEntries(Object.keys(type.spec.attrs || {}).map((name) => [name, values[name]]));
  for (const type of Object.values(schema.nodes))
    if (type.spec.toDOM && !type.isText) note(type.spec.toDOM(type.create(filled(type))));
  for (const type of Object.values(schema.marks))
    note(type.spec.toDOM(type.create(filled(type)), true));
  return Object.fromEntries(Object.entries(tags).map(([tag, names]) => [tag, [...names].sort()]));
}

/** The HTML of a document, as it is saved. */
export function toHTML(doc) {
  const box = document.createElement("div");
  box.append(pm.model.DOMSerializer.fromSchema(doc.type.schema).serializeFragment(doc.content));
  return box.innerHTML;
}

/** The document of saved HTML. White space inside lines is kept as it is; between them it is air. */
export function fromHTML(html, schema) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const walker = document.createTreeWalker(template.content, NodeFilter.SHOW_TEXT);
  const air = [];
  while (walker.nextNode())
    if (!walker.currentNode.parentElement?.closest("p")) air.push(walker.currentNode);
  for (const node of air) if (!node.data.trim()) node.remove();
  const parser = pm.model.DOMParser.fromSchema(schema);
  return parser.parse(template.content, { preserveWhitespace: "full" });
}
