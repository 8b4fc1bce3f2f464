// What axe does not measure, on the page as it is now. Returns a complaint for each thing found.
// The last thing pressed must be a key, so that a focus set here is shown as the keyboard's.
() => {
    const found = [];
    const all = [...document.body.querySelectorAll("*")];
    const seen = (element) =>
        element.checkVisibility({ visibilityProperty: true }) &&
        element.getBoundingClientRect().width > 1;
    const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 140)}`);

    if (!document.documentElement.lang) found.push("no language");
    const headings = [...document.querySelectorAll("h1:not([aria-level])")].filter(seen);
    if (headings.length !== 1) found.push(`${headings.length} main headings`);

    // Axe lets a small target pass where there is room around it; a control is never small.
    for (const control of document.querySelectorAll("button, .btn, summary, input, select, .site-nav a, .pages a, .tabs a")) {
        const { width, height } = control.getBoundingClientRect();
        const small = Math.min(width, height) < 23.5 && !control.matches("[type=hidden]");
        if (small && seen(control) && !control.labels?.length) say("small target", control);
    }

    // Asked for less motion, nothing moves.
    const seconds = (times) => Math.max(...times.split(",").map(parseFloat));
    for (const element of all) {
        for (const part of [undefined, "::before", "::after"]) {
            const style = getComputedStyle(element, part);
            const animated = style.animationName !== "none" && seconds(style.animationDuration) > 0.01;
            if (animated || seconds(style.transitionDuration) > 0.01) say("moves", element);
        }
    }

    // Each kind of thing that takes focus shows that it has it, and nothing covers it.
    const looks = (element) =>
        [element, element.parentElement, element.nextElementSibling, ...(element.labels ?? [])]
            .filter(Boolean)
            .map((one) => {
                const s = getComputedStyle(one);
                return s.outline + s.boxShadow + s.borderColor + s.backgroundColor + s.textDecoration;
            })
            .join();
    const kinds = new Set();
    document.activeElement?.blur();
    for (const element of document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, [tabindex='0'], [contenteditable=true]",
    )) {
        const kind = element.tagName + element.type + element.className + element.parentElement.className;
        if (kinds.has(kind) || element.disabled || !element.checkVisibility()) continue;
        kinds.add(kind);
        const before = looks(element);
        element.focus();
        if (document.activeElement !== element) continue;
        if (looks(element) === before) say("focus is not shown", element);
        const box = element.getBoundingClientRect();
        const xs = [box.left + 2, (box.left + box.right) / 2, box.right - 2];
        const ys = [box.top + 2, (box.top + box.bottom) / 2, box.bottom - 2];
        const on = xs.flatMap((x) => ys.map((y) => document.elementFromPoint(x, y))).filter(Boolean);
        const own = (hit) => element.contains(hit) || hit.contains(element) || hit.closest("label");
        if (seen(element) && !on.some(own)) say("covered or out of sight when focused", element);
        element.blur();
    }
    scrollTo(0, 0);
    return found;
}
