// The workspace beside its editors: verbs that touch only their own part of the page, attendance by
// taps, headings renamed in place, an item's panel in a dialog, the two rails as tabs.
//
// Every form works without this file too. With it, a form marked data-live is sent by fetch, and the
// answer names the parts to put in place; an item's text, where someone may be typing, is never one.

const page = document.querySelector("[data-workspace]");
const items = document.querySelector("#items");
const dialog = document.querySelector("[data-dialog]");
const strings = JSON.parse(document.querySelector("#strings").textContent);
const wide = matchMedia("(min-width: 68.75em)");

function gettext(msgid) {
  return strings[msgid] ?? msgid;
}
window.gettext ??= gettext; // the editor asks for it when it loads

// -- Sending ---------------------------------------------------------------------------------------

/** Send a form's fields and put the answer in place; what fails is said, and nothing is lost. */
async function send(url, body, { fromDialog = false } = {}) {
  let answer;
  try {
    answer = await fetch(url, {
      method: body ? "POST" : "GET",
      body,
      headers: {
        Accept: "application/json",
        "X-CSRFToken": page.dataset.csrf,
        ...(fromDialog && { "X-From": "dialog" }),
      },
    });
  } catch {
    say(gettext("No connection. Nothing was changed; try again."));
    return null;
  }
  if (answer.status === 401) {
    say(gettext("Your login has expired. Log in again, and continue here."));
    return null;
  }
  const parts = await answer.json().catch(() => ({ error: "" }));
  if (!answer.ok) {
    return { error: parts.error || gettext("Something went wrong. Nothing was changed.") };
  }
  put(parts);
  return parts;
}

// What sticks below the head must know how high it is, which its words decide.
new ResizeObserver(([{ target }]) =>
  page.querySelector(".workspace").style.setProperty("--head", `${target.offsetHeight}px`),
).observe(document.querySelector(".workspace-head"));

const toast = document.querySelector("[data-toast]");
let toastTimer;

function say(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    toast.hidden = true;
  }, 8000);
}

// -- Putting parts in place ------------------------------------------------------------------------

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

const numberOf = (row) => row.querySelector(".item-number").textContent;
const sectionOf = (id) => document.querySelector(`#item-${id}`);

function put(parts) {
  for (const { item, html } of [parts.section ?? [], parts.sections ?? []].flat()) {
    if (!sectionOf(item)) {
      items.prepend(fragment(html));
      sectionOf(item).dispatchEvent(new CustomEvent("item:added", { bubbles: true }));
    }
  }
  if (parts.head) {
    sectionOf(parts.head.item)
      ?.querySelector("[data-head]")
      .replaceWith(fragment(parts.head.html));
  }
  for (const { item, html } of parts.heads ?? []) {
    const head = sectionOf(item)?.querySelector("[data-head]");
    // Not under the hands of who renames it.
    if (head && !head.querySelector("input")) {
      const isFocused = head.contains(document.activeElement);
      head.replaceWith(fragment(html));
      if (isFocused) {
        sectionOf(item).querySelector("[data-head] [data-rename]")?.focus();
      }
    }
  }
  if (parts.rail !== undefined) {
    document.querySelector("#rail").replaceWith(fragment(parts.rail));
    arrange();
    markCurrent();
  }
  if (parts.notice !== undefined) {
    document.querySelector("#notice").innerHTML = parts.notice;
  }
  if (parts.headcount !== undefined) {
    document.querySelector("[data-headcount]").innerHTML = parts.headcount;
  }
  if (parts.people !== undefined) {
    document.querySelector("[data-people]").innerHTML = parts.people;
  }
  if (parts.dialog !== undefined) {
    dialog.replaceChildren(fragment(parts.dialog));
  }
  if (parts.close) {
    dialog.close();
  }
}

