// Reads the lists below `root` as they are shown: [{level, marker, text}], in reading order.
// Level is the depth of nesting, marker what the style sheet says (browsers don't tell it as text),
// text the item's own, without its inner lists and without what is said about its marks.
(root) => {
  const alphabet = (number) =>
    number > 0
      ? alphabet(Math.floor((number - 1) / 26)) + String.fromCharCode(97 + ((number - 1) % 26))
      : "";
  const roman = (number) =>
    [[10, "x"], [9, "ix"], [5, "v"], [4, "iv"], [1, "i"]].reduce((text, [value, sign]) => {
      for (; number >= value; number -= value) text += sign;
      return text;
    }, "");
  const numerals = { decimal: String, "lower-alpha": alphabet, "lower-roman": roman };

  const marker = (item) => {
    const style = getComputedStyle(item).listStyleType;
    const sign = style.match(/^"(.*)"$/);
    if (sign) return sign[1].trim();
    const list = item.parentElement;
    const place = [...list.children].filter((child) => child.matches("li")).indexOf(item);
    if (!(style in numerals)) throw new Error(`unexpected list style: ${style}`);
    return numerals[style]((list.start ?? 1) + place) + ".";
  };
  const level = (item) => {
    let depth = 0;
    for (let at = item.parentElement; at && at !== root.parentElement; at = at.parentElement)
      if (at.matches("ul, ol")) depth += 1;
    return depth;
  };
  const text = (item) => {
    const copy = item.cloneNode(true);
    copy
      .querySelectorAll("ul, ol, .mark-label, .mark-facts, .ProseMirror-widget")
      .forEach((other) => other.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  return [...root.querySelectorAll("li")].map((item) => ({
    level: level(item),
    marker: marker(item),
    text: text(item),
  }));
}
