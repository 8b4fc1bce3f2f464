// Making and using passkeys: the one part of getting in that needs a script.
//
// A form with data-passkey="create" or "get" has its hidden field `credential` filled by the browser
// before it is sent. What the browser needs to know stands in the JSON script that
// data-passkey-options names; without that name it is fetched from the form's own address.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const toText = (buffer) =>
  buffer &&
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const withBytes = (list = []) => list.map((one) => ({ ...one, id: toBytes(one.id) }));

async function options(form) {
  const name = form.dataset.passkeyOptions;
  if (name) return JSON.parse(document.getElementById(name).textContent).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).request_options.publicKey;
}

async function create(known) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...known,
      challenge: toBytes(known.challenge),
      user: { ...known.user, id: toBytes(known.user.id) },
      excludeCredentials: withBytes(known.excludeCredentials),
    },
  });
  return asJSON(made, {
    attestationObject: toText(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function get(known) {
  const used = await navigator.credentials.get({
    publicKey: {
      ...known,
      challenge: toBytes(known.challenge),
      allowCredentials: withBytes(known.allowCredentials),
    },
  });
  return asJSON(used, {
    authenticatorData: toText(used.response.authenticatorData),
    signature: toText(used.response.signature),
    userHandle: toText(used.response.userHandle),
  });
}

function asJSON(credential, response) {
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
  };
}

const isWanted = (form) => !form.elements.way || form.elements.way.value === "passkey";

function enable(form) {
  const failure = form.querySelector("[data-passkey-failure]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (!isWanted(form)) return;
    event.preventDefault();
    failure.hidden = true;
    try {
      const known = await options(form);
      const credential = await (form.dataset.passkey === "create" ? create : get)(known);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      // Mostly the person has changed their mind; else the browser has said what is wrong.
      failure.hidden = false;
    }
  });
}

// Of a form with several ways, those that belong to one of them are shown with it only.
function follow(form) {
  const parts = form.querySelectorAll("[data-when-way]");
  const show = () => {
    for (const part of parts) part.hidden = part.dataset.whenWay !== form.elements.way.value;
  };
  form.addEventListener("change", show);
  show();
}

// A browser without passkeys offers the other ways only.
function drop(form) {
  const choice = form.querySelector('[name="way"][value="passkey"]');
  if (!choice) return;
  const others = [...form.querySelectorAll('[name="way"]')].filter((one) => one !== choice);
  if (choice.checked) others.at(-1).checked = true;
  choice.closest("[data-way]").hidden = true;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (window.PublicKeyCredential) enable(form);
  else drop(form);
  if (form.elements.way) follow(form);
}
