// The page as wide as the window now is: nothing scrolls sideways but what says so.
() => {
    const found = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth) {
        const wide = [...document.body.querySelectorAll("*")].filter(
            (element) =>
                element.checkVisibility() &&
                element.getBoundingClientRect().right > innerWidth + 1 &&
                !element.parentElement.closest(".scrolls, [tabindex]:not(main)"),
        );
        const first = wide.slice(0, 2).map((element) => element.outerHTML.slice(0, 140));
        found.push(`${root.scrollWidth} px wide in ${innerWidth}: ${first.join(" ")}`);
    }
    for (const element of document.body.querySelectorAll("*")) {
        if (element.scrollWidth <= element.clientWidth + 1 || !element.checkVisibility()) continue;
        if (!["auto", "scroll"].includes(getComputedStyle(element).overflowX)) continue;
        if (element.matches("textarea, select, input")) continue;
        const named = element.matches("[aria-label], [aria-labelledby]");
        if (!named || !element.matches("[tabindex='0'], [contenteditable]")) {
            found.push(`scrolls without a name or focus: ${element.outerHTML.slice(0, 140)}`);
        }
    }
    return found;
}