/** Give the items the order, numbers and levels of the agenda, without moving the one being written. */
function arrange() {
  const rows = [...document.querySelectorAll("#rail [data-item]")];
  const wanted = rows.map((row) => sectionOf(row.dataset.item)).filter(Boolean);
  for (const section of items.querySelectorAll(":scope > .item")) {
    if (!wanted.includes(section)) {
      const leaving = new CustomEvent("item:removed", { bubbles: true, cancelable: true });
      if (section.dispatchEvent(leaving)) section.remove();
    }
  }
  const still = Math.max(
    wanted.findIndex((section) => section.contains(document.activeElement)),
    0,
  );
  for (let place = still - 1; place >= 0; place -= 1) {
    if (wanted[place].nextElementSibling !== wanted[place + 1]) {
      wanted[place + 1].before(wanted[place]);
    }
  }
  for (let place = still + 1; place < wanted.length; place += 1) {
    if (wanted[place - 1].nextElementSibling !== wanted[place]) {
      wanted[place - 1].after(wanted[place]);
    }
  }
  for (const row of rows) {
    const section = sectionOf(row.dataset.item);
    section.dataset.depth = row.dataset.depth;
    section.querySelector(".item-number").textContent = numberOf(row);
  }
}

// -- What others do --------------------------------------------------------------------------------

page.addEventListener("meeting:changed", () => {
  const known = [...items.querySelectorAll("section[data-item]")].map((one) => one.dataset.item);
  send(`${items.dataset.base}parts/?known=${known.join()}`);
});

page.addEventListener("meeting:closed", () => {
  say(gettext("The meeting has moved on meanwhile. Reload the page to see how it stands."));
});

// -- Forms and taps --------------------------------------------------------------------------------

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!(form.matches("[data-live]") || button?.matches("[data-live]"))) {
    return;
  }
  event.preventDefault();
  const url = button?.getAttribute("formaction") ?? form.action;
  const answer = await send(url, new FormData(form, button), {
    fromDialog: dialog.contains(form),
  });
  if (answer && form.matches("[data-add]")) {
    form.querySelector("[data-error]").textContent = answer.error ?? "";
    if (!answer.error) {
      form.reset();
      if (answer.section) {
        document.querySelector("#rail").lastElementChild.scrollIntoView({ block: "nearest" });
      }
    }
  } else if (answer?.error) {
    say(answer.error);
  } else if (answer?.dialog && button?.name === "direction") {
    dialog.querySelector(`[name=direction][value=${button.value}]`)?.focus();
  }
});

document.addEventListener("change", async ({ target }) => {
  const form = target.closest("[data-attendance]");
  if (!form) {
    return;
  }
  const body = new FormData();
  body.set(target.name, target.value);
  const before = form.querySelector(`[name="${target.name}"][checked]`);
  const answer = await send(form.action, body);
  if (!answer || answer.error) {
    // What is shown is what is saved.
    target.checked = false;
    if (before) {
      before.checked = true;
    }
    if (answer) {
      say(answer.error);
    }
    return;
  }
  before?.removeAttribute("checked");
  target.setAttribute("checked", "");
});

// -- Headings, renamed in place --------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const name = event.target.closest("[data-rename]");
  if (name && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    if (!name.querySelector("input")) {
      rename(name);
    }
  }
});

function rename(name) {
  const old = name.textContent;
  const place = name.cloneNode(false); // an input inside a link is no input to a screen reader
  const box = document.createElement("span");
  const input = document.createElement("input");
  box.className = name.className;
  input.value = old;
  input.maxLength = 300;
  input.setAttribute("aria-label", gettext("Heading of the item"));
  box.append(input);
  name.replaceWith(box);
  input.focus();
  input.select();
  let over = false;

  const finish = async (save) => {
    if (over) {
      return;
    }
    const title = input.value.trim();
    over = true;
    if (save && title && title !== old) {
      const body = new FormData();
      body.set("title", title);
      const section = box.closest("[data-item]");
      const answer = await send(`${items.dataset.base}items/${section.dataset.item}/rename/`, body);
      if (answer && !answer.error) {
        return;
      }
      if (answer) {
        say(answer.error);
      }
      over = false; // the words stay in the box, to be tried again
      return;
    }
    place.textContent = old;
    box.replaceWith(place);
  };
  input.addEventListener("blur", () => finish(true));
  input.addEventListener("keydown", async (event) => {
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      const id = box.closest("[data-item]").dataset.item;
      await finish(event.key === "Enter");
      sectionOf(id)?.querySelector("[data-rename]")?.focus();
    }
  });
}

