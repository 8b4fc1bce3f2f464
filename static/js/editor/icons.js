/** The toolbar's pictures: 20 × 20 strokes in the colour of the text. */

const shapes = {
  bold: "M6 4h5a3 3 0 0 1 0 6H6zM6 10h6a3 3 0 0 1 0 6H6z",
  italic: "M9 4h6M5 16h6M12 4 8 16",
  link: "M8.5 11.5a3.5 3.5 0 0 0 5 0l2-2a3.5 3.5 0 0 0-5-5l-1 1M11.5 8.5a3.5 3.5 0 0 0-5 0l-2 2a3.5 3.5 0 0 0 5 5l1-1",
  bullet: "M8 5h9M8 10h9M8 15h9M3.5 5h.01M3.5 10h.01M3.5 15h.01",
  indent: "M3 4h14M10 8h7M10 12h7M3 16h14M3 7.5 6 10l-3 2.5",
  outdent: "M3 4h14M10 8h7M10 12h7M3 16h14M6 7.5 3 10l3 2.5",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M8 4v12M13 4v12",
  undo: "M7 5 3 9l4 4M3 9h9a4 4 0 0 1 0 8h-2",
  redo: "m13 5 4 4-4 4M17 9H8a4 4 0 0 0 0 8h2",
};
// The three numbered lists differ by their signs, as they do in the text.
const signs = { number: ["1", "2", "3"], letter: ["a", "b", "c"], roman: ["i", "ii", "iii"] };

const NS = "http://www.w3.org/2000/svg";

function element(tag, attributes, text) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

export function icon(name) {
  const svg = element("svg", {
    viewBox: "0 0 20 20",
    width: 20,
    height: 20,
    "aria-hidden": "true",
  });
  const d = signs[name] ? "M9 5h8M9 10h8M9 15h8" : shapes[name];
  svg.append(
    element("path", {
      d,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 1.6,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    }),
  );
  for (const [row, sign] of (signs[name] ?? []).entries())
    svg.append(
      element(
        "text",
        { x: 6, y: 7 + 5 * row, "text-anchor": "end", "font-size": 6, fill: "currentColor" },
        sign,
      ),
    );
  return svg;
}
