// Passkeys. One script for signing in (a button, and autofill in the name field), for the second step, for
// confirming again and for making a new one. Words come from the page; the server decides everything.

const box = document.querySelector("[data-passkey]");
const part = (name) => box.querySelector(`[data-part=${name}]`);
const creating = box.dataset.passkey === "create";

// ---- what travels: JSON with base64url, natively where the browser can ------------------------

const toBytes = (text) => {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
};
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const readOptions = (json) => {
  const native = creating ? PublicKeyCredential.parseCreationOptionsFromJSON : PublicKeyCredential.parseRequestOptionsFromJSON;
  if (native) return native.call(PublicKeyCredential, json);
  const list = (items) => (items ?? []).map((item) => ({ ...item, id: toBytes(item.id) }));
  const options = { ...json, challenge: toBytes(json.challenge) };
  if (creating) {
    options.user = { ...json.user, id: toBytes(json.user.id) };
    options.excludeCredentials = list(json.excludeCredentials);
  } else {
    options.allowCredentials = list(json.allowCredentials);
  }
  return options;
};

const writeAnswer = (credential) => {
  if (credential.toJSON) return credential.toJSON();
  const { response } = credential;
  const answer = { clientDataJSON: toText(response.clientDataJSON) };
  if (creating) {
    answer.attestationObject = toText(response.attestationObject);
    answer.transports = response.getTransports?.() ?? [];
  } else {
    answer.authenticatorData = toText(response.authenticatorData);
    answer.signature = toText(response.signature);
    answer.userHandle = response.userHandle?.byteLength ? toText(response.userHandle) : null;
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: answer,
  };
};

const post = async (address, body) => {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept": "application/json", "X-Form-Token": box.dataset.token },
    body: JSON.stringify(body),
  });
  return answer.json();
};

// ---- what the person sees ---------------------------------------------------------------------

const say = (words) => { part("words").textContent = words; };

const show = (waiting) => {
  part("start").hidden = waiting;
  part("cancel").hidden = !waiting;
};

const wordsFor = (error) => {
  if (!navigator.onLine) return box.dataset.offline;
  if (error.name === "NotAllowedError" || error.name === "AbortError") return box.dataset.cancelled;
  if (error.name === "InvalidStateError" && creating) return box.dataset.exists;
  if (error.name === "SecurityError") return box.dataset.refused;
  return box.dataset.trouble;
};

// The server's answer: go on, or show its words. Only our own paths are followed.
const follow = (answer) => {
  if (answer.next?.startsWith("/") && !answer.next.startsWith("//")) {
    location.assign(answer.next);
    return true;
  }
  say(answer.message ?? box.dataset.trouble);
  return false;
};

// ---- the ceremony -----------------------------------------------------------------------------

let running = null; // the AbortController of the request the browser holds, if any

const ceremony = async (mediation) => {
  running?.abort();
  const mine = running = new AbortController();
  const begun = await post(box.dataset.start, {});
  if (!begun.publicKey) return follow(begun);
  const request = { publicKey: readOptions(begun.publicKey), signal: mine.signal };
  if (mine.signal.aborted) throw mine.signal.reason;
  const credential = creating
    ? await navigator.credentials.create(request)
    : await navigator.credentials.get(mediation ? { ...request, mediation } : request);
  running = null;
  show(false);
  part("start").setAttribute("aria-disabled", "true");
  say(box.dataset.checking);
  const gone = follow(await post(box.dataset.finish, writeAnswer(credential)));
  if (!gone) part("start").removeAttribute("aria-disabled");
  return gone;
};

const byButton = async () => {
  if (part("start").getAttribute("aria-disabled")) return;
  say(box.dataset.waiting);
  show(true);
  part("cancel").focus();
  try {
    if (await ceremony()) return;
  } catch (error) {
    say(wordsFor(error));
    part("start").removeAttribute("aria-disabled");
  }
  show(false);
  part("start").focus();
  offerInField();
};

// Autofill: the browser offers passkeys in the name field. Never a dialog by itself. The server forgets a
// challenge after five minutes, so a new one is asked for before that, while the page is looked at.
let renewal = 0;
const offerInField = async () => {
  if (!("autofill" in box.dataset)) return;
  clearTimeout(renewal);
  try {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    renewal = setTimeout(() => {
      if (document.visibilityState === "visible") offerInField();
      else document.addEventListener("visibilitychange", offerInField, { once: true });
    }, 4 * 60 * 1000);
    await ceremony("conditional");
  } catch (error) {
    // Aborted by the button, or closed by the person: the form is still there.
    if (error.name !== "AbortError" && error.name !== "NotAllowedError") say("");
  }
};

if (window.PublicKeyCredential && navigator.credentials) {
  box.dataset.usable = "";
  show(false);
  part("start").addEventListener("click", byButton);
  part("cancel").addEventListener("click", () => running?.abort());
  offerInField();
} else {
  say(box.dataset.unsupported);
}