// -- An item's panel -------------------------------------------------------------------------------

document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-open-item]");
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const answer = await send(opener.href);
    if (answer?.error) {
      say(answer.error);
    } else if (answer) {
      dialog.showModal();
    }
  } else if (event.target === dialog || event.target.closest("[data-close]")) {
    dialog.close();
  }
});

// -- The agenda: which item one is at, and moving it -----------------------------------------------

const mover = document.querySelector("[data-move]");
let current = null;

function setCurrent(id) {
  if (id !== current) {
    current = id;
    markCurrent();
  }
}

function markCurrent() {
  const row = document.querySelector(`#rail [data-item="${current}"]`);
  for (const link of document.querySelectorAll("#rail a[aria-current]")) {
    link.removeAttribute("aria-current");
  }
  const link = row?.querySelector("a");
  link?.setAttribute("aria-current", "true");
  if (link && wide.matches) {
    const panel = document.querySelector("#agenda");
    const seen = panel.getBoundingClientRect();
    const place = link.getBoundingClientRect();
    if (place.top < seen.top || place.bottom > seen.bottom - 120) {
      panel.scrollTop += place.top - seen.top - seen.height / 2;
    }
  }
  if (mover) {
    mover.toggleAttribute("data-idle", !row);
    mover.querySelector("[data-move-number]").textContent = row ? numberOf(row) : "";
  }
}

document.addEventListener("focusin", ({ target }) => {
  const owner = target.closest("[data-item]");
  if (owner) {
    setCurrent(owner.dataset.item);
  }
});
document.querySelector("#agenda").addEventListener("click", ({ target }) => {
  const row = target.closest("[data-item]");
  if (row) {
    setCurrent(row.dataset.item);
    if (!wide.matches) {
      openTab(null);
    }
  }
});
mover?.addEventListener("click", async ({ target }) => {
  if (target.value && current) {
    const body = new FormData();
    body.set("direction", target.value);
    const answer = await send(`${items.dataset.base}items/${current}/move/`, body);
    if (answer?.error) {
      say(answer.error);
    }
  }
});

// An item that has text has a dot in the agenda; the editor says when it was saved.
document.addEventListener("item:saved", ({ target, detail }) => {
  const link = document.querySelector(`#rail [data-item="${target.dataset.item}"] a`);
  const dot = link?.querySelector(".written");
  if (detail.isEmpty) {
    dot?.remove();
  } else if (link && !dot) {
    const made = document.createElement("span");
    made.className = "written";
    made.title = gettext("Has text");
    link.append(made);
  }
});

// -- Tabs on a small screen ------------------------------------------------------------------------

const tabs = document.querySelectorAll("[data-tab]");

function openTab(wanted) {
  for (const tab of tabs) {
    const open = tab.dataset.tab === wanted;
    tab.setAttribute("aria-expanded", open);
    document.getElementById(tab.dataset.tab).classList.toggle("open", open);
  }
}

for (const tab of tabs) {
  tab.setAttribute("role", "button");
  tab.setAttribute("aria-expanded", "false");
  tab.setAttribute("aria-controls", tab.dataset.tab);
  tab.addEventListener("click", (event) => {
    event.preventDefault();
    openTab(tab.getAttribute("aria-expanded") === "true" ? null : tab.dataset.tab);
  });
  tab.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      tab.click();
    }
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("[data-tab][aria-expanded=true]");
    openTab(null);
    open?.focus();
    document.querySelector("[data-menu][open] summary")?.click();
  }
});
document.addEventListener("click", ({ target }) => {
  const menu = document.querySelector("[data-menu][open]");
  if (menu && !menu.contains(target)) {
    menu.open = false;
  }
});

// -- Arriving at a line (?line=…), from the remarks ------------------------------------------------

const line = new URLSearchParams(location.search).get("line");
if (line) {
  const block = document.querySelector(`[data-line="${CSS.escape(line)}"]`);
  block?.classList.add("line-found");
  block?.scrollIntoView({ block: "center" });
} else if (location.hash === "#people" && !wide.matches) {
  openTab("people");
}
if (/^#item-\d+$/.test(location.hash)) {
  setCurrent(location.hash.slice(6));
}
